"""How anybody comes in: no sign-in, no session; the city from the address, the language from a cookie."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liandong.queries.public.cities import cities, pack_of
from liandong.queries.sight import NotFound
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict, Unable
from liandong.web.show import THEMES
from liandong.words.public import public_fault

LANGUAGES = ("zh-hans", "en")
COOKIE = "lang"
TOO_MANY = ("form.too_many",)


def public(*methods: str) -> Callable:
    """A page for anybody: the view gets the pack of the city in its address and the time. Another city's address leads
    to the choice of cities. What is shown to one person is kept by no cache."""

    def wrap(view: Callable) -> Callable:
        @never_cache
        @require_http_methods(methods)
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            language = language_of(request)
            with translation.override(language):
                now = timezone.now()
                try:
                    pack = pack_of(named.pop("city"), now) if "city" in named else None
                except NotFound:
                    return redirect("public")
                given = (request, pack, now) if pack else (request, now)
                response = view(*given, *args, **named)
            if "lang" in request.GET:
                response.set_cookie(COOKIE, language, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
            return response

        return answer

    return wrap


def language_of(request: HttpRequest) -> str:
    """Chinese, unless English was asked for."""
    asked = request.GET.get("lang") or request.COOKIES.get(COOKIE, "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def show(request: HttpRequest, template: str, pack: Pack | None, now: datetime, *, status: int = 200,
         **shown: Any) -> HttpResponse:  # fmt: skip
    """Render a public page in its frame."""
    theme = request.COOKIES.get("theme", "")
    frame = {
        "pack": pack, "city": pack.city_code if pack else "", "now": timezone.localtime(now),
        "theme": theme if theme in THEMES else "", "language": translation.get_language(),
        "other": "en" if translation.get_language() != "en" else "zh-hans", "several": len(cities(now)) > 1,
    }  # fmt: skip
    return render(request, template, frame | shown, status=status)


def refused(request: HttpRequest, template: str, pack: Pack, now: datetime, why: Unable, **shown: Any) -> HttpResponse:
    """The page again with everything that was written and what to do about it."""
    status = 429 if why.say.code in TOO_MANY else 409 if isinstance(why, Conflict) else 422
    field = getattr(why, "field", "")
    return show(request, template, pack, now, status=status, fault=public_fault(why.say, field), field=field, **shown)


def fields(request: HttpRequest) -> dict[str, str]:
    """What was typed, field by field; the channel judges it."""
    return {name: request.POST.get(name, "") for name in request.POST}
