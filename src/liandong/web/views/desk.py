"""The desk: one page that never reloads."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import seats
from liandong.queries import desk as desks
from liandong.queries import reach
from liandong.queries import shift as shifts
from liandong.queries.desk.news import news
from liandong.queries.desk.together import owed
from liandong.queries.first import counted
from liandong.queries.links import links
from liandong.queries.people import SEATED
from liandong.queries.versions import judging
from liandong.rules import shifts as turns
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, page, text
from liandong.web.face import board_lit, pressing
from liandong.web.face.joins import above
from liandong.web.face.links import marks
from liandong.web.face.news import told as told_news
from liandong.web.face.why import board_why


@page(*SEATED)
def desk(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The page itself; what it shows is fetched by its own parts."""
    if viewer.seat is None:
        return redirect("seats")
    now = timezone.now()
    seats.seen(viewer.seat, at=now)
    shown = board_parts(viewer)
    frame = show.frame(request, viewer, queue=counted(shown["board"].queue))
    return render(request, "desk/desk.html", frame | shown)


def board_parts(viewer: Actor, seen: datetime | None = None) -> dict:
    """What the idle page is given; `seen`: when the news it has, or was told of, was read."""
    now = timezone.now()
    known = news(viewer, now, seen)
    board, pack = desks.board(viewer, now), judging(viewer.city, now)
    return {
        "board": board,
        "stamp": board.stamp + known.stamp,  # as the pulse says it
        "news_at": known.read_at.isoformat(),
        "lit": board_lit(board, viewer),
        "above": above(viewer.desk, pack) if pack else "",
        "why": board_why(*pressing(board, viewer), board, pack, timezone.localtime(now)),
        "news": [told_news(row) for row in known.rows],
        "shift_ends_at": turns.ends_at(pack, timezone.localtime(now)) if pack else None,
        "viewer": viewer,
        "now": timezone.localtime(now),
        "replies": owed(viewer),
        "shift": shifts.shift(viewer),
    }


@page(*SEATED)
def board(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The idle state."""
    return render(request, "desk/board.html", board_parts(viewer, _seen(request.GET.get("news", ""), timezone.now())))


@page(*SEATED)
def call(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """The call state: everything about one matter."""
    now = timezone.now()
    row = reach.matter(viewer, pk)
    return render(request, "desk/call.html", show.matter_parts(viewer, desks.matter(viewer, row, now), now, row=row))


@page(*SEATED)
def parts(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """The parts of the matter that is open, after something has happened to it."""
    return show.parts(request, viewer, pk, timezone.now(), done=False)


@act
def pulse(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """The page's sign of life; answers what must be looked at again."""
    if viewer.seat:
        seats.seen(viewer.seat, at=at, writing=bool(text(request, "writing")))
    try:
        shown = UUID(text(request, "matter"))
    except ValueError:
        shown = None
    told, known = desks.pulse(viewer, shown), news(viewer, at, _seen(text(request, "news"), at))
    told |= {"board": told["board"] + known.stamp, "news": known.read_at.isoformat()}
    line = marks(viewer, links(viewer, at), told["queue"])
    return JsonResponse(told | {"marks": [mark.told for mark in line]})


def _seen(said: str, now: datetime) -> datetime | None:
    """When a page says that its news was read; never later than now."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return min(at, now) if timezone.is_aware(at) else None
