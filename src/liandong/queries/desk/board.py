"""The board of a desk while it waits: own open matters by time left, offers both ways, demands, queue, missed calls."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from liandong.queries.desk.joins import Asked, asked
from liandong.queries.desk.kept import kept
from liandong.queries.desk.parts import local
from liandong.queries.desk.pulse import MOST, UNANSWERED
from liandong.queries.desk.seat_day import Done, done, tally
from liandong.queries.open_sheets import Unfinished, unfinished
from liandong.queries.sight import hides_source
from liandong.records.models import Conference, Demand, Desk, Extension, Matter, Order, Seat, Transfer
from liandong.rules import flows, wording
from liandong.rules.access import Actor
from liandong.rules.presence import SILENT
from liandong.rules.wording import SPOKEN


@dataclass(frozen=True, slots=True)
class Mine:
    """An open matter of this desk. `step` is what the desk does next: decide, tell, follow_up,
    extend (a unit waits for its extension), or wait."""

    id: UUID
    number: str
    title: str
    place: str
    where: str
    state: str
    order_state: str
    step: str
    due_at: datetime | None
    from_name: str
    danger: bool
    written: bool = False  # it came as a letter, by the citizen's form


@dataclass(frozen=True, slots=True)
class Waiting:
    """An offer that waits for acceptance, ours or theirs; a demand; a queued call; a missed one."""

    matter: UUID
    id: UUID
    number: str
    title: str
    who: str
    since: datetime
    due_at: datetime | None
    seat: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the idle page shows. `presence_at` is since when the seat is as it is."""

    desk_name: str
    presence: str
    presence_at: datetime | None
    mine: tuple[Mine, ...]
    offered_out: tuple[Waiting, ...]
    offered_in: tuple[Waiting, ...]
    conferring: tuple[Waiting, ...]
    demands: tuple[Waiting, ...]
    queue: tuple[Waiting, ...]
    missed: tuple[Waiting, ...]
    joinings: tuple[Asked, ...]
    sheets: tuple[Unfinished, ...]
    seats_on: int
    seats_free: int
    answered: int
    quick: int
    given: int
    given_at_once: int
    taken: int
    done: tuple[Done, ...]

    @property
    def letters(self) -> tuple[Mine, ...]:
        """What came in writing and nobody has decided yet, of the rows shown."""
        return tuple(row for row in self.mine if row.written and row.step == "decide")


def board(viewer: Actor, now: datetime) -> Board:
    """The idle page of the viewer's seat. Empty for whoever sits at no desk."""
    seat = Seat.objects.filter(pk=viewer.seat).select_related("desk").first() if viewer.seat else None
    fresh = Q(presence="free", seen_at__gt=now - SILENT)
    seats = Seat.objects.filter(desk__code=viewer.desk).aggregate(
        seats_on=Count("pk", filter=~Q(presence="off")), seats_free=Count("pk", filter=fresh)
    )
    return Board(
        desk_name=seat.desk.name if seat else "",
        presence=seat.presence if seat else "off",
        presence_at=local(seat.presence_at) if seat else None,
        **kept(viewer.desk, lambda: rows(viewer)),
        **seats,
        **tally(viewer, now),
        done=done(viewer, now),
    )


def rows(viewer: Actor) -> dict[str, tuple]:
    """What every seat of a desk is shown alike: the viewer is asked for nothing but the desk."""
    # The desk by its id: through its code the database would sort all that is open before it takes the first forty.
    desk = Desk.objects.filter(code=viewer.desk).values_list("pk", flat=True).first()
    offers = Transfer.objects.filter(state__in=flows.waiting("transfer")).select_related(
        "matter", "from_desk", "to_desk", "to_seat"
    )
    offers = offers.order_by("due_at", "pk")
    out, into = offers.filter(from_desk=desk), offers.filter(to_desk=desk)
    return {
        "mine": _mine(desk),
        "offered_out": tuple(_offer(t, t.to_desk.short) for t in out),
        "offered_in": tuple(_offer(t, t.from_desk.short) for t in into),
        "conferring": _conferring(desk),
        "demands": _demands(viewer),
        "queue": _calls(viewer, desk, WAITS),
        "missed": _calls(viewer, desk, MISSED),
        "joinings": asked(viewer),
        "sheets": unfinished(viewer),
    }


