"""交班: what this seat still has open, what is handed over here and by whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound
from liandong.records.models import Handover, Matter
from liandong.records.models.matter import SOONEST
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class Item:
    """One open matter. `due_at` is the nearer of its own and its lead's limit, as the desk's board has it."""

    id: UUID
    number: str
    title: str
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """A handover that waits. `mine`: the viewer offered it and may take it back; else a colleague's to take."""

    id: UUID
    by: str
    note: str
    items: tuple[Item, ...]
    offered_at: datetime
    due_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """`open`: this seat's own unfinished matters; `given`: the handovers of the desk that wait."""

    open: tuple[Item, ...]
    given: tuple[Given, ...]

    @property
    def asks(self) -> bool:
        """Whether going off now leaves something that nobody was handed."""
        return bool(self.open) and not any(g.mine for g in self.given)


def shift(viewer: Actor) -> Shift:
    """The shift at the viewer's seat."""
    mine = Matter.objects.filter(holder__code=viewer.desk, seat_id=viewer.seat).exclude(state="archived")
    rows = Handover.objects.filter(desk__code=viewer.desk, state="offered").select_related("from_person")
    return Shift(
        _items(mine) if viewer.seat else (),
        tuple(
            Given(h.pk, h.from_person.work_no, h.note,
                  _items(Matter.objects.filter(pk__in=h.matters, holder__code=viewer.desk).exclude(state="archived")),
                  local(h.offered_at), local(h.due_at), h.from_person_id == viewer.person)
            for h in rows.order_by("due_at")
        ),
    )  # fmt: skip


def handover(viewer: Actor, pk: UUID) -> Handover:
    """One handover of the viewer's own desk; NotFound otherwise."""
    row = Handover.objects.select_related("desk").filter(pk=pk, desk__code=viewer.desk).first()
    if row is None:
        raise NotFound
    return row


def _items(rows) -> tuple[Item, ...]:
    return tuple(Item(m.pk, m.number, m.title, m.state, local(m.limit_at)) for m in rows.order_by(SOONEST, "pk"))
