"""A call as the switch last saw it, for the demo's telephone."""

from dataclasses import dataclass
from uuid import UUID

from liandong.records.models import Call, Seat


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call: queued, ringing, talking, held or ended; `seats` are the seats in the talk or ringing."""

    id: UUID
    number: str
    line: str
    state: str
    seats: tuple[str, ...]


def call(pk: str) -> CallRow | None:
    """The call of this id; None when there is none yet."""
    try:
        row = Call.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        return None
    if row is None:
        return None
    names = Seat.objects.filter(pk__in=[*row.seats, *row.ringing]).select_related("desk")
    return CallRow(row.pk, row.number, row.line, row.state, tuple(f"{s.desk.short} {s.number} 席" for s in names))