def mine(desk: int | None) -> QuerySet[Matter]:
    """What a desk holds and works on."""
    return Matter.objects.filter(holder=desk).exclude(state__in=["archived", "merged", "receiving"])


WAITS = Q(state="receiving", contact__ended_at__isnull=True)
MISSED = Q(state__in=["receiving", "held"], contact__ended_at__isnull=False)


def unanswered(desk: int | None, kind: Q) -> QuerySet[Matter]:
    """The first of the calls to a desk that nobody has answered; `kind` is WAITS or MISSED."""
    rows = Matter.objects.filter(kind, holder=desk, contact__answered_at__isnull=True, contact__channel="phone")
    return rows.order_by("received_at", "pk")[:UNANSWERED]


def waiting(viewer: Actor) -> int:
    """How many calls wait at the viewer's desk, at most as many as its board shows."""
    desk = Desk.objects.filter(code=viewer.desk).values_list("pk", flat=True).first()
    return unanswered(desk, WAITS).count() if desk else 0


def _mine(desk: int | None) -> tuple[Mine, ...]:
    rows = mine(desk).select_related("holder", "first_receiver", "contact").order_by("due_at", "pk")[:MOST]
    leads = {o.matter_id: o for o in Order.objects.filter(matter__in=[m.pk for m in rows], part="lead")
             .select_related("unit").order_by("assigned_at", "pk")}  # fmt: skip
    steps = {"held": "decide", "resolved": "tell", "ready": "wait", "answered": "follow_up", "handling": "wait"}
    asked = set(
        Extension.objects.filter(matter__in=[m.pk for m in rows], state="asked").values_list("matter", flat=True)
    )
    out = []
    for m in rows:
        lead = leads.get(m.pk)
        came = m.first_receiver.short if m.first_receiver_id != m.holder_id else ""
        with_unit = lead is not None and m.state == "handling"
        out.append(Mine(m.pk, m.number, m.title, m.place, lead.unit.short if with_unit else "", m.state,
                        lead.state if with_unit else "",
                        "extend" if m.pk in asked and m.state == "handling" else steps[m.state], local(m.due_at), came,
                        m.danger == "raised", m.contact.channel not in SPOKEN))  # fmt: skip
    return tuple(out)


def _offer(row: Transfer, who: str) -> Waiting:
    return Waiting(row.matter_id, row.pk, row.matter.number, row.matter.title, who, local(row.offered_at),
                   local(row.due_at), row.to_seat.number if row.to_seat else "", row.state)  # fmt: skip


def _conferring(desk: int | None) -> tuple[Waiting, ...]:
    rows = Conference.objects.filter(state="open", with_desk=desk).select_related("matter", "from_desk")
    return tuple(Waiting(c.matter_id, c.pk, c.matter.number, c.matter.title, c.from_desk.short, local(c.opened_at),
                         local(c.due_at)) for c in rows.order_by("due_at", "pk"))  # fmt: skip


def _demands(viewer: Actor) -> tuple[Waiting, ...]:
    rows = Demand.objects.filter(state="open", desk__code=viewer.desk).select_related("matter__holder")
    rows = rows.order_by("due_at", "pk")
    return tuple(Waiting(d.matter_id, d.pk, d.matter.number, d.means, d.matter.holder.short, local(d.opened_at),
                         local(d.due_at)) for d in rows)  # fmt: skip


def _calls(viewer: Actor, desk: int | None, kind: Q) -> tuple[Waiting, ...]:
    rows = unanswered(desk, kind).select_related("contact", "first_receiver") if desk else ()
    return tuple(Waiting(m.pk, m.pk, m.number, _number(viewer, m), "", local(m.contact.rang_at), local(m.due_at),
                         state=m.state) for m in rows)  # fmt: skip


def _number(viewer: Actor, m: Matter) -> str:
    return "" if hides_source(viewer, m) else wording.masked(m.contact.number)
