"""The small forms that open in place beside the keys: a name, a reason, a choice from a list."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liandong.queries import desk as desks
from liandong.queries import directory
from liandong.queries.people import SEATED
from liandong.rules.access import Actor
from liandong.web import show
from liandong.web.entry import page as page_for
from liandong.web.face.bar import crews_near
from liandong.web.face.joins import about as about_joins
from liandong.web.face.together import about as about_together
from liandong.web.views import articles, paper

PANELS = (
    "answer",
    "answered",
    "articles",
    "ask_together",
    "confide",
    "crew",
    "decline",
    "escalate",
    "follow_up",
    "guide",
    "handled",
    "lower",
    "number",
    "ready",
    "refuse_joining",
    "reopen",
    "report",
    "split",
    "spoken",
    "supervise",
    "together",
    "transfer",
    "unit",
    "unmerge",
    "withdraw",
    "write",
)

LIBRARY = ("answer", "answered", "articles")
"""Panels with the knowledge base and the directory beside the words."""


@page_for(*SEATED)
def panel(request: HttpRequest, viewer: Actor, pk: UUID, name: str) -> HttpResponse:
    """One panel of a matter; the page keeps it until it is sent or closed."""
    name, _, about_row = name.partition("-")
    if name not in PANELS and name not in paper.PANELS:
        raise Http404
    now = timezone.now()
    shown = show.matter_parts(viewer, desks.matter(viewer, pk, now), now) | {"name": name}
    if name in paper.PANELS:
        return paper.panel(request, viewer, name, about_row, shown, now)
    page = shown["page"]
    shown["crew"] = next((c for c in page.crews if str(c.id) == about_row), None) if about_row else page.crew_out
    about = {"report": shown["crew"], "lower": page.demand, "decline": page.offer, "spoken": page.offer}
    about |= dict.fromkeys(("withdraw", "supervise"), page.running_orders or None)
    about |= {"write": page if page.caller.writes else None}
    about |= {"reopen": page if page.state == "archived" else None}
    about |= {n: about_together(page, n) for n in ("ask_together", "ready", "together")}
    about |= {name: about_joins(page, shown["joins"], viewer, name)} if name not in about else {}
    if about.get(name, page) is None:
        raise Http404  # the page that asked is older than the matter
    pack = page.pack
    if name in LIBRARY:
        shown |= articles.beside(viewer, shown, now, about_row)
    if name == "guide":
        shown["lines"] = directory.lines(directory.of_city(viewer, now) or pack, now)
    if name == "unit":
        near = {u.code for u in shown["reading"].units}
        shown["others"] = [u for u in pack.units if u.code not in near]
    if name == "crew":
        shown["near"] = crews_near(page, shown["reading"])
    if name in ("decline", "transfer"):
        shown["desks"] = [d for d in pack.desks if d.platform != "duty" and d.code != viewer.desk]
    if name == "split":
        parts = zip(shown["reading"].decision.parts, shown["reading"].parts, strict=True)
        shown["kinds"] = [(kind, title) for (kind, _), (title, _) in parts]
    if name == "confide":
        shown["desks"] = [d for d in pack.desks if d.platform == "110"]
    return render(request, f"desk/panels/{name}.html", shown)
