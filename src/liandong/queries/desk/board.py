"""The board of a desk while it waits: own open matters by time left, offers both ways, demands, queue, missed calls."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from liandong.queries.desk import calls
from liandong.queries.desk.joins import Asked, asked
from liandong.queries.desk.kept import kept
from liandong.queries.desk.parts import local
from liandong.queries.desk.pulse import MOST, stamp
from liandong.queries.desk.rows import Waiting
from liandong.queries.desk.seat_day import Done, done, tally
from liandong.queries.first import First
from liandong.queries.office import duty_here
from liandong.queries.open_sheets import Unfinished, unfinished
from liandong.records.models import Conference, Demand, Desk, Extension, Matter, Order, Seat, Transfer
from liandong.records.models.matter import SOONEST
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.rules.reminders import reported

ENOUGH = 2
"""Reminders after which the row of a late unit offers the duty office instead of one more."""


@dataclass(frozen=True, slots=True)
class Mine:
    """An open matter of this desk. `due_at` is the nearer of its own and its lead's limit, `unit_due_at` the lead's. `step` is
    what the desk does next: decide, tell, follow_up, extend (a unit waits for its extension), remind (the lead is past its
    limit), report (it is, and was reminded twice: the duty office may be told), or wait."""

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
    unit_due_at: datetime | None = None
    reminded: int = 0
    order: UUID | None = None  # the lead's, while a unit works
    reported_at: datetime | None = None  # the duty office was told that this limit ran out
    reportable: bool = False
    unsent: bool = False  # danger, and nobody has been sent


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the idle page shows. `presence_at` is since when the seat is as it is; `stamp` is the pulse's, of what
    stood there before this was read; `letters` came in writing and nobody has decided yet."""

    desk_name: str
    presence: str
    presence_at: datetime | None
    mine: First[Mine]
    letters: First[Mine]
    offered_out: tuple[Waiting, ...]
    offered_in: tuple[Waiting, ...]
    conferring: tuple[Waiting, ...]
    demands: tuple[Waiting, ...]
    queue: First[Waiting]
    missed: First[Waiting]
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
    stamp: str


def board(viewer: Actor, now: datetime) -> Board:
    """The idle page of the viewer's seat. Empty for whoever sits at no desk."""
    seat = Seat.objects.filter(pk=viewer.seat).select_related("desk").first() if viewer.seat else None
    there = Seat.objects.there(now).filter(desk__code=viewer.desk)  # a silent page answers nobody
    seats = there.aggregate(seats_on=Count("pk"), seats_free=Count("pk", filter=Q(presence="free")))
    stood, shown = kept(viewer.desk, lambda: rows(viewer))
    return Board(
        desk_name=seat.desk.name if seat else "",
        presence=seat.presence if seat else "off",
        presence_at=local(seat.presence_at) if seat else None,
        **shown | {"mine": shown["mine"].changed(lambda row: _urged(row, now))},
        **seats,
        **tally(viewer, now),
        done=done(viewer, now),
        stamp=stamp(stood, seat.presence if seat else None),
    )


def _urged(row: Mine, now: datetime) -> Mine:
    """The clock moves on while the rows stay as they were read."""
    late = row.order_state in ("assigned", "signed") and row.unit_due_at is not None and row.unit_due_at < now
    if not late or row.step != "wait" or row.reported_at:
        return row
    return replace(row, step="report" if row.reportable and row.reminded >= ENOUGH else "remind")


def rows(viewer: Actor) -> dict[str, Any]:
    """What every seat of a desk is shown alike: the viewer is asked for nothing but the desk."""
    # The desk by its id: through its code the database would sort all that is open before it takes the first forty.
    here = Desk.objects.filter(code=viewer.desk).annotate(office=Exists(duty_here(OuterRef("city"))))
    desk, office_here = here.values_list("pk", "office").first() or (None, False)
    offers = Transfer.objects.filter(state__in=flows.waiting("transfer")).select_related(
        "matter", "from_desk", "to_desk", "to_seat"
    )
    offers = offers.order_by("due_at", "pk")
    out, into = offers.filter(from_desk=desk), offers.filter(to_desk=desk)
    return {
        "mine": _mine(mine(desk), office_here),
        "letters": _mine(letters(desk), office_here),
        "offered_out": tuple(_offer(t, t.to_desk.short) for t in out),
        "offered_in": tuple(_offer(t, t.from_desk.short) for t in into),
        "conferring": _conferring(desk),
        "demands": _demands(desk),
        "queue": calls.queue(viewer, desk),
        "missed": calls.missed(viewer, desk),
        "joinings": asked(viewer),
        "sheets": unfinished(viewer),
    }


