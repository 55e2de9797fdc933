"""电话通报单: write it, telephone, hear the confirmation, reconcile the true times; from the desk and the duty office."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.actions import rescue, sheets
from liandong.queries import reach
from liandong.queries import sheets as written
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, text
from liandong.web.views.duty_lists import lists
from liandong.web.views.on import on


def _shown(request: HttpRequest, viewer: Actor, pk: UUID, at: datetime) -> HttpResponse:
    if viewer.role != "duty_officer":
        return show.parts(request, viewer, pk, at)
    shown = show.frame(request, viewer) | lists(viewer, text(request, "row"))
    return render(request, "duty/parts.html", shown | {"done": True})


@act
def of_matter(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Write a sheet: whom from the directory, or typed."""
    number, _, name = text(request, "entry").partition("|")
    body, line = text(request, "body") or name, text(request, "line") or number
    sheets.write(reach.matter(viewer, pk), body, line, text(request, "ask"), by=viewer, at=at, key=key)
    return _shown(request, viewer, pk, at)


@act
def telling(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """已打电话: to whom, at what true time; now when none is written."""
    row = written.sheet(viewer, pk)
    sheets.tell(row, text(request, "to"), moment(request, "told_at") or at, by=viewer, at=at, key=key)
    return _shown(request, viewer, row.matter_id, at)


confirmation = on(written.sheet, sheets.confirm, "who", shown=_shown)
"""The other side says it has it."""


@act
def reconciliation(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """核对: the true times and what came of it."""
    row = written.sheet(viewer, pk)
    sheets.reconcile(row, text(request, "result"), arrived_at=moment(request, "arrived_at"),
                     finished_at=moment(request, "finished_at"), by=viewer, at=at, key=key)  # fmt: skip
    return _shown(request, viewer, row.matter_id, at)


voiding = on(written.sheet, sheets.void, "why", shown=_shown)
"""Written by mistake."""


unticking = on(written.sheet, rescue.untick, shown=_shown)
"""A tick taken back within the seconds of a slip."""


ringing = on(written.sheet, rescue.ring, shown=_shown)
"""Ring the service's number from this seat."""


def moment(request: HttpRequest, name: str) -> datetime | None:
    """A field of date and time in the city's own clock; None when it is empty."""
    value = text(request, name).strip()
    if not value:
        return None
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid("invalid.time", name) from None
    return when if timezone.is_aware(when) else timezone.make_aware(when)
