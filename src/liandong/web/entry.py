"""How a request comes in: who is at the page, what may be refused, and how a refusal is shown in place."""

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from liandong.actions import seats
from liandong.queries import people
from liandong.queries.sight import NotFound
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid, Unable
from liandong.web import who
from liandong.web.pressed import by_press, signed_in
from liandong.words import fault

POST_KEY = "post"
BROWSER_KEY = "browser"
LONGEST_KEY = 60
_STATUS = {Conflict: 409, Invalid: 422, Forbidden: 403}


def viewer_of(request: HttpRequest) -> Actor | None:
    """The Actor of this session: the post chosen after sign-in, else the only one."""
    now = timezone.now()
    chosen, here = request.session.get(POST_KEY), sign_in_of(request)
    actor = people.actor(request.user.pk, chosen, now, here) if chosen else None
    if actor is None:
        mine = people.posts(request.user.pk, now)
        if len(mine) == 1:
            request.session[POST_KEY] = mine[0].id
            actor = people.actor(request.user.pk, mine[0].id, now, here)
    return actor


def alive(viewer: Actor) -> None:
    """The sign of life of a page beside the desk that asks again and again: who has it open sits at their seat."""
    if viewer.seat:
        seats.seen(viewer.seat, at=timezone.now())


def sign_in_of(request: HttpRequest) -> str:
    """What a seat remembers of the sign-in that sits there: a digest, so that reading the seats opens no session."""
    token = request.session.get(BROWSER_KEY, "")
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def page(*roles: str) -> Callable:
    """A page for people in these posts (all, when none is named); others go where their post works."""

    def wrap(view: Callable) -> Callable:
        @never_cache
        @signed_in
        @require_GET
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            viewer = viewer_of(request)
            if viewer is None:
                return redirect("posts")
            if roles and viewer.role not in roles:
                return redirect("home")
            try:
                return view(request, viewer, *args, **named)
            except NotFound:
                raise Http404 from None

        return answer

    return wrap


def act(view: Callable) -> Callable:
    """A write. The view gets the viewer, the key of this press and the time; what the rules refuse becomes a `.fault`
    fragment with the status that says which refusal it was, and everything typed stays where it is."""

    @by_press
    @signed_in
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        viewer = viewer_of(request)
        if viewer is None:
            return redirect("posts")
        try:
            if not who.may(viewer.role, request.resolver_match.url_name or ""):
                raise Forbidden("forbidden.press")
            return view(request, viewer, key_of(request), timezone.now(), *args, **named)
        except NotFound:
            raise Http404 from None
        except Unable as refused:
            return refusal(request, refused)

    answer.is_act = True
    return answer


def key_of(request: HttpRequest) -> str:
    """The idempotency key of one press: header, else form field; "" when a client sends none. A key belongs to its
    person, so that nobody meets another's answer."""
    key = request.headers.get("Idempotency-Key", "") or request.POST.get("key", "")
    return f"{request.user.pk}:{key[:LONGEST_KEY]}" if key else ""


def refusal(request: HttpRequest, refused: Unable) -> HttpResponse:
    """The refused act, told in place."""
    status = next((code for kind, code in _STATUS.items() if isinstance(refused, kind)), 422)
    shown = {"fault": fault(refused.say), "field": getattr(refused, "field", ""), "code": refused.say.code}
    if "json" in request.headers.get("Accept", ""):
        return HttpResponse(json.dumps({"fault": str(shown["fault"])}), status=status, content_type="application/json")
    return render(request, "fault.html", shown, status=status)


def text(request: HttpRequest, name: str) -> str:
    """A field of the form as it was written; the actions judge it. A browser sends each line's end as two characters: what is
    marked by its place in the words must count one, as the page does."""
    return request.POST.get(name, "").replace("\r\n", "\n")


def choice(request: HttpRequest, name: str) -> bool | None:
    """A yes or no of the form; None when nothing was chosen."""
    return {"yes": True, "no": False}.get(request.POST.get(name, ""))


def answers(request: HttpRequest) -> dict[str, str]:
    """The answers to the questions asked, as the page keeps them (JSON); anything else is no answer."""
    try:
        given = json.loads(request.POST.get("answers") or "{}")
    except ValueError:
        return {}
    if not isinstance(given, dict):
        return {}
    return {str(k)[:40]: v for k, v in list(given.items())[:40] if v in ("yes", "no", "unsure")}
