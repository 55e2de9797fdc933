"""The panels of paper beside a matter: a call sheet's steps, a number proposed for the register."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from liandong.queries import directory, register
from liandong.rules.access import Actor
from liandong.words.filling import say

PANELS = ("sheet", "tell", "confirm", "reconcile", "void", "nuisance")
_STEPS = {
    "tell": ("已打电话", "telling"),
    "confirm": ("已确认", "confirmation"),
    "reconcile": ("核对", "reconciliation"),
    "void": ("作废", "voiding"),
}
_SERVICES = {"119": "消防救援", "120": "医疗急救", "122": "交通事故报警"}  # stays Chinese: it is written on the sheet


def panel(request: HttpRequest, viewer: Actor, name: str, about: str, shown: dict, now: datetime) -> HttpResponse:
    """`about` is the service a new sheet is for, or the sheet's id; `shown` are the parts of the matter."""
    page = shown["page"]
    more = {"fields": f"sheets/{name}.html"}
    if name == "sheet":
        more |= {"title": say("写通报单"), "action": f"/matters/{page.id}/sheets/", "fields": "sheets/write.html",
                 "entries": directory.lines(directory.of_city(viewer, now) or page.pack, now), "line": about[:20],
                 "body": _SERVICES.get(about, ""), "ask": _ask(shown), "sheet": None}  # fmt: skip
    elif name == "nuisance":
        more |= {"title": say("提议登记骚扰"), "action": f"/matters/{page.id}/nuisance/", "sheet": None,
                 "fields": "register/propose.html", "evidence": register.evidence(viewer, page.id)}  # fmt: skip
    else:
        row = next((s for s in shown["sheets"].rows if str(s.id) == about and name in s.steps), None)
        if row is None:
            raise Http404
        title, noun = _STEPS[name]
        more |= {"title": say(title), "action": f"/sheets/{row.id}/{noun}/", "sheet": row}
    return render(request, "desk/panels/sheet.html", shown | more)


def _ask(shown: dict) -> str:
    """What to say, proposed to write over: the danger or the title, and the place."""
    page = shown["page"]
    what = page.demand.means if page.demand else page.title or shown["said"][:60]
    return "，".join(part for part in (page.place or page.caller.place, what) if part)
