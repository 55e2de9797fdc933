"""总值班室: five lists side by side, one ruling, and the word to the leader on duty."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.actions import ruling
from liandong.queries import reach
from liandong.rules.access import Actor
from liandong.web import chair, show
from liandong.web.entry import act, alive, page, text
from liandong.web.views.duty_lists import lists


@page("duty_officer")
def duty(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The page; `row` is the designation that lies open."""
    alive(viewer)
    shown = show.frame(request, viewer) | lists(viewer, request.GET.get("row", ""))
    return render(request, "duty/parts.html" if request.headers.get("HX-Request") else "duty/duty.html", shown)


@act
def presence(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """到岗: for who has no place yet, or lost it to a colleague while this page was asleep."""
    here = chair.take(request, viewer) or viewer
    shown = show.frame(request, here) | lists(here, text(request, "row"))
    return render(request, "duty/parts.html", shown | {"done": True})


@act
def decision(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """指定."""
    row = reach.designation(viewer, pk)
    lead = text(request, "lead")
    ruling.rule(
        row, reach.desk(viewer, text(request, "desk")), text(request, "why"), by=viewer, at=at, key=key,
        lead=reach.unit(viewer, lead) if lead else None, within=text(request, "within") or "table",
        assist=tuple(reach.unit(viewer, code) for code in request.POST.getlist("assist")),
    )  # fmt: skip
    return render(request, "duty/parts.html", show.frame(request, viewer) | lists(viewer) | {"done": True})


@act
def report(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """报带班领导: told by telephone, written down here; the ruling stays open."""
    row = reach.designation(viewer, pk)
    ruling.report(row, text(request, "leader"), text(request, "said"), by=viewer, at=at, key=key)
    shown = show.frame(request, viewer) | lists(viewer, str(row.pk))
    return render(request, "duty/reported.html", shown)
