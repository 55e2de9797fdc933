"""Pages of the door that say no: locked after too many wrong passwords, and a form whose token is no longer good."""

from datetime import timedelta
from urllib.parse import urlsplit

from axes.helpers import get_cool_off
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import requires_csrf_token

from liandong.actions import sign_in
from liandong.channels.address import address
from liandong.records.models import Person
from liandong.rules.access import oneself

NEVER_SHOWN = ("password", "password1", "password2", "oldpassword", "code", "csrfmiddlewaretoken")
LONGEST = 20_000


def closed(request: HttpRequest, **named: str) -> HttpResponse:
    """A page of the sign-in library that this house has no use for (sign-up, mail)."""
    raise Http404


def locked(request: HttpRequest, response: HttpResponse | None = None, credentials: dict | None = None) -> HttpResponse:
    """Too many wrong passwords: when it opens again and whom to ask. Told once, not at every further try."""
    wait = get_cool_off(request) or timedelta(minutes=15)
    until = timezone.localtime() + wait
    name = str((credentials or {}).get("username") or request.POST.get("login", ""))
    person = Person.objects.filter(username=name).first()
    who = oneself(person.pk if person else None, person.work_no if person else "")
    sign_in.locked_out(person, address(request), int(wait.total_seconds() // 60), by=who, at=timezone.now())
    return render(
        request, "account/locked.html", {"until": until, "minutes": int(wait.total_seconds() // 60)}, status=429
    )


@requires_csrf_token
def token_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The press did not count. What was typed is shown again and can be sent again, if it was typed on a page of ours:
    a form from elsewhere is told nothing and offered nothing."""
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse({"fault": gettext("登录已换或过期，这一按没有算数。刷新后再按。")}, status=403)
    ours = urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
    typed = []
    if ours and request.method == "POST":
        typed = [(name, value[:LONGEST]) for name in request.POST if name not in NEVER_SHOWN
                 for value in request.POST.getlist(name)]  # fmt: skip
    again = request.get_full_path() if typed and not request.FILES and request.user.is_authenticated else ""
    return render(request, "403_csrf.html", {"typed": typed, "again": again}, status=403)
