"""险情: raise, undo a slip, lower with a name and a reason; send, arrive, report."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from liandong.actions import crews, danger
from liandong.queries import reach
from liandong.rules.access import Actor
from liandong.rules.say import Unable
from liandong.web import show
from liandong.web.entry import act, text
from liandong.web.views.talk import save_record


@act
def raised(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """F1: 紧急推110, or more services called to the same danger. The words go first, so that 110 reads them; words that
    cannot be kept do not hold danger back (emergency paths fail open)."""
    matter = reach.matter(viewer, pk)
    danger.raise_danger(matter, text(request, "means"), also=tuple(request.POST.getlist("also")), by=viewer, at=at,
                        key=key)  # fmt: skip
    save_record(request, matter, viewer, key, at)
    return show.parts(request, viewer, pk, at, done=False)


@act
def dispatches(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """派警. The words go first: the call sheets of the services ticked carry them, and danger the machine reads in them is
    answered by this very crew. Words that cannot be kept do not hold the crew back; they are refused after it."""
    matter, refused = reach.matter(viewer, pk), None
    if matter.holder.code == viewer.desk:
        try:
            save_record(request, matter, viewer, key, at)
        except Unable as error:
            refused = error
    crews.dispatch(matter, text(request, "crew"), also=tuple(request.POST.getlist("also")), by=viewer, at=at, key=key)
    if refused:
        raise refused
    return show.parts(request, viewer, pk, at)


@act
def undoing(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The raiser takes back a slip."""
    row = reach.demand(viewer, pk)
    danger.undo(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at, done=False)


@act
def lowering(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """A named dispatcher lowers danger, with a reason."""
    row = reach.demand(viewer, pk)
    how, why = text(request, "how"), text(request, "why")
    danger.lower(row, f"{how}：{why}" if how and why.strip() else why, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)


@act
def signature(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """签收: the crew has the order."""
    row = reach.dispatch(viewer, pk)
    crews.sign(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)


@act
def departure(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """出发: the crew is on its way."""
    row = reach.dispatch(viewer, pk)
    crews.leave(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)


@act
def clearing(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """处置完: the report is still owed."""
    row = reach.dispatch(viewer, pk)
    crews.clear(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)


@act
def arrival(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The crew is on the scene."""
    row = reach.dispatch(viewer, pk)
    crews.arrive(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)


@act
def report(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """What the scene reports."""
    row = reach.dispatch(viewer, pk)
    crews.report(row, text(request, "findings"), no_offence=text(request, "no_offence") == "1",
                  lower_danger=text(request, "still") != "1", by=viewer, at=at, key=key)  # fmt: skip
    return show.parts(request, viewer, row.matter_id, at)


@act
def cancelling(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """A crew is called off."""
    row = reach.dispatch(viewer, pk)
    crews.cancel(row, by=viewer, at=at, key=key)
    return show.parts(request, viewer, row.matter_id, at)
