"""Which language a page is in: Chinese, unless this browser has asked for English (a cookie). What the browser prefers
by itself is not asked: a desk is worked in the language its people have chosen."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "lang"


def chosen(request: HttpRequest) -> str:
    """The language of this browser, one of the settings' LANGUAGES."""
    asked = request.COOKIES.get(COOKIE, "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def speak(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: everything of a request is said in the language its browser has chosen."""

    def answer(request: HttpRequest) -> HttpResponse:
        with translation.override(chosen(request)):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    return answer
