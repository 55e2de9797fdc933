"""电话通报单 that an office has still to see through: they outlive the matter's stay with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.packs.opened import opened
from liandong.queries.sheets import SheetRow, runs_to, sheets
from liandong.queries.sight import in_sight
from liandong.records.models import Matter, Sheet
from liandong.rules import flows
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet that is not reconciled, with the matter it is for."""

    sheet: SheetRow
    matter: UUID
    number: str
    title: str


def still_open(viewer: Actor, matter: UUID | None = None) -> tuple[OpenSheet, ...]:
    """The open sheets of every matter the viewer's desk wrote one for, and of the `matter` that lies open there."""
    waiting = flows.waiting("sheet")
    # Which matters first, by the few sheets: with both in one condition the database would read all matters there are.
    wrote = set(Sheet.objects.filter(desk__code=viewer.desk or "-", state__in=waiting).values_list("matter", flat=True))
    found: list[Matter] = list(in_sight(viewer).filter(pk__in=wrote | {matter} - {None}).order_by("received_at"))
    rows = [OpenSheet(s, m.pk, m.number, m.title) for m in found for s in sheets(viewer, m.pk).rows]
    return tuple(row for row in rows if row.sheet.state in waiting)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A row of the board: a sheet that this desk wrote, with the matter to open for its next step. Times are local."""

    id: UUID
    matter: UUID
    number: str
    body: str
    line: str
    state: str
    title: str
    due_at: datetime | None
    danger: bool


def unfinished(viewer: Actor, *, most: int = 20) -> tuple[Unfinished, ...]:
    """The sheets the viewer's desk wrote and nobody has told, confirmed or reconciled yet; the first due first."""
    rows = (
        Sheet.objects.filter(desk__code=viewer.desk or "-", state__in=flows.waiting("sheet"))
        .select_related("matter__pack")
        .defer("matter__pack__files")
    )
    return tuple(Unfinished(s.pk, s.matter_id, s.number, s.body, s.line, s.state, s.matter.title, runs_to(s, opened(s.matter.pack)),
                       s.matter.danger == "raised")
                 for s in rows.order_by("due_at", "pk")[:most])  # fmt: skip
