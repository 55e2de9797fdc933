"""After sign-in: the post, the seat, and the way to one's own page."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from liandong.actions import seats as seating
from liandong.actions import sign_in
from liandong.actions import views as viewing
from liandong.queries import people, reach
from liandong.rules.access import Actor, oneself
from liandong.web import chair
from liandong.web.entry import POST_KEY, act, page, sign_in_of, text, viewer_of
from liandong.web.language import COOKIE, KEPT
from liandong.web.pressed import by_press, signed_in
from liandong.web.show import THEMES, frame

STANDS_AT = "seat"
"""The cookie of a machine that stands at a seat."""
_PAGES = {"clerk": "unit", "duty_officer": "duty", "supervisor": "city", "administrator": "administration"}


@page()
def home(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Each post has its page; whoever takes calls sits down first."""
    if viewer.role in people.SEATED:
        return redirect("desk" if viewer.seat else "seats")
    return redirect(_PAGES[viewer.role])


@signed_in
def posts(request: HttpRequest) -> HttpResponse:
    """Choose the post to act in; with only one there is nothing to choose."""
    mine = people.posts(request.user.pk, timezone.now())
    shown = frame(request, viewer_of(request), tells=[f"person:{request.user.pk}"]) | {"posts": mine}
    return render(request, "account/posts.html", shown)


@by_press
@signed_in
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Act in this post from now on."""
    if people.actor(request.user.pk, pk, timezone.now()) is None:
        raise Http404
    request.session[POST_KEY] = pk
    chair.take(request, viewer_of(request))
    return redirect("home")


@page(*people.SEATED)
def seats(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """Choose the seat to sit at."""
    rows = people.seats(viewer, sign_in_of(request))
    elsewhere = next((row.number for row in rows if row.elsewhere), "")
    here = next((row for row in rows if row.mine and not row.elsewhere), None)
    known = request.COOKIES.get(STANDS_AT, "")
    usual = next((row for row in rows if str(row.id) == known and row.is_free), None)
    shown = frame(request, viewer, tells=[f"seats:{viewer.city}"]) | {
        "seats": rows,
        "elsewhere": elsewhere,
        "here": here,
        "usual": None if here or elsewhere else usual,
    }
    return render(request, "account/seats.html", shown)


@by_press
@signed_in
def sessions_ending(request: HttpRequest) -> HttpResponse:
    """各处都退出: every session of this person ends, this one too."""
    who = oneself(request.user.pk, request.user.work_no)
    sign_in.leave_everywhere(request.user, by=who, at=timezone.now())
    logout(request)
    return redirect("account_login")


@act
def sit(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """Take a seat. This browser knows from then on at which one it stands, whoever sits there next."""
    seating.sit(reach.seat(viewer, pk), by=viewer, at=at, key=key, session=sign_in_of(request))
    answer = redirect("desk")
    answer.set_cookie(
        STANDS_AT, str(pk), max_age=365 * 86400, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return answer


@act
def presence(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """Free, wrapping up, on a break, or off: the seat goes to the next."""
    seating.set_presence(reach.seat(viewer, pk), text(request, "presence"), by=viewer, at=at, key=key)
    answer = HttpResponse(status=204)
    if text(request, "presence") == "off":
        answer.headers["X-Go"] = "/seats/"
    return answer


@by_press
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the machine is set; kept in a cookie of this browser."""
    back = text(request, "next")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    answer = HttpResponseRedirect(back if safe else "/")
    chosen = text(request, "theme")
    if chosen in THEMES:
        answer.set_cookie("theme", chosen, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie("theme")
    return answer


@by_press
def language(request: HttpRequest) -> HttpResponse:
    """中文 or English; kept with the person who is signed in, and in a cookie of this browser for the public pages and
    the sign-in."""
    back, chosen = text(request, "next"), text(request, "language")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    answer = HttpResponseRedirect(back if safe else "/")
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(COOKIE, chosen, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
        if request.user.is_authenticated:
            viewing.speak(chosen, by=oneself(request.user.pk, request.user.work_no), at=timezone.now())
            request.session[KEPT] = chosen
    return answer
