"""三方通话 as a page of its own, the same for both seats (T5)."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.actions import confer, drafts, last_words, parting
from liandong.actions import talk as talking
from liandong.queries import desk as desks
from liandong.queries import reach, threeway
from liandong.queries.desk.calls import waiting
from liandong.queries.first import counted
from liandong.queries.people import SEATED
from liandong.records.models import Conference
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, alive, answers, page, text
from liandong.web.face.threeway import keys


@page(*SEATED)
def threeway_page(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """The page; its parts when something changed, 204 while what the page has (`stamp`) is what there is."""
    row = threeway.conference(viewer, pk)
    alive(viewer)
    if request.headers.get("HX-Request") and request.GET.get("stamp") == threeway.stamp(row):
        return HttpResponse(status=204)
    parts = bool(request.headers.get("HX-Request"))
    shown = (
        show.frame(request, viewer, queue=counted(waiting(viewer)))
        | _shown(viewer, row)
        | {"board": {"presence": "talking"}}
    )
    return render(request, "threeway/parts.html" if parts else "threeway/page.html", shown | {"oob": parts})


def _shown(viewer: Actor, row: Conference) -> dict:
    now = timezone.now()
    said, given, _ = threeway.typed(row)
    matter = desks.matter(viewer, row.matter_id, now)
    shown = show.matter_parts(viewer, matter, now, said=said, answers=given)
    table = threeway.table(viewer, row, matter, shown["reading"])
    return shown | {"table": table, "keys": keys(table, matter, viewer), "stamp": threeway.stamp(row)}


def _parts(request: HttpRequest, viewer: Actor, pk: UUID, *, done: bool = True) -> HttpResponse:
    shown = _shown(viewer, threeway.conference(viewer, pk))
    return render(request, "threeway/parts.html", shown | {"oob": True, "done": done})


@act
def words(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The record as its one writer types it; the other seat reads it within a second. What was typed when the talk ended is
    kept as well: by who holds the matter still, or as 补记 to the record that has moved."""
    row = threeway.conference(viewer, pk)
    if viewer.seat == row.from_seat_id:
        _keep(row, text(request, "said"), answers(request), viewer, at)
    return _parts(request, viewer, pk, done=False)


def _keep(row: Conference, said: str, given: dict[str, str], viewer: Actor, at: datetime) -> None:
    """As a draft while this desk may write the record; when it has moved, also in this very moment, what is new is added."""
    open_here = row.matter.state in ("receiving", "held") and row.matter.holder.code == viewer.desk
    if not (open_here and drafts.keep(row.matter, said, given, by=viewer, at=at)):
        last_words.add(row.matter, said, by=viewer, at=at)


@act
def note(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """记一句要点."""
    row = reach.conference(viewer, pk)
    parting.note(row, text(request, "note"), by=viewer, at=at, key=key)
    return _parts(request, viewer, row.matter_id)


@act
def parts(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Who takes which part, in the words of the viewer's own desk."""
    row = reach.conference(viewer, pk)
    named = {name.removeprefix("part-"): request.POST[name] for name in request.POST if name.startswith("part-")}
    parting.say(row, named, agrees=text(request, "agrees") == "1", by=viewer, at=at, key=key)
    return _parts(request, viewer, row.matter_id)


@act
def taking(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """全接: one desk takes it all, or is asked to."""
    row = reach.conference(viewer, pk)
    parting.settle(row, reach.desk(viewer, text(request, "taker")), "", by=viewer, at=at, key=key)
    return _parts(request, viewer, row.matter_id)


@act
def entering(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The invited desk comes onto the line from this page."""
    row = reach.conference(viewer, pk)
    confer.join(row, by=viewer, at=at, key=key)
    return _parts(request, viewer, row.matter_id)


@act
def escalation(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """报总值班室: the two cannot agree; the talk goes on until the ruling."""
    row = reach.conference(viewer, pk)
    confer.escalate(row.matter, "三方通话谈不定", by=viewer, at=at, key=key)  # stays Chinese
    return _parts(request, viewer, row.matter_id)


@act
def control(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Music for the caller, or back on the line; one's own microphone."""
    row = threeway.conference(viewer, pk)
    talking.control(row.matter, text(request, "what"), by=viewer, at=at, key=key)
    return _parts(request, viewer, pk, done=False)
