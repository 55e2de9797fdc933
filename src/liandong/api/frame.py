"""What holds for every address below /api/: the caller's language, and that no answer is a page for people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from liandong.api.problems import KIND, problem
from liandong.rules.say import Say

PREFIX = "/api/"
_PAGES = {404: "invalid.api_address", 405: "invalid.api_method", 400: "invalid.api_request", 500: "conflict.api_fault"}
"""What Django itself answers with a page, and the code it is told by instead."""

_SPOKEN = {"zh": "zh-hans", "en": "en"}


def language(request: HttpRequest) -> str:
    """English when it is asked for before Chinese (Accept-Language), else Chinese."""
    for asked, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200].lower()):
        spoken = _SPOKEN.get(asked.partition("-")[0])
        if spoken:
            return spoken
    return "zh-hans"


def for_machines(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after the one that chooses a person's language."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return get_response(request)
        with translation.override(language(request)):
            response = get_response(request)
            if response.status_code in _PAGES and response.headers.get("Content-Type", "") != KIND:
                page, response = response, problem(response.status_code, Say(_PAGES[response.status_code]))
                if "Allow" in page.headers:
                    response.headers["Allow"] = page.headers["Allow"]
            response.headers["Content-Language"] = translation.get_language()
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return answer
