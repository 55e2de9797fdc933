"""Who must be signed in, and what is only pressed: nobody is ever left before a blank page of the browser's own."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def signed_in(view: Callable) -> Callable:
    """A page or act for whoever is signed in; others go to the sign-in and from there to the page they were on."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **named)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else came_from(request))

    return answer


def by_press(view: Callable) -> Callable:
    """An address that is only pressed. Whoever opens it as a page (a bookmark, the way back after a sign-in) is told so
    in words and shown the way: 405."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **named)
        told = render(request, "405.html", status=405)
        told.headers["Allow"] = "POST"
        return told

    return answer


def came_from(request: HttpRequest) -> str:
    """The page of ours that this was pressed on; "/" when the browser does not say."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
