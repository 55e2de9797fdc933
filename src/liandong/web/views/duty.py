"""总值班室: the matters nobody takes, each with the desks that may be named."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.actions import confer
from liandong.queries import duty as asked
from liandong.queries import reach
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, page, text
from liandong.web.views.sheets import on_duty


@page("duty_officer")
def duty(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The page."""
    shown = show.frame(request, viewer) | _asked(viewer)
    return render(request, "duty/parts.html" if request.headers.get("HX-Request") else "duty/duty.html", shown)


@act
def decision(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """指定."""
    row = reach.designation(viewer, pk)
    confer.designate(row, reach.desk(viewer, text(request, "desk")), text(request, "why"), by=viewer, at=at, key=key)
    return render(request, "duty/parts.html", show.frame(request, viewer) | _asked(viewer))


def _asked(viewer: Actor) -> dict:
    rows = asked.asked(viewer)
    return {"asked": rows} | on_duty(viewer, rows)
