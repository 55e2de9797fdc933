"""Matters as a list and as a full course: who, when, why, pack version, clause."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.queries import desk as desks
from liandong.queries import find, register
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import page


@page()
def listed(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The matters in sight, found by number, words or place."""
    words = request.GET.get("q", "")
    shown = show.frame(request, viewer) | {"found": find.matters(viewer, words), "q": words[:60], "most": find.MOST}
    return render(request, "matters/list.html", shown)


@page()
def one(request: HttpRequest, viewer: Actor, pk: UUID) -> HttpResponse:
    """One matter's whole course."""
    matter = desks.matter(viewer, pk, timezone.now())
    return render(
        request, "matters/matter.html", show.frame(request, viewer) | {"page": matter} | _nuisance(viewer, matter)
    )


def _nuisance(viewer: Actor, matter: desks.MatterPage) -> dict:
    """A prank may be proposed for the register afterwards; the calls are its evidence."""
    known = register.mark(viewer, matter.id)
    prank = matter.closing == "prank" and known.may_propose
    return {"register": known, "evidence": register.evidence(viewer, matter.id) if prank else "", "prank": prank}


@page()
def by_number(request: HttpRequest, viewer: Actor, number: str) -> HttpResponse:
    """The newest matter of a number read aloud."""
    pk = find.by_number(viewer, number)
    if pk is None:
        raise Http404
    return redirect("matter", pk=pk)
