"""管理: what other systems are told by themselves, and what they refused."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from liandong.actions import webhook_letters
from liandong.actions import webhooks as keeping
from liandong.queries import webhooks as kept
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.web import show
from liandong.web.entry import page, text
from liandong.web.views.admin import keeps


@page("administrator")
def webhooks(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Every webhook of the city's systems, how it stands, and its dead letters."""
    shown = {"section": "webhooks", "hooks": kept.of_city(viewer), "ended": kept.ended_of_city(viewer)}
    return render(
        request, "admin/webhooks.html", show.frame(request, viewer, tells=[f"webhooks:{viewer.city}"]) | shown
    )


@keeps
def standing(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """停一停, 接着发, 取消."""
    row, to = kept.record(viewer, pk), text(request, "to")
    if to == "paused":
        keeping.pause(row, "asked", by=viewer, at=at, key=key)
    elif to == "on":
        keeping.resume(row, by=viewer, at=at, key=key)
    elif to == "ended":
        keeping.end(row, text(request, "why"), by=viewer, at=at, key=key)
    else:
        raise Invalid("invalid.letter", "to")
    return redirect("admin_webhooks")


@keeps
def letter(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """再发, 不再发."""
    row = kept.letter(viewer, pk)
    if text(request, "how") == "retry":
        webhook_letters.retry(row, by=viewer, at=at, key=key)
    else:
        webhook_letters.give_up(row, text(request, "why"), by=viewer, at=at, key=key)
    return redirect("admin_webhooks")
