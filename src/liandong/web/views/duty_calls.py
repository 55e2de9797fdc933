"""接报: what somebody tells the duty office itself is written down here, and ruled where everything is ruled."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import taking_down
from liandong.queries.directory import of_city
from liandong.queries.public.cities import hotline
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, page, text


@page("duty_officer")
def form(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The empty form."""
    return render(
        request, "duty/call.html", show.frame(request, viewer, tells=[]) | {"pack": of_city(viewer, timezone.now())}
    )


@act
def taken(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """记下: then the page where it waits for the ruling, lying open."""
    row = taking_down.take_down(
        text(request, "said"), hotline(viewer.city), by=viewer, at=at, key=key, number=text(request, "number"),
        place=text(request, "place"), district=text(request, "district"), in_danger=text(request, "danger") == "1",
    )  # fmt: skip
    return redirect(f"/duty/?row={row.pk}")
