"""我该打哪个电话, 谁管什么: answered to anybody, nothing kept."""

import json
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from liandong.queries.public.cities import cities
from liandong.queries.public.takers import published
from liandong.queries.public.which import LONGEST, Which, which
from liandong.rules.pack import Pack
from liandong.rules.say import Invalid
from liandong.web.views.public_entry import public, refused, show

COMMON = (
    ("bulb", "common.lamp", "路灯坏了"),  # stays Chinese
    ("child", "common.lost", "老人走失了"),  # stays Chinese
    ("car", "common.car", "撞车了"),  # stays Chinese
    ("noise", "common.noise", "工地噪音扬尘扰民"),  # stays Chinese
    ("coin", "common.fraud", "被骗了钱"),  # stays Chinese
    ("drop", "common.water", "停水了，水管漏水"),  # stays Chinese
)
"""What people ask most: drawing, sentence, and the words it is asked with. The numbers are the city's own answer."""
MOST_FIND = 40
ANSWERS = ("yes", "no", "unsure")


@public("GET")
def choose(request: HttpRequest, now: datetime) -> HttpResponse:
    """Which city; straight on where there is only one."""
    here = cities(now)
    if len(here) == 1:
        return redirect("public_which", city=here[0].code)
    return show(request, "public/choose.html", None, now, cities=here)


@public("GET", "POST")
def number(request: HttpRequest, pack: Pack, now: datetime) -> HttpResponse:
    """The box and its answer. Words are posted, so that they stand in no address and no log."""
    words = request.POST.get("what", "").strip()
    answers = _answers(request)
    if request.headers.get("X-Part") == "danger":
        told = which(pack, words[: 4 * LONGEST], {}, now) if words else None
        return show(request, "public/danger.html", pack, now, told=told)
    template = "public/answer.html" if request.headers.get("X-Part") == "answer" else "public/which.html"
    shown = {"words": words, "answers": json.dumps(answers), "common": _common(pack, now), "tab": "which"}
    if len(words) > LONGEST:
        too_long = Invalid("invalid.too_long", "what", most=LONGEST, over=len(words) - LONGEST)
        return refused(request, template, pack, now, too_long, **shown)
    told = which(pack, words, answers, now) if words else None
    return show(request, template, pack, now, told=told, **shown)


def _answers(request: HttpRequest) -> dict[str, str]:
    """The answers given on this page so far, and the one just pressed ("clear.now:yes")."""
    try:
        known = json.loads(request.POST.get("answers") or "{}")
    except ValueError:
        known = {}
    known = known if isinstance(known, dict) else {}
    asked, _, said = request.POST.get("answer", "").partition(":")
    rows = [*known.items(), *([(asked, said)] if asked else [])]
    return {str(k)[:40]: str(v) for k, v in rows[-10:] if v in ANSWERS}


def _common(pack: Pack, now: datetime) -> list[tuple[str, str, Which]]:
    return [(icon, code, which(pack, words, {}, now)) for icon, code, words in COMMON]


@public("GET")
def takers(request: HttpRequest, pack: Pack, now: datetime) -> HttpResponse:
    """The published list, searched when asked."""
    find = request.GET.get("find", "").strip()[:MOST_FIND]
    return show(request, "public/list.html", pack, now, rows=published(pack, now, find), find=find, most_find=MOST_FIND,
                today=timezone.localtime(now).date())  # fmt: skip
