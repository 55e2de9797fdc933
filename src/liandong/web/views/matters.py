"""Matters as a list and as a full course: who, when, why, pack version, clause."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import exports
from liandong.queries import desk as desks
from liandong.queries import find, reach, recordings, register, views
from liandong.queries.desk.rows import OrderRow
from liandong.queries.unit_named import understood
from liandong.rules import access, wanted
from liandong.rules.access import Actor
from liandong.rules.say import Invalid
from liandong.rules.wanted import Wanted
from liandong.web import show
from liandong.web.entry import page
from liandong.web.face.found import fields
from liandong.words import fault


@page()
def listed(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Finding: what the address asks for, a page at a time, with the viewer's own views as tabs."""
    now = timezone.now()
    shown = show.frame(request, viewer, tells=_moves(viewer)) | {"typed": request.GET, "after": request.GET.get("after", "")[:80],
                                              "export_most": f"{exports.MOST:,}"}  # fmt: skip
    try:
        asked = wanted.read(request.GET)
    except Invalid as refused:
        shown |= {"fault": fault(refused.say), "asked": Wanted(), "fields": fields(viewer, Wanted(), now)}
        return render(
            request,
            "matters/list.html",
            shown | {"tabs": views.views(viewer, Wanted(), now, counted=False)},
            status=422,
        )
    asked, named = understood(viewer, asked, now)
    tail = find.tail()
    count, capped = find.count(viewer, asked, now, tail=tail)
    shown |= {
        "asked": asked,
        "named": named,
        "typed": {
            "q": asked.words,
            "town": asked.town,
            "since": request.GET.get("since", ""),
            "until": request.GET.get("until", ""),
        },
        "address": asked.address(),
        "fields": fields(viewer, asked, now),
        "tabs": views.views(viewer, asked, now, (count, capped), counted=False),
        "found": find.look(viewer, asked, now, after=shown["after"], tail=tail),
        "count": count,
        "capped": capped,
    }
    return render(request, "matters/list.html", shown)


@page()
def tabs(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The tabs with how many each shows: the page asks for them when its rows stand, and after each look of its own."""
    try:
        asked = wanted.read(request.GET)
    except Invalid:  # the page has said what cannot be asked
        asked = Wanted()
    return render(
        request,
        "matters/tabs.html",
        {"tabs": views.views(viewer, asked, timezone.now()), "address": asked.address(), "oob": True},
    )


@page()
def one(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """One matter's whole course."""
    matter = desks.matter(viewer, pk, timezone.now())
    shown = {"page": matter, "watched": _watched(viewer, matter), "came_from": find.came_from(matter.id)}
    shown |= _nuisance(viewer, matter)
    shown["recordings"] = recordings.of_matter(viewer, reach.matter(viewer, pk))
    frame = show.frame(request, viewer, tells=[f"matter:{pk}", *_register(viewer)])
    return render(request, "matters/matter.html", frame | shown)


def _moves(viewer: Actor) -> list[str]:
    """What may change a list of matters in this viewer's sight."""
    city = access.overlooks(viewer)
    return [f"city:{city}"] if city else show.own_topics(viewer)


def _register(viewer: Actor) -> list[str]:
    return [f"nuisance:{viewer.city}"] if viewer.city else []


def _nuisance(viewer: Actor, matter: desks.MatterPage) -> dict:
    """A prank may be proposed for the register afterwards; the calls are its evidence."""
    known = register.mark(viewer, matter.id)
    prank = matter.closing == "prank" and known.may_propose
    return {"register": known, "evidence": register.evidence(viewer, matter.id) if prank else "", "prank": prank}


def _watched(viewer: Actor, matter: desks.MatterPage) -> tuple[OrderRow, ...]:
    """The orders a supervisor may put under 督办; a leader does it on the desk's own page."""
    return matter.running_orders if viewer.role == "supervisor" else ()


@page()
def by_number(request: HttpRequest, viewer: Actor, number: str) -> HttpResponse:
    """The newest matter of a number read aloud."""
    pk = find.by_number(viewer, number)
    if pk is None:
        raise Http404
    return redirect("matter", pk=pk)
