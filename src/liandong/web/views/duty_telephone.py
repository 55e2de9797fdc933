"""The duty office's own telephone: a call of a line outside its hours rings here, is answered, and written down for the ruling."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import drafts, taking_down
from liandong.actions import talk as talking
from liandong.queries import duty_call
from liandong.queries.directory import of_city
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import act, alive, page, text


def _parts(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    shown = {"viewer": viewer, "now": timezone.localtime(), "call": duty_call.call(viewer, pk), "oob": True}
    return render(request, "duty/telephone_parts.html", shown)


@page("duty_officer")
def call(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """The call at this place: F2 answers, then writes it down."""
    alive(viewer)
    if request.headers.get("HX-Request"):
        return _parts(request, viewer, pk)
    shown = {"call": duty_call.call(viewer, pk), "pack": of_city(viewer, timezone.now())}
    return render(request, "duty/telephone.html", show.frame(request, viewer) | shown)


@act
def answering(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """接听."""
    taking_down.answer(duty_call.reach(viewer, pk), by=viewer, at=at, key=key)
    return _parts(request, viewer, pk)


@act
def control(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Hold, mute, end the talk."""
    talking.control(duty_call.reach(viewer, pk), text(request, "what"), by=viewer, at=at, key=key)
    return _parts(request, viewer, pk)


@act
def draft(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """Keep what is being typed. When nobody presses, the matter is kept with these words."""
    facts = {name: text(request, name) for name in ("place", "district")}
    drafts.keep(duty_call.reach(viewer, pk), text(request, "said"), {}, facts=facts, by=viewer, at=at)
    return HttpResponse(status=204)


@act
def taken(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: UUID) -> HttpResponse:
    """记下: then the page where it waits for the ruling, lying open."""
    row = taking_down.take_down_call(
        duty_call.reach(viewer, pk), text(request, "said"), by=viewer, at=at, key=key, place=text(request, "place"),
        district=text(request, "district"), in_danger=text(request, "danger") == "1",
    )  # fmt: skip
    return redirect(f"/duty/?row={row.pk}")
