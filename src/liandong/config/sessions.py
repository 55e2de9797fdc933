"""Sessions end: after one shift, and after standing idle where nobody waits for calls. Before anything else a printed
password is changed and a second factor is set up."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode

from liandong.actions import sign_in
from liandong.records.models import Post, Seat
from liandong.rules.access import oneself

SHIFT = timedelta(hours=12)
BEGAN, SEEN, BROWSER = "began", "seen", "browser"
WATCHES = ("operator", "dispatcher", "shift_leader", "duty_officer")
"""Roles that wait for calls and alarms: a quiet night does not sign them out."""
_NOTED_EVERY = timedelta(seconds=60)
_OF_THE_DOOR = ("/accounts/", "/theme/", "/static/", "/healthz", "/readyz", "/metrics")


def standing(now: datetime) -> Q:
    """Posts that have not ended."""
    return Q(until_at__isnull=True) | Q(until_at__gt=now)


def begin(request: HttpRequest) -> None:
    """A sign-in begins: its clock, and a name for this browser that seats are held under."""
    now = timezone.now().timestamp()
    request.session[BEGAN] = request.session[SEEN] = now
    request.session[BROWSER] = secrets.token_hex(16)


def keep_door(get_response: Callable) -> Callable:
    """Middleware: ends sessions whose time is over and holds back who must first change a password or set up codes."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            turned = _ended(request) or _held_back(request)
            if turned is not None:
                return turned
        return get_response(request)

    return answer


def _ended(request: HttpRequest) -> HttpResponse | None:
    """The way back to the sign-in when this session is over, else None; notes that somebody is there."""
    now = timezone.now()
    if BEGAN not in request.session:
        begin(request)
    began, seen = (_moment(request.session[name]) for name in (BEGAN, SEEN))
    if now - began > SHIFT:
        cause = "shift"
    elif now - seen > timedelta(minutes=settings.IDLE_MINUTES) and not _keeps_watch(request.user.pk, now):
        cause = "idle"
    else:
        if _by_hand(request) and now - seen > _NOTED_EVERY:
            request.session[SEEN] = now.timestamp()
        return None
    if Seat.objects.filter(person_id=request.user.pk, presence__in=["ringing", "talking"]).exists():
        return None  # never in the middle of a call
    user = request.user
    sign_in.went_out(user, cause, by=oneself(user.pk, user.work_no), at=now)
    logout(request)
    back = request.get_full_path() if request.method == "GET" and "HX-Request" not in request.headers else "/"
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back, 'ended': cause})}")


def _held_back(request: HttpRequest) -> HttpResponse | None:
    if request.path.startswith(_OF_THE_DOOR):
        return None
    if request.user.must_change_password:
        return redirect("account_change_password")
    roles = settings.SECOND_FACTOR_ROLES
    if roles and not request.session.get("factor"):
        posts = Post.objects.filter(standing(timezone.now()), person_id=request.user.pk, role__in=roles)
        has = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP)
        if posts.exists() and not has.exists():
            return redirect("mfa_activate_totp")
        if has.exists():
            request.session["factor"] = True
    return None


def _by_hand(request: HttpRequest) -> bool:
    """Whether a person did this: a page opened or a key pressed, not what a page fetches by itself."""
    return not request.path.endswith("/pulse/") and (request.method == "POST" or "HX-Request" not in request.headers)


def _keeps_watch(person: int, now: datetime) -> bool:
    return Post.objects.filter(standing(now), person_id=person, role__in=WATCHES).exists()


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, timezone.get_current_timezone())
