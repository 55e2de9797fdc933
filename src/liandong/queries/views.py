"""A person's own views with how many matters each shows, behind those that everybody has."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from django.utils.translation import gettext

from liandong.queries import find, narrow
from liandong.queries.sight import NotFound
from liandong.records.models import SavedView
from liandong.rules import wanted
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.rules.wanted import ALL, OPEN, Wanted

STANDING = (
    ("没办完", Wanted(state=OPEN)),
    ("危险没解除", Wanted(state=OPEN, danger=True)),
    ("已超时", Wanted(state=OPEN, overdue=True)),
    ("全部", Wanted(state=ALL)),
)
"""What everybody has; `state` is written out, so that each has an address of its own."""


COUNTED = 40
"""A tab counts as far as this, "40+": it is counted again with every look of the page, and must cost no more than that."""


@dataclass(frozen=True, slots=True)
class View:
    """A tab: `address` is the part behind the question mark. `count` is None where it was not counted. `id` and `place`
    are 0 for those everybody has."""

    name: str
    address: str
    count: int | None
    capped: bool
    current: bool
    id: int = 0
    place: int = 0


def views(viewer: Actor, current: Wanted, now: datetime, known: tuple[int, bool] | None = None, *,
          counted: bool = True) -> tuple[View, ...]:  # fmt: skip
    """The tabs of the finding page, each counted as far as `COUNTED`. Not `counted`: only the current one shows how many, those
    `known`, since counting takes longer than the page."""
    tail = narrow.tail() if counted else None
    rows = [(gettext(name), asked, 0, 0) for name, asked in STANDING]
    for row in SavedView.objects.filter(person_id=viewer.person).order_by("place", "pk"):
        try:
            rows.append((row.name, wanted.read(dict(parse_qsl(row.asked))), row.pk, row.place))
        except Invalid:  # written by an older version: shown as everything, so that it can be taken away
            rows.append((row.name, Wanted(state=ALL), row.pk, row.place))
    shown = current.but(state=current.scope)
    found = []
    for name, asked, pk, place in rows:
        here = asked.but(state=asked.scope) == shown
        count, capped = find.count(viewer, asked, now, most=COUNTED, tail=tail) if counted else (None, False)
        if here and known and not counted:
            count, capped = min(known[0], COUNTED), known[0] > COUNTED
        found.append(View(name, asked.address(), count, capped, here, pk, place))
    return tuple(found)


def view(viewer: Actor, pk: int) -> SavedView:
    """One view of the viewer's own; NotFound otherwise."""
    row = SavedView.objects.filter(pk=pk, person_id=viewer.person).first()
    if row is None:
        raise NotFound
    return row
