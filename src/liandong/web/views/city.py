"""督查: the whole city by desk and unit, what is stuck now, and the list for the monthly circular."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.queries import month, stuck, wall
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import page


@page("supervisor")
def city(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The page of a month; the running one when none, or none that can be read, is asked for."""
    now = timezone.now()
    today = timezone.localdate(now)
    first = _month(request.GET.get("month", ""), today)
    shown = {"month": month.month(viewer, first, now), "before": first - timedelta(days=1),
             "after": (first + timedelta(days=32)).replace(day=1) if first < today.replace(day=1) else None}  # fmt: skip
    frame = show.frame(request, viewer, tells=wall.topics(viewer))
    return render(request, "city/city.html", frame | shown | _stuck(viewer))


@page("supervisor")
def city_stuck(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """What is stuck now, for the page that lies open; the month is not counted again for it."""
    return stuck_parts(request, viewer)


def stuck_parts(request: HttpRequest, viewer: Actor, *, done: bool = False) -> HttpResponse:
    """What is stuck now, to be put in its place on the page; `done`: after an act, whose fault is over."""
    return render(request, "city/stuck.html", _stuck(viewer) | {"oob": True, "done": done})


def _stuck(viewer: Actor) -> dict:
    now = timezone.now()
    return {"dangers": stuck.in_danger(viewer), "late": stuck.late(viewer, now), "down": stuck.down(viewer, now),
            "now": timezone.localtime(now)}  # fmt: skip


def _month(asked: str, today: date) -> date:
    try:
        return min(date.fromisoformat(f"{asked}-01"), today.replace(day=1))
    except ValueError:
        return today.replace(day=1)
