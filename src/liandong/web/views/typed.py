"""录来信来访: a letter that a unit forwarded, or somebody at the counter, becomes a matter of this desk."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.channels.typed.taking import take
from liandong.queries import directory, reach
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, page, text

FIELDS = ("kind", "said", "name", "number", "place", "district", "secret")


@page("operator", "dispatcher", "shift_leader")
def letters(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """An empty form."""
    shown = {"pack": directory.of_city(viewer, timezone.now())}
    return render(request, "letters/letters.html", show.frame(request, viewer, tells=[]) | shown)


@act
def typing(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """录入: the matter's own page follows."""
    matter = take(
        {name: text(request, name) for name in FIELDS}, reach.desk(viewer, viewer.desk), by=viewer, at=at, key=key
    )
    return redirect("matter", pk=matter.pk)
