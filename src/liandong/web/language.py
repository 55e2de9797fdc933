"""Which language a page is in: what the person who is signed in has chosen, on whatever machine; else what this browser
was told last (a cookie); else Chinese. What the browser prefers by itself is not asked: a desk is worked in the language
its people have chosen."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from liandong.queries import people
from liandong.web import foreign

COOKIE = "lang"


KEPT = "language"
"""Where a session keeps its person's choice, so that it is read once a sign-in."""


def chosen(request: HttpRequest) -> str:
    """The language of this request, one of the settings' LANGUAGES."""
    person = request.session.get(SESSION_KEY)
    if person and KEPT not in request.session:
        request.session[KEPT] = people.language(int(person))
    asked = request.session.get(KEPT) or request.COOKIES.get(COOKIE, "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def speak(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: everything of a request is said in the language its browser has chosen."""

    def answer(request: HttpRequest) -> HttpResponse:
        with translation.override(chosen(request)):
            response = get_response(request)
            language = translation.get_language() or settings.LANGUAGE_CODE
            response.headers.setdefault("Content-Language", language)
            if language == "en" and response.headers.get("Content-Type", "").startswith("text/html"):
                _mark(response)
        return response

    return answer


def _mark(response: HttpResponse) -> None:
    if response.streaming:
        return
    response.content = foreign.marked(response.content.decode(response.charset))
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
