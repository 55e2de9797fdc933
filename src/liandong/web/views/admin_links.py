"""管理: the links to other organisations' nodes, and the messages that they refused."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import dead_letters
from liandong.queries import partners as linked
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import page, text
from liandong.web.views.admin import keeps


@page("administrator")
def links(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """How each link stands, and its dead letters."""
    shown = {"section": "links", "partners": linked.health(viewer, timezone.now())}
    return render(request, "admin/links.html", show.frame(request, viewer, tells=[f"partners:{viewer.city}"]) | shown)


@keeps
def letter(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """再发, 另行告知, 不再发."""
    row = linked.letter(viewer, pk)
    if text(request, "how") == "retry":
        dead_letters.retry(row, by=viewer, at=at, key=key)
    else:
        dead_letters.end(row, text(request, "how"), text(request, "why"), by=viewer, at=at, key=key)
    return redirect("admin_links")