def mine(desk: int | None) -> QuerySet[Matter]:
    """What a desk holds and works on."""
    return Matter.objects.filter(holder=desk).exclude(state__in=["archived", "merged", "receiving"])


def letters(desk: int | None) -> QuerySet[Matter]:
    """What came to a desk in writing and nobody has decided: its own list, for it may be due later than forty others."""
    return Matter.objects.filter(holder=desk, state="held", written=True)


def _mine(found: QuerySet[Matter], office: bool) -> First[Mine]:
    rows = _first(found)
    ids = [m.pk for m in rows]
    leads = {o.matter_id: o for o in Order.objects.filter(matter__in=ids, part="lead")
             .select_related("unit").order_by("assigned_at", "pk")}  # fmt: skip
    steps = {"held": "decide", "resolved": "tell", "ready": "wait", "answered": "follow_up", "handling": "wait"}
    asked = set(Extension.objects.filter(matter__in=ids, state="asked").values_list("matter", flat=True))
    out = {}
    for m in rows:
        lead = leads.get(m.pk)
        came = m.first_receiver.short if m.first_receiver_id != m.holder_id else ""
        with_unit = lead is not None and m.state == "handling"
        out[m] = Mine(m.pk, m.number, m.title, m.place, lead.unit.short if with_unit else "", m.state,
                        lead.state if with_unit else "",
                        "extend" if m.pk in asked and m.state == "handling" else steps[m.state], local(m.limit_at), came,
                        m.danger == "raised", m.written, local(m.lead_due_at) if with_unit else None,
                        lead.reminded if with_unit else 0, lead.pk if with_unit else None,
                        local(lead.reported_at) if with_unit and reported(m.lead_due_at, lead.reported_at) else None,
                        office and not m.secret, m.unsent)  # fmt: skip
    return rows.changed(out.__getitem__)


def _first(found: QuerySet[Matter]) -> First[Matter]:
    """The first by time left, and before them those for which nobody has been sent, however late they are due. Two searches
    by their own indexes in one statement: sorted by both, the database would read all that is open."""
    asks = Exists(Demand.objects.filter(matter=OuterRef("pk"), state="open"))
    found = found.select_related("holder", "first_receiver").annotate(unsent=asks).order_by(SOONEST, "pk")
    urgent = found.filter(demands__state="open")[: MOST + 1]
    rows = {m.pk: m for m in urgent.union(found[: MOST + 1], all=True)}
    return First.of(sorted(rows.values(), key=lambda m: (not m.unsent, m.limit_at, m.pk)), MOST)


def _offer(row: Transfer, who: str) -> Waiting:
    return Waiting(row.matter_id, row.pk, row.matter.number, row.matter.title, who, local(row.offered_at),
                   local(row.due_at), row.to_seat.number if row.to_seat else "", row.state)  # fmt: skip


def _conferring(desk: int | None) -> tuple[Waiting, ...]:
    rows = Conference.objects.filter(state="open", with_desk=desk).select_related(
        "matter__contact", "from_desk", "with_seat"
    )
    return tuple(Waiting(c.matter_id, c.pk, c.matter.number, c.matter.title, c.from_desk.short, local(c.opened_at),
                         local(c.due_at), c.with_seat.number if c.joined_at and c.with_seat else "",
                         live=c.matter.contact.ended_at is None) for c in rows.order_by("due_at", "pk"))  # fmt: skip


def _demands(desk: int | None) -> tuple[Waiting, ...]:
    """What this desk is asked to send for, and what 110 holds itself: that has gone up to another desk, and anybody here
    may still send."""
    rows = Demand.objects.filter(Q(desk=desk) | Q(matter__holder=desk, matter__holder__platform="110"), state="open")
    rows = rows.select_related("matter__holder").order_by("due_at", "pk")
    return tuple(Waiting(d.matter_id, d.pk, d.matter.number, d.means, d.matter.holder.short, local(d.opened_at),
                         local(d.due_at)) for d in rows)  # fmt: skip
