"""The command room's screen, 1920 × 1080, live."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.queries import wall
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import page
from liandong.web.face.wall import drawn


@page("supervisor", "duty_officer")
def wallboard(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The screen; its parts when a page that is open asks again."""
    now = timezone.now()
    seen = wall.screen(viewer, now)
    shown = {"wall": seen, "drawn": drawn(seen, timezone.localtime(now).hour), "now": timezone.localtime(now)}
    if request.headers.get("HX-Request"):
        return render(request, "wallboard/parts.html", shown | {"oob": True})
    frame = show.frame(request, viewer, tells=wall.topics(viewer))
    return render(request, "wallboard/wallboard.html", frame | shown | {"theme": frame["theme"] or "dark"})
