"""What stands still in a city: danger not lowered, late orders, desks and processes nobody hears from. By heading only:
number, place, where it stands. A secret matter is not among them; its danger is, by nothing but the desk that has it:
danger is never kept from those who must see that people are sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.utils.translation import gettext

from liandong.packs.opened import opened
from liandong.queries.desk.parts import local
from liandong.queries.first import First
from liandong.queries.office import duty_here
from liandong.queries.sight import NotFound
from liandong.records.models import Demand, Desk, Dispatch, Heartbeat, Informing, Matter, Order, Seat, Transfer
from liandong.records.models.handling import REPORTED
from liandong.rules import access, flows, reminders
from liandong.rules.access import Actor
from liandong.rules.presence import SILENT
from liandong.triage import read

SECRET = "保密事项"
PROCESSES = {"worker": "到时提醒", "switch": "总机", "pbx": "电话交换机", "live": "即时通知", "web": "页面"}


@dataclass(frozen=True, slots=True)
class InDanger:
    """A danger nobody has lowered. `means`: what it is, in the words of who raised it last; `words`: what the caller said
    that stands for it, for the desk's own leader alone: who looks over a city sees headings. `crew` of 110 that went last,
    and its state; `due_at` of its next report. While 110 is asked and nobody is on the way, `waits` names the desk that is
    asked, `times` says how often that went up since, and `due_at` when it goes up again.
    Without a `number` it is a secret matter's: there is no page to open."""

    id: UUID
    number: str
    title: str
    place: str
    means: str
    words: tuple[str, ...]
    since: datetime
    holder: str
    crew: str
    crew_state: str
    crew_desk: str
    due_at: datetime | None
    told: "ToldHere | None" = None
    waits: str = ""
    times: int = 0
    crew_out: bool = False
    extension: str = ""  # of the first telephone at 110's desk that is asked, or whose crew went last


@dataclass(frozen=True, slots=True)
class ToldHere:
    """A desk told the viewer's duty office of it: who and when, and whether somebody there had it on the screen."""

    id: UUID
    by: str
    seat: str
    at: datetime
    seen_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Late:
    """An order past its promise. `unsigned`: not even signed in time; `due_at` is what has run out; `phone` of the unit, and
    whom to ask for, "" where nobody wrote them down."""

    id: UUID
    matter: UUID
    number: str
    title: str
    place: str
    unit: str
    desk: str
    unsigned: bool
    due_at: datetime
    reminded: int
    supervised: bool
    phone: str = ""
    contact: str = ""
    reported: "Reported | None" = None
    reportable: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """Who told the duty office that it is late, a desk with its seat or the unit itself, and when."""

    by: str
    seat: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Down:
    """A desk whose seats are all silent, or a process of this node. `waiting`: offers on their way to it; `extension` of its first
    telephone, "" where none is known."""

    name: str
    what: str
    since: datetime | None
    waiting: int
    extension: str = ""


def in_danger(viewer: Actor, *, desk: str = "", most: int = 20) -> First[InDanger]:
    """Dangers not lowered, the oldest first, of the whole city or of one desk's; after them what the viewer's office was told
    of beside, however many there are."""
    rows = _of(viewer, desk).exclude(state="archived").select_related("holder", "pack").defer("pack__files")
    first = First.of(rows.filter(danger="raised").order_by("danger_at")[: most + 1], most)
    told = {} if desk else _told(viewer)
    found = [*first, *rows.filter(pk__in=told.keys() - {m.pk for m in first}).order_by("danger_at", "pk")]
    crews: dict[UUID, Dispatch] = {}
    sent = Dispatch.objects.filter(matter__in=[m.pk for m in found]).exclude(state="cancelled").select_related("desk")
    sent = sent.annotate(extension=_telephone("desk"))
    for crew in sent.order_by("sent_at"):
        crews[crew.matter_id] = crew
    raised = Demand.objects.filter(matter__in=[m.pk for m in found]).select_related("desk").order_by("opened_at")
    raised = raised.annotate(extension=_telephone("desk"))
    last = {d.matter_id: d for d in raised}
    open_ones = {d.matter_id: d for d in raised if d.state == "open"}
    shown = First(_danger(m, crews.get(m.pk), last[m.pk].means if m.pk in last else "", _words(m) if desk else (),
                          told.get(m.pk), open_ones.get(m.pk), sealed=m.secret and not desk) for m in found)  # fmt: skip
    shown.more = first.more
    return shown


def _told(viewer: Actor) -> dict[UUID, ToldHere]:
    """What the viewer's duty office was told of, by matter, while the danger stands or a crew is out."""
    crews = Dispatch.objects.filter(matter=OuterRef("matter"), state__in=flows.waiting("dispatch"))
    goes_on = Q(state="told") | Q(matter__danger="raised") | Exists(crews)
    rows = (
        Informing.objects.filter(goes_on, desk__code=viewer.desk or "-").exclude(state="void").select_related("told_by")
    )
    return {r.matter_id: ToldHere(r.pk, r.told_by.short, r.seat_no, local(r.told_at), local(r.seen_at), r.state)
            for r in rows.order_by("told_at")}  # fmt: skip


def _danger(m: Matter, crew: Dispatch | None, means: str, words: tuple[str, ...], told: ToldHere | None,
            asked: Demand | None, *, sealed: bool) -> InDanger:  # fmt: skip
    number, title, place = ("", gettext(SECRET), "") if sealed else (m.number, m.title, m.place)
    since = local(m.danger_at) if m.danger_at or told is None else told.at
    due = asked.due_at if asked else crew.due_at if crew else None
    return InDanger(m.pk, number, title, place, "" if sealed else means, words, since, m.holder.short,
                    crew.crew if crew and not sealed else "", crew.state if crew else "", crew.desk.short if crew else "",
                    local(due), told, asked.desk.short if asked else "", asked.level if asked else 0,
                    crew is not None and crew.state in flows.waiting("dispatch"),
                    getattr(asked or crew, "extension", "") or "")  # fmt: skip


