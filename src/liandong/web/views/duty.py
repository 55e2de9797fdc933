"""总值班室: five lists side by side, and one ruling."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.actions import confer
from liandong.queries import reach
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, page, text
from liandong.web.views.duty_lists import lists


@page("duty_officer")
def duty(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The page; `row` is the designation that lies open."""
    shown = show.frame(request, viewer) | lists(viewer, request.GET.get("row", ""))
    return render(request, "duty/parts.html" if request.headers.get("HX-Request") else "duty/duty.html", shown)


@act
def decision(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """指定."""
    row = reach.designation(viewer, pk)
    confer.designate(row, reach.desk(viewer, text(request, "desk")), text(request, "why"), by=viewer, at=at, key=key)
    return render(request, "duty/parts.html", show.frame(request, viewer) | lists(viewer))
