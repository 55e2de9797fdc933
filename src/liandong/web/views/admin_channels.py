"""管理 · 渠道: how each way in stands, what it brought, and what was refused or did not arrive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.channels.at_work import at_work
from liandong.queries import messages
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import page


@page("administrator")
def channels(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Every channel that is on here."""
    now, on = timezone.now(), at_work()
    shown = {"section": "channels", "channels": messages.health(viewer, [(one.name, one.title) for one in on], now),
             "wrong": messages.wrong(viewer)}  # fmt: skip
    return render(
        request, "admin/channels.html", show.frame(request, viewer, tells=[f"channels:{viewer.city}"]) | shown
    )
