"""What waits beside a matter's own next step: a unit's extension to decide, further callers owed the answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.queries.desk.parts import local
from liandong.queries.sight import hides_source
from liandong.records.models import Assistance, Delivery, Extension, Matter
from liandong.rules import wording
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """An extension a unit asked for, `days` working days; not decided by `due_at` it is not granted."""

    id: UUID
    unit_name: str
    days: int
    why: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A unit's request for another unit beside it (协办); not decided by `due_at` it is not given."""

    id: UUID
    unit_name: str
    other_name: str
    why: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Owed:
    """A caller of a merged matter who has not been told yet; the number masked. `child` is that caller's own matter,
    `how` the way they can be told."""

    id: UUID
    number: str
    name: str
    words: str
    tries: int
    due_at: datetime | None
    child: UUID | None
    child_number: str
    how: str


def asked(matter: Matter) -> tuple[Asked, ...]:
    """The extensions that wait for the holder, the first to lapse first."""
    rows = Extension.objects.filter(matter=matter, state="asked").select_related("order__unit").order_by("due_at")
    return tuple(Asked(e.pk, e.order.unit.short, e.days, e.why, local(e.due_at)) for e in rows)


def beside(matter: Matter) -> tuple[Beside, ...]:
    """The requests for assistance that wait for the holder, the first to lapse first."""
    rows = Assistance.objects.filter(matter=matter, state="asked").select_related("order__unit", "unit")
    return tuple(
        Beside(a.pk, a.order.unit.short, a.unit.short, a.why, local(a.due_at)) for a in rows.order_by("due_at")
    )


def owed(viewer: Actor, matter: Matter) -> tuple[Owed, ...]:
    """The further callers who are owed the answer; who spoke in confidence stays hidden."""
    rows = list(Delivery.objects.filter(matter=matter, state="due").select_related("contact").order_by("due_at", "pk"))
    if not rows:
        return ()
    children = {c.contact_id: c for c in matter.merged.select_related("first_receiver")}
    return tuple(_owed(viewer, row, children.get(row.contact_id)) for row in rows)


def _owed(viewer: Actor, row: Delivery, child: Matter | None) -> Owed:
    hidden = child is not None and hides_source(viewer, child)
    return Owed(
        id=row.pk, number="" if hidden else wording.masked(row.contact.number),
        name="" if hidden else row.contact.caller_name, words=row.words, tries=row.tries, due_at=local(row.due_at),
        child=child.pk if child else None, child_number=child.number if child else "",
        how="phone" if row.contact.number else row.contact.channel,
    )  # fmt: skip
