"""What the scenarios share: what a desk decides, what happens by itself, who else is there, what the timeline says."""

from datetime import datetime

from liandong.actions import handle, reply, together
from liandong.jobs.deadlines import Deadlines
from liandong.packs.opened import opened
from liandong.records.models import Desk, Event, Matter, Order, PackRelease, Reply, Unit
from liandong.rules.access import Actor
from liandong.rules.decision import Decision
from liandong.rules.routing import decide
from liandong.triage import read
from tests.cast import SHANGHAI, Cast


def decided(cast: Cast, at_desk: str, said: str, *, district: str = "", answers: dict | None = None) -> Decision:
    """What the desk's screen proposes for these words now."""
    release = PackRelease.objects.in_force(at_desk.split(":")[1][:4] + "00", cast.clock.now.date())
    pack = opened(release)
    return decide(read(said, pack, district=district), pack=pack, at_desk=pack.row(at_desk), answers=answers or {},
                  place_district=district, now=cast.clock.now)  # fmt: skip


def time_passes(cast: Cast, **span: float) -> None:
    """Let time pass, and what is due by then happen by itself."""
    cast.clock.on(**span)
    Deadlines().sweep(cast.clock.now)


def at(cast: Cast, month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """Begin the scenario at another hour."""
    cast.clock.now = datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
    return cast.clock.now


def kinds(matter: Matter) -> list[str]:
    """The timeline, as kinds in order."""
    return list(Event.objects.filter(matter=matter).order_by("seq").values_list("kind", flat=True))


def in_order(matter: Matter, *wanted: str) -> bool:
    """Whether these kinds stand on the timeline in this order, others between them."""
    told = iter(kinds(matter))
    return all(kind in told for kind in wanted)


def police(cast: Cast, district: str, role: str = "dispatcher") -> Actor:
    """A dispatcher of another county's 110."""
    return Actor(role=role, person=cast.bai.person, desk=f"110:{district}", seat_no="05", city="532300")


def duty(cast: Cast, city: str = "532300") -> Actor:
    return Actor(role="duty_officer", person=cast.gao.person, desk=f"duty:{city}", work_no="9001", city=city)


def clerk(cast: Cast, unit: str) -> Actor:
    return Actor(role="clerk", person=cast.duan.person, unit=unit, work_no="U9", city=Unit.objects.get(code=unit).city)


def desk(code: str) -> Desk:
    return Desk.objects.get(code=code)


def assign(cast: Cast, matter: Matter, unit: str, *, by: Actor, **more) -> Order:
    return cast.act(handle.assign, matter, Unit.objects.get(code=unit), by=by, **more)


def does(cast: Cast, order: Order, findings: str, answer: str) -> Order:
    """The unit signs, reaches the person, and resolves."""
    by = clerk(cast, order.unit.code)
    order.refresh_from_db()
    if order.state == "assigned":
        cast.act(handle.sign, order, by=by)
    cast.act(handle.contact, order, "电话打通，约在现场见面", by=by)
    return cast.act(handle.resolve, order, findings, answer, by=by)


def told(cast: Cast, matter: Matter, answer: str, *, by: Actor, outcome: str = "", how: str = "phone") -> Matter:
    """The person is told, asked three days later, and content: archived."""
    cast.act(reply.tell, matter, answer, outcome, by=by, how=how)
    cast.clock.on(days=1)
    cast.act(reply.follow_up, matter, by=by, reached=True, solved=True, satisfied="satisfied")
    return fresh(matter)


def told_as_one(cast: Cast, part: Matter, answer: str, *, by: Actor, outcome: str = "") -> Matter:
    """The last part of a call is handed in; the person hears of all of them, is asked the next day, and is content."""
    cast.act(together.ready, part, answer, outcome, by=by)
    row = cast.act(together.tell, Reply.objects.get(matter=part.part_of_id or part.pk, state="due"), by=by)
    cast.clock.on(days=1)
    asked = row.parts.filter(under_way=False, part__state="answered").values_list("part", flat=True)
    cast.act(together.follow_up, row, {str(pk): (True, "satisfied") for pk in asked}, by=by)
    return fresh(part)


def fresh(matter: Matter) -> Matter:
    return Matter.objects.select_related("holder", "first_receiver", "contact").get(pk=matter.pk)
