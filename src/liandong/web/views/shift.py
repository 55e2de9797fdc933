"""交班 and 接班 on the idle board."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.actions import watch
from liandong.queries import reach
from liandong.queries import shift as shifts
from liandong.queries.people import SEATED
from liandong.rules.access import Actor
from liandong.web.entry import act, page, text
from liandong.web.views.desk import board_parts


@page(*SEATED)
def shift(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The panel: open items, a note, and what happens to them when nobody is handed them."""
    return render(request, "shift/panel.html", board_parts(viewer))


@act
def handovers(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """交班: the open items wait for a colleague."""
    watch.offer_handover(reach.desk(viewer, viewer.desk), text(request, "note"), by=viewer, at=at, key=key)
    return _board(request, viewer)


@act
def taking(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """接班."""
    watch.take_handover(shifts.handover(viewer, pk), by=viewer, at=at, key=key)
    return _board(request, viewer)


@act
def recall(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """收回 while nobody has taken it."""
    watch.recall_handover(shifts.handover(viewer, pk), by=viewer, at=at, key=key)
    return _board(request, viewer)


def _board(request: HttpRequest, viewer: Actor) -> HttpResponse:
    return render(request, "shift/board.html", board_parts(viewer))
