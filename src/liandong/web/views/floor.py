"""值班长: the live floor of a desk, listening with a reason, late items, the way to the approvals."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.actions import clocks, handle
from liandong.actions import listening as hearing
from liandong.queries import floor as floors
from liandong.queries import reach, stuck
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, alive, page, text
from liandong.web.face.floor import lit


@page("shift_leader")
def floor(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The floor; its parts when a page that is open asks again."""
    alive(viewer)
    shown = _shown(viewer)
    if request.headers.get("HX-Request"):
        return render(request, "floor/parts.html", shown | {"oob": True})
    return render(request, "floor/floor.html", show.frame(request, viewer) | shown)


def _shown(viewer: Actor) -> dict:
    now = timezone.now()
    seen, late = floors.floor(viewer, now), stuck.late(viewer, now, desk=viewer.desk)
    dangers = stuck.in_danger(viewer, desk=viewer.desk)
    return {"floor": seen, "late": late, "dangers": dangers, "lit": lit(seen, late), "now": timezone.localtime(now),
            "viewer": viewer}  # fmt: skip


def parts(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """What an act on the floor answers with."""
    return render(request, "floor/parts.html", _shown(viewer) | {"oob": True, "done": True})


@act
def listenings(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """旁听: with a reason, before the eyes of the seat."""
    seat, matter = floors.talking_seat(viewer, pk)
    hearing.begin(matter, seat, text(request, "why"), by=viewer, at=at, key=key)
    return parts(request, viewer)


@act
def listening_end(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """结束旁听."""
    hearing.end(floors.listening(viewer, pk), by=viewer, at=at, key=key)
    return parts(request, viewer)


@act
def listening_sight(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """The seat's page has shown that it is listened to."""
    hearing.seen(floors.listening(viewer, pk), by=viewer, at=at, key=key)
    return HttpResponse(status=204)


@act
def urging(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """催办 or, with a reason, 督办, from the list of what is late."""
    order = reach.order(viewer, pk)
    if text(request, "what") == "supervise":
        clocks.supervise(order, text(request, "why"), by=viewer, at=at, key=key)
    else:
        handle.remind(order, by=viewer, at=at, key=key)
    return parts(request, viewer)
