"""What the duty office sees: matters it is asked to designate."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.packs.opened import opened
from liandong.queries.desk.parts import local
from liandong.records.models import Designation
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A matter nobody takes: who holds it meanwhile, why it came here, and who may be named."""

    id: UUID
    matter: UUID
    number: str
    title: str
    place: str
    said: str
    cause: str
    holder: str
    holder_name: str
    asked_at: datetime
    due_at: datetime | None
    reminded: int
    clause: str
    desks: tuple[tuple[str, str], ...]


def asked(viewer: Actor) -> tuple[Asked, ...]:
    """The designations this duty office is asked for, the most urgent first."""
    rows = Designation.objects.filter(state="asked", asked_desk__code=viewer.desk)
    out = []
    for row in rows.select_related("matter__holder", "matter__pack").order_by("due_at"):
        m = row.matter
        pack = opened(m.pack)
        named = tuple((d.code, d.short) for d in pack.desks if d.platform != "duty")
        out.append(Asked(row.pk, m.pk, m.number, m.title, m.place, m.said, row.cause, m.holder.code, m.holder.short,
                         local(row.asked_at), local(row.due_at), row.reminded, pack.clause_of("unclear"),
                         named))  # fmt: skip
    return tuple(out)
