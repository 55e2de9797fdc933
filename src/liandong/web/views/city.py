"""督查: the whole city by desk and unit, what is stuck now, and the list for the monthly circular."""

from datetime import date, datetime, timedelta

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.actions import exports
from liandong.channels.files import monthly, writing
from liandong.queries import month, people, stuck, wall
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, page, text


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


@act
def city_export(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """The month of the page as a file. It is written, then the Event, and only then sent."""
    first = _month(text(request, "month"), timezone.localdate(at))
    kind = "csv" if text(request, "as") == "csv" else "xlsx"
    told = month.month(viewer, first, at, most=exports.CIRCULAR)
    file = monthly.write(told, kind, people.workplace(viewer, at), at)
    exports.month_exported(told.first, kind, len(told.circular), told.more, by=viewer, at=at)
    answer = FileResponse(
        file, as_attachment=True, filename=monthly.name(told, kind, at), content_type=writing.TYPES[kind]
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


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
