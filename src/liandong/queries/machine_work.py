"""What the own system of a desk or a unit reads: its offers, its crews, its orders. Never another organisation's; and of a
matter what that place needs to act, without a telephone number."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from liandong.queries import reach
from liandong.queries.sight import NotFound
from liandong.records.models import Dispatch, Matter, Order, Transfer
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.rules.say import Invalid

GONE = ("handed_back", "withdrawn")
"""Orders that are the unit's no more: what was said is not shown to it any longer."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer of a matter, and whose the matter is now. Delivered and seen are receipts, not acceptance."""

    id: UUID
    matter: UUID
    number: str
    from_desk: str
    to_desk: str
    state: str
    holder: str
    offered_at: datetime
    delivered_at: datetime | None
    seen_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    cause: str | None
    proposed: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """An order as its unit works on it."""

    id: UUID
    matter: UUID
    number: str
    part: str
    state: str
    ask: str
    title: str
    place: str
    said: str | None
    danger: bool
    supervised: bool
    designated: bool
    assigned_at: datetime
    sign_due_at: datetime
    answer_due_at: datetime
    due_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Crew:
    """A crew that a 110 desk sent."""

    id: UUID
    matter: UUID
    number: str
    crew: str
    state: str
    title: str
    place: str
    danger: bool
    first_kind: str | None
    final_kind: str | None
    sent_at: datetime
    signed_at: datetime | None
    left_at: datetime | None
    arrived_at: datetime | None
    cleared_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None


def offers(viewer: Actor, matter: UUID) -> tuple[Offer, ...]:
    """The offers of a matter that the viewer's desk made or was made, the newest first."""
    rows = _of_desk(viewer).filter(matter=reach.matter(viewer, matter)).order_by("-offered_at", "-pk")
    return tuple(map(_offer, rows.select_related("matter__holder", "from_desk", "to_desk")))


def offer_record(viewer: Actor, pk: UUID) -> Transfer:
    """One of them, to act on; NotFound for two other desks' offer."""
    row = reach.transfer(viewer, pk)
    if not _of_desk(viewer).filter(pk=pk).exists():
        raise NotFound
    return row


def offer_of_desk(viewer: Actor, pk: UUID) -> Transfer:
    """The same for an act, which decides itself what may still be done: whoever lost the answer asks again, also when the
    matter is secret and has gone on."""
    return _one(_of_desk(viewer).select_related("from_desk", "to_desk", "from_seat", "to_seat"), pk)


def matter_of_desk(viewer: Actor, pk: UUID) -> Matter:
    """A matter to offer: in sight, or one that the viewer's desk has offered before."""
    row = Matter.objects.filter(pk=pk, city=viewer.city, transfers__from_desk__code=viewer.desk).first()
    return row or reach.matter(viewer, pk)


def offer(row: Transfer) -> Offer:
    """An offer as both its desks' systems read it, as it is now."""
    row.refresh_from_db()
    return _offer(row)


def orders(viewer: Actor, after: UUID | None, most: int) -> tuple[tuple[Work, ...], UUID | None]:
    """The unit's orders that run or stand still, the longest assigned first; and where the next page begins."""
    ever = Order.objects.filter(unit__code=viewer.unit, unit__city=viewer.city)
    found, following = _page(ever, "order", "assigned_at", after, most)
    return tuple(map(_order, found)), following


def order_record(viewer: Actor, pk: UUID) -> Order:
    """An order of the viewer's own unit, to act on."""
    row = reach.order(viewer, pk)
    if row.unit.code != viewer.unit:
        raise NotFound
    return row


def order_of_unit(viewer: Actor, pk: UUID) -> Order:
    """The same for an act, also of a secret matter whose order the unit has handed back already: the action decides."""
    return _one(Order.objects.select_related("unit").filter(unit__code=viewer.unit, unit__city=viewer.city), pk)


def order(row: Order) -> Work:
    """An order as its unit's system reads it, as it is now."""
    row.refresh_from_db()
    return _order(row)


def crews(viewer: Actor, after: UUID | None, most: int) -> tuple[tuple[Crew, ...], UUID | None]:
    """The desk's crews that have not reported, the longest on their way first; and where the next page begins."""
    ever = Dispatch.objects.filter(desk__code=viewer.desk, desk__city=viewer.city)
    found, following = _page(ever, "dispatch", "sent_at", after, most)
    return tuple(map(_crew, found)), following


def crew_record(viewer: Actor, pk: UUID) -> Dispatch:
    """A crew of the viewer's own desk, to act on."""
    row = reach.dispatch(viewer, pk)
    if row.desk.code != viewer.desk:
        raise NotFound
    return row


def crew(row: Dispatch) -> Crew:
    """A crew as its desk's system reads it, as it is now."""
    row.refresh_from_db()
    return _crew(row)


def _offer(row: Transfer) -> Offer:
    return Offer(row.pk, row.matter_id, row.matter.number, row.from_desk.code, row.to_desk.code, row.state, row.matter.holder.code,
                 row.offered_at, row.delivered_at, row.seen_at, row.due_at, row.ended_at, row.decline_code or None,
                 row.proposed_owner or None)  # fmt: skip


def _order(row: Order) -> Work:
    m, ours = row.matter, row.state not in GONE
    return Work(row.pk, m.pk, m.number, row.part, row.state, row.ask, m.title, m.place, m.said if ours else None,
                m.danger == "raised", row.supervised_at is not None, row.designated, row.assigned_at, row.sign_due_at,
                row.answer_due_at, row.due_at, row.signed_at, row.contacted_at, row.ended_at)  # fmt: skip


def _crew(row: Dispatch) -> Crew:
    m = row.matter
    return Crew(row.pk, m.pk, m.number, row.crew, row.state, m.title, m.place, m.danger == "raised", row.first_kind or None,
                row.final_kind or None, row.sent_at, row.signed_at, row.left_at, row.arrived_at, row.cleared_at, row.ended_at,
                row.due_at)  # fmt: skip


def _one(rows: QuerySet, pk: UUID):
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _of_desk(viewer: Actor) -> QuerySet[Transfer]:
    return Transfer.objects.filter(
        Q(from_desk__code=viewer.desk) | Q(to_desk__code=viewer.desk), matter__city=viewer.city
    )


def _page(ever: QuerySet, machine: str, begun: str, after: UUID | None, most: int) -> tuple[list, UUID | None]:
    """Of what there `ever` was the rows that wait, behind the one named, by the time they began; and the last of them when
    there are more. Whatever has ended meanwhile still says where it stood; Invalid for what was never there."""
    rows = ever.filter(state__in=flows.waiting(machine)).select_related("matter")
    last = ever.filter(pk=after).first() if after else None
    if after and last is None:
        raise Invalid("invalid.api_cursor")
    if last is not None:
        at = getattr(last, begun)
        rows = rows.filter(Q(**{f"{begun}__gt": at}) | Q(**{begun: at}, pk__gt=last.pk))
    found = list(rows.order_by(begun, "pk")[: most + 1])
    return found[:most], found[most - 1].pk if len(found) > most else None