def _telephone(desk: str) -> Subquery:
    """The first telephone of a desk, by the column that names it."""
    phones = Seat.objects.filter(desk=OuterRef(desk)).exclude(extension="").order_by("number")
    return Subquery(phones.values("extension")[:1])


def _words(m: Matter) -> tuple[str, ...]:
    """The words of a matter that are signs of danger, at most three, each once."""
    signs = read(m.said, opened(m.pack), district=m.district).danger
    return tuple(dict.fromkeys(sign.text for sign in signs))[:3]


def late(viewer: Actor, now: datetime, *, desk: str = "", most: int = 40) -> First[Late]:
    """Orders past their promise; of the whole city, those the duty office was told of before the others, or of those one desk
    answers for. The longest late first."""
    rows = Order.objects.filter(matter__city=_city(viewer, desk)).select_related("matter__holder", "unit")
    rows = rows.filter(matter__holder__code=desk) if desk else rows.filter(matter__secret=False)
    answers = list(
        rows.filter(state__in=["assigned", "signed"], answer_due_at__lt=now).order_by("answer_due_at")[: most + 1]
    )
    unsigned = list(rows.filter(state="assigned", sign_due_at__lt=now).order_by("sign_due_at")[: most + 1])
    told = [] if desk else list(rows.filter(REPORTED, _told_late(now)).order_by("-reported_at")[: most + 1])
    by_id = {o.pk: o for o in (*answers, *unsigned, *told)}
    office = bool(desk and by_id) and duty_here(viewer.city).exists()
    out = [_late(o, office) for o in by_id.values()]
    return First.of(sorted(out, key=lambda row: (desk or not row.reported, row.due_at)), most)


def _told_late(now: datetime) -> Q:
    """Of orders: the duty office was told of the limit that runs now and has run out, as reminders.reported says it; one that was
    signed or extended since is not late."""
    unsigned = Q(sign_due_at__lt=now) | Q(answer_due_at__lt=now)
    unsigned &= Q(state="assigned", reported_at__gte=Least("sign_due_at", "answer_due_at"))
    return unsigned | Q(state="signed", answer_due_at__lt=now, reported_at__gte=F("answer_due_at"))


def how_late(city: str, now: datetime, by: str, came: Q | None = None) -> dict:
    """How many running orders are past their promise, or not signed in time (as `late` lists them), by a column `by` of their
    matters ("district") or by "unit"; of matters that `came`. Each matter is looked up by its order, however many there are:
    joined, all matters would be read."""
    matter = Matter.objects.filter(came or Q(), pk=OuterRef("matter_id"), city=city, secret=False)
    unsigned = Q(state="assigned", sign_due_at__lt=now)
    late = Order.objects.filter(Q(state__in=["assigned", "signed"], answer_due_at__lt=now) | unsigned).order_by()
    there = Subquery(matter.values("city" if by == "unit" else by))
    found = late.annotate(there=there).values_list("there", *(["unit"] if by == "unit" else []))
    return {row[-2]: row[-1] for row in found.annotate(n=Count("pk")) if row[0] is not None}


def _late(o: Order, office: bool) -> Late:
    m, limit = o.matter, reminders.runs_to(o.state, o.sign_due_at, o.answer_due_at)
    unsigned = o.state == "assigned" and limit == o.sign_due_at
    who = o.unit.short if o.reported_by == o.unit.code else m.holder.short
    told = Reported(who, o.reported_seat, local(o.reported_at)) if reminders.reported(limit, o.reported_at) else None
    return Late(o.pk, m.pk, m.number, m.title, m.place, o.unit.short, m.holder.short, unsigned,
                local(limit), o.reminded, o.supervised_at is not None, o.unit.contact_phone, o.unit.contact, told,
                office and told is None and not m.secret)  # fmt: skip


def down(viewer: Actor, now: datetime) -> tuple[Down, ...]:
    """Desks of the city that have seats and are silent, and this node's processes that are; what nobody ever sat at or
    started is not missed."""
    rows = Desk.objects.filter(city=_city(viewer, "")).annotate(seen=Max("seats__seen_at"), extension=_telephone("pk"))
    rows = rows.exclude(seen__isnull=True)
    silent = list(rows.filter(seen__lt=now - SILENT).exclude(platform="duty").order_by("seen"))
    offers = dict(Transfer.objects.filter(to_desk__in=silent, state__in=flows.waiting("transfer")).values_list("to_desk")
                  .annotate(n=Count("pk")))  # fmt: skip
    out = [Down(d.short, "desk", local(d.seen), offers.get(d.pk, 0), d.extension or "") for d in silent]
    beats = Heartbeat.objects.filter(at__lt=now - SILENT).order_by("at")
    return tuple(out + [Down(PROCESSES.get(h.process, h.process), "process", local(h.at), 0) for h in beats])


def _city(viewer: Actor, desk: str) -> str:
    if desk and desk == viewer.desk:
        return viewer.city
    city = access.overlooks(viewer)
    if not city:
        raise NotFound
    return city


def _of(viewer: Actor, desk: str):
    rows = Matter.objects.filter(city=_city(viewer, desk))
    return rows.filter(holder__code=desk) if desk else rows
