"""The demo's telephone: somebody dials. Only in demo mode."""

import uuid
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.channels.phone import demo
from liandong.queries import calls as seen
from liandong.queries import directory
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import act, page, text

LINES = ("12345", "110")


def _refuse_outside_demo() -> None:
    if settings.LIANDONG_MODE != "demo":
        raise Http404


@page()
def phone(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The telephone and what the last call is doing."""
    _refuse_outside_demo()
    pack = directory.of_city(viewer, timezone.now())
    shown = show.frame(request, viewer) | {"pack": pack, "lines": LINES, "call": seen.call(request.GET.get("call", ""))}
    shown["shown_call"] = request.GET.get("call", "")
    return render(request, "demo/call.html" if request.headers.get("HX-Request") else "demo/phone.html", shown)


@act
def calls(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """拨打."""
    _refuse_outside_demo()
    line = text(request, "line")
    if line not in LINES:
        raise Invalid("invalid.number", "line")
    number = wording.telephone(text(request, "number"), "number")
    place = wording.line(text(request, "place"), "place", 120)
    call = demo.dial(line, number, place, text(request, "district"), viewer.city,
                     _metres(text(request, "accuracy_m")), at=at)  # fmt: skip
    said = wording.words(text(request, "said"), "said", empty=True)
    return render(request, "demo/call.html", {"shown_call": str(call), "call": None, "said": said})


def _metres(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else None


@act
def end(request: HttpRequest, viewer: Actor, key: str, at: datetime, call: uuid.UUID) -> HttpResponse:
    """The caller hangs up."""
    _refuse_outside_demo()
    demo.hang_up(call, at=at)
    return render(request, "demo/call.html", {"shown_call": str(call), "call": seen.call(str(call))})
