"""Which of a few matters a viewer may see: asked of rows that have been read already."""

from collections.abc import Iterable
from uuid import UUID

from liandong.queries.sight import in_sight
from liandong.records.models import Matter
from liandong.rules.access import Actor


def sights(viewer: Actor, rows: Iterable[Matter]) -> set[UUID]:
    """The ids of those in sight. What the viewer's own desk holds or received first needs no asking (`sight.found`); the
    others are asked about in one question, because what makes a matter visible stands in a dozen tables."""
    rows = list(rows)
    home = {m.pk for m in rows if viewer.desk and viewer.desk in (m.holder.code, m.first_receiver.code)}
    rest = [m.pk for m in rows if m.pk not in home]
    return home | (set(in_sight(viewer).filter(pk__in=rest).values_list("pk", flat=True)) if rest else set())
