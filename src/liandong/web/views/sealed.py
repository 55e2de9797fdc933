"""保密事项: what a supervisor opens with a reason. Each look is an act and an Event, so each is a POST."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.actions import unsealing
from liandong.queries import sealed
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, page, text
from liandong.words import fault

PAGE = "sealed/sealed.html"


@page("supervisor")
def asking(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Where the reason is asked; nothing of any matter, not even how many there are."""
    return render(request, PAGE, show.frame(request, viewer, tells=[]))


@act
def listing(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """The list, after its Event."""
    why = text(request, "why")
    try:
        rows = sealed.matters(viewer, at)
        unsealing.listed(why, len(rows), by=viewer, at=at)
    except Invalid as refused:
        return _again(request, viewer, refused)
    return render(request, PAGE, show.frame(request, viewer, tells=[]) | {"rows": rows, "why": why, "listed": True})


@act
def one(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """One matter's content, after its Event."""
    why = text(request, "why")
    row = sealed.record(viewer, pk)
    try:
        unsealing.opened(row, why, by=viewer, at=at)
    except Invalid as refused:
        return _again(request, viewer, refused)
    shown = {"content": sealed.content(viewer, pk, at), "why": why}
    return render(request, PAGE, show.frame(request, viewer, tells=[]) | shown)


def _again(request: HttpRequest, viewer: Actor, refused: Invalid) -> HttpResponse:
    return render(request, PAGE, show.frame(request, viewer, tells=[]) | {"fault": fault(refused.say)}, status=422)


def list_or_ask(request: HttpRequest) -> HttpResponse:
    """One address: the question, and what it opens."""
    return listing(request) if request.method == "POST" else asking(request)
