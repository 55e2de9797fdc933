"""电话通报单 that an office has still to see through: they outlive the matter's stay with it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from liandong.queries.sheets import SheetRow, sheets
from liandong.queries.sight import in_sight
from liandong.records.models import Matter
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
    wrote = Q(sheets__desk__code=viewer.desk, sheets__state__in=waiting)
    found: list[Matter] = list(in_sight(viewer).filter(wrote | Q(pk=matter)).distinct().order_by("received_at"))
    rows = [OpenSheet(s, m.pk, m.number, m.title) for m in found for s in sheets(viewer, m.pk).rows]
    return tuple(row for row in rows if row.sheet.state in waiting)
