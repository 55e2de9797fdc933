"""What a unit sees: its orders by time left, and one order with what it needs to act."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.packs.opened import opened
from liandong.queries.course import Entry, course
from liandong.queries.desk.parts import crews, local, next_step
from liandong.queries.desk.rows import Crew, Next
from liandong.queries.sight import NotFound, hides_source
from liandong.records.models import Order, Unit
from liandong.rules import wording
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in the unit's list."""

    id: UUID
    number: str
    title: str
    place: str
    part: str
    state: str
    due_at: datetime | None
    contacted: bool


@dataclass(frozen=True, slots=True)
class Other:
    """What another has done about the same matter."""

    icon: str
    who: str
    state: str
    at: datetime | None
    more: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order as its unit works on it; the caller's number masked."""

    id: UUID
    matter: UUID
    number: str
    title: str
    nature: str
    part: str
    state: str
    ask: str
    said: str
    place: str
    caller_name: str
    caller_number: str
    by_desk: str
    assigned_at: datetime
    signed_at: datetime | None
    sign_due_at: datetime
    answer_due_at: datetime
    due_at: datetime | None
    contacted_at: datetime | None
    contact_note: str
    findings: str
    answer: str
    ended_at: datetime | None
    danger: str
    contact_clause: str
    others: tuple[Other, ...]
    crews: tuple[Crew, ...]
    entries: tuple[Entry, ...]
    next: Next | None
    units: tuple[tuple[str, str], ...]


def orders(viewer: Actor, *, most: int = 200) -> tuple[OrderLine, ...]:
    """The unit's orders that still run, the nearest due first."""
    rows = Order.objects.filter(unit__code=viewer.unit, state__in=["assigned", "signed"]).select_related("matter")
    return tuple(
        OrderLine(o.pk, o.matter.number, o.matter.title, o.matter.place, o.part, o.state, local(o.due_at),
                  o.contacted_at is not None)
        for o in rows.order_by("due_at")[:most]
    )  # fmt: skip


def order(viewer: Actor, pk: UUID, now: datetime) -> OrderPage:
    """One order of the viewer's own unit; NotFound otherwise."""
    rows = Order.objects.select_related("matter__contact", "matter__holder", "matter__first_receiver", "matter__pack",
                                        "unit")  # fmt: skip
    row = rows.filter(pk=pk, unit__code=viewer.unit).first() if viewer.unit else None
    if row is None:
        raise NotFound
    matter = row.matter
    pack, hidden = opened(matter.pack), hides_source(viewer, matter)
    limit = pack.limit("order.contact")
    units = Unit.objects.filter(city=matter.city, retired=False).exclude(pk=row.unit_id).order_by("name")
    return OrderPage(
        id=row.pk, matter=matter.pk, number=matter.number, title=matter.title, nature=matter.nature, part=row.part,
        state=row.state, ask=row.ask, said=matter.said, place=matter.place,
        caller_name="" if hidden else matter.contact.caller_name,
        caller_number="" if hidden else wording.masked(matter.contact.number), by_desk=matter.holder.short,
        assigned_at=local(row.assigned_at), signed_at=local(row.signed_at), sign_due_at=local(row.sign_due_at),
        answer_due_at=local(row.answer_due_at), due_at=local(row.due_at), contacted_at=local(row.contacted_at),
        contact_note=row.contact_note, findings=row.findings, answer=row.answer, ended_at=local(row.ended_at),
        danger=matter.danger, contact_clause=limit.source.clause, others=_others(row), crews=crews(viewer, matter),
        entries=course(viewer, matter, pack), next=next_step(matter), units=tuple(units.values_list("code", "short")),
    )  # fmt: skip


def _others(row: Order) -> tuple[Other, ...]:
    done = [Other("shield", d.desk.short, d.state, local(d.arrived_at or d.sent_at), d.findings)
            for d in row.matter.dispatches.select_related("desk")]  # fmt: skip
    more = row.matter.orders.exclude(pk=row.pk).select_related("unit")
    return (*done, *(Other("building", o.unit.short, o.state, local(o.signed_at), o.findings) for o in more))
