"""总值班室: five lists side by side, one ruling, and the word to the leader on duty."""

import contextlib
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.actions import ruling, seats
from liandong.queries import people, reach
from liandong.rules.access import Actor
from liandong.rules.say import Conflict
from liandong.web import show
from liandong.web.entry import act, alive, page, sign_in_of, text, viewer_of
from liandong.web.views.duty_lists import lists


@page("duty_officer")
def duty(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The page; `row` is the designation that lies open. Who opens it sits in the office from then on: no telephone rings
    there, so there is no seat to choose, and the desks see whether somebody is in."""
    if viewer.seat is None and not request.headers.get("HX-Request"):
        viewer = _sat_down(request, viewer)
    alive(viewer)
    shown = show.frame(request, viewer) | lists(viewer, request.GET.get("row", ""))
    return render(request, "duty/parts.html" if request.headers.get("HX-Request") else "duty/duty.html", shown)


def _sat_down(request: HttpRequest, viewer: Actor) -> Actor:
    now = timezone.now()
    place = people.empty_place(viewer, now)
    if place:
        with contextlib.suppress(Conflict):  # a colleague was first
            seats.sit(reach.seat(viewer, place), by=viewer, at=now, session=sign_in_of(request))
            return viewer_of(request) or viewer
    return viewer


@act
def decision(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """指定."""
    row = reach.designation(viewer, pk)
    lead = text(request, "lead")
    ruling.rule(
        row, reach.desk(viewer, text(request, "desk")), text(request, "why"), by=viewer, at=at, key=key,
        lead=reach.unit(viewer, lead) if lead else None, within=text(request, "within") or "table",
        assist=tuple(reach.unit(viewer, code) for code in request.POST.getlist("assist")),
    )  # fmt: skip
    return render(request, "duty/parts.html", show.frame(request, viewer) | lists(viewer))


@act
def report(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """报带班领导: told by telephone, written down here; the ruling stays open."""
    row = reach.designation(viewer, pk)
    ruling.report(row, text(request, "leader"), text(request, "said"), by=viewer, at=at, key=key)
    shown = show.frame(request, viewer) | lists(viewer, str(row.pk))
    return render(request, "duty/reported.html", shown)
