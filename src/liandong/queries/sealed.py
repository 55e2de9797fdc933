"""Secret matters as a supervisor sees them, once a reason is given (actions.unsealing). Never who told them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from liandong.packs.opened import opened
from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound
from liandong.records.models import Matter
from liandong.rules import access
from liandong.rules.access import Actor

MOST = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a secret matter stands, not what it is about. `late`: the citizen's answer is overdue."""

    id: UUID
    number: str
    holder: str
    first: str
    state: str
    danger: str
    received_at: datetime
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Work:
    """A unit's order."""

    unit: str
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Content:
    """What is recorded of one, without name, number and place of the call."""

    heading: Heading
    title: str
    nature: str
    kind_name: str
    said: str
    answer: str
    outcome: str
    orders: tuple[Work, ...]


def matters(viewer: Actor, now: datetime) -> tuple[Heading, ...]:
    """The secret matters of the viewer's city: open ones first, by time left, then the newest."""
    rows = list(_of(viewer).select_related("holder", "first_receiver").order_by("-received_at")[:MOST])
    rows.sort(key=lambda m: (m.state in ("archived", "merged"), m.due_at or m.received_at))
    return tuple(_heading(m, now) for m in rows)


def record(viewer: Actor, pk: UUID) -> Matter:
    """One of them, to be opened with a reason; NotFound otherwise."""
    row = _of(viewer).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def content(viewer: Actor, pk: UUID, now: datetime) -> Content:
    """What one says. Shown only after `unsealing.opened`."""
    m = _of(viewer).select_related("holder", "first_receiver", "pack").filter(pk=pk).first()
    if m is None:
        raise NotFound
    kind = opened(m.pack).kind(m.item or m.kind)
    orders = m.orders.select_related("unit").order_by("assigned_at")
    return Content(_heading(m, now), m.title, m.nature, kind.title if kind else "", m.said, m.answer, m.outcome,
                   tuple(Work(o.unit.short, o.state, local(o.due_at)) for o in orders))  # fmt: skip


def _of(viewer: Actor) -> QuerySet[Matter]:
    if not access.may_unseal(viewer, viewer.city):
        raise NotFound
    return Matter.objects.filter(city=viewer.city, secret=True)


def _heading(m: Matter, now: datetime) -> Heading:
    late = m.answer_due_at is not None and m.answer_due_at < now and m.state not in ("answered", "archived", "merged")
    return Heading(m.pk, m.number, m.holder.short, m.first_receiver.short, m.state, m.danger, local(m.received_at),
                   local(m.due_at), late)  # fmt: skip
