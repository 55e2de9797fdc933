"""管理: people, seats, units and keys of a city, for its administrator."""

import functools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liandong.actions import keys as keeping
from liandong.actions import people as staff
from liandong.actions import places, sign_in
from liandong.queries import administration as kept
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid
from liandong.rules.webhooks import KEY_KEPT
from liandong.web import show
from liandong.web.entry import act, page, text
from liandong.words.filling import say


def keeps(view: Callable) -> Callable:
    """A write of the administrator's: whoever else asks is refused before anything of the form is read."""

    @act
    @functools.wraps(view)
    def answer(request: HttpRequest, viewer: Actor, *args: Any, **named: Any) -> HttpResponse:
        access.require_administrator(viewer, viewer.city)
        return view(request, viewer, *args, **named)

    return answer


@page("administrator")
def administration(request: HttpRequest, viewer: Actor) -> HttpResponse:
    """The people of the city, which is where most work of an administrator begins."""
    words = request.GET.get("q", "")
    return _page(request, viewer, "people", {"people": kept.people(viewer, words, timezone.now()), "q": words[:40], "most": kept.MOST}
                 | _places(viewer))  # fmt: skip


@page("administrator")
def person(request: HttpRequest, viewer: Actor, pk: int) -> HttpResponse:
    """One of them, with posts."""
    return _page(request, viewer, "person", {"person": kept.person_line(viewer, pk, timezone.now()),
                                             "course": kept.course(viewer, pk)} | _places(viewer))  # fmt: skip


@keeps
def people(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """加人, with a first post; the printed initial password comes back once."""
    row = staff.add(text(request, "username"), text(request, "name"), text(request, "work_no"), text(request, "role"),
                    _place(request), by=viewer, at=at, key=key)  # fmt: skip
    return _once(
        request, "initial_password", row, say("{name}（{username}）的初始密码", name=row.name, username=row.username)
    )


@keeps
def change(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """改名字、工号."""
    staff.change(kept.person(viewer, pk), text(request, "name"), text(request, "work_no"), by=viewer, at=at, key=key)
    return redirect("person", pk=pk)


@keeps
def posts(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """给岗位."""
    staff.give_post(kept.person(viewer, pk), text(request, "role"), _place(request), by=viewer, at=at, key=key)
    return redirect("person", pk=pk)


@keeps
def post_ending(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """收岗位."""
    row = kept.post(viewer, pk)
    staff.end_post(row, text(request, "why"), by=viewer, at=at, key=key)
    return redirect("person", pk=row.person_id)


@keeps
def standing(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """停用 or 启用."""
    row = kept.person(viewer, pk)
    if text(request, "active") == "yes":
        staff.activate(row, by=viewer, at=at, key=key)
    else:
        staff.deactivate(row, text(request, "why"), by=viewer, at=at, key=key)
    return redirect("person", pk=pk)


@keeps
def password(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """发初始密码; shown once."""
    row = staff.reset_password(kept.person(viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    return _once(
        request, "initial_password", row, say("{name}（{username}）的初始密码", name=row.name, username=row.username)
    )


@keeps
def second_factor(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """清除二次验证, when a telephone was lost and the person is known to be who they say."""
    sign_in.clear_factor(
        kept.person(viewer, pk), text(request, "checked"), text(request, "why"), by=viewer, at=at, key=key
    )
    return redirect("person", pk=pk)


@keeps
def person_sessions(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """让他各处都退出."""
    sign_in.leave_everywhere(kept.person(viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    return redirect("person", pk=pk)


@page("administrator")
def seats(request: HttpRequest, viewer: Actor) -> HttpResponse:
    return _page(request, viewer, "seats", {"seats": kept.seats(viewer), "desks": kept.desks(viewer)})


@keeps
def seat_making(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """加席位."""
    places.add_seat(kept.desk(viewer, text(request, "desk")), text(request, "number"), text(request, "extension"),
                    _words(text(request, "skills")), by=viewer, at=at, key=key)  # fmt: skip
    return redirect("admin_seats")


@keeps
def seat_change(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """改席位, 停用."""
    places.change_seat(kept.seat(viewer, pk), text(request, "number"), text(request, "extension"),
                       _words(text(request, "skills")), text(request, "out") == "yes", by=viewer, at=at, key=key)  # fmt: skip
    return redirect("admin_seats")


@page("administrator")
def units(request: HttpRequest, viewer: Actor) -> HttpResponse:
    retired = request.GET.get("all") == "yes"
    return _page(request, viewer, "units", {"units": kept.units(viewer, retired), "all": retired})


@keeps
def unit_change(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """单位联系人, 时间, 有没有系统."""
    places.change_unit(kept.unit(viewer, pk), text(request, "contact"), text(request, "contact_phone"),
                       text(request, "hours"), text(request, "linked") == "yes", by=viewer, at=at, key=key)  # fmt: skip
    return redirect("admin_units")


@page("administrator")
def keys(request: HttpRequest, viewer: Actor) -> HttpResponse:
    return _page(request, viewer, "keys", {"keys": kept.keys(viewer), "scopes": access.SCOPES,
                                           "replaceable": timezone.now() - KEY_KEPT,
                                           "desks": kept.desks(viewer).exclude(platform="duty"), "units": kept.units(viewer)})  # fmt: skip


@keeps
def key_making(request: HttpRequest, viewer: Actor, key: str, at: datetime) -> HttpResponse:
    """发钥匙; shown once."""
    row = keeping.make(text(request, "name"), tuple(request.POST.getlist("scopes")), day(request, "ends_on"), desk=text(request, "desk"),
                       unit=text(request, "unit"), by=viewer, at=at, key=key)  # fmt: skip
    return _once(request, "secret", row, say("{name} 的钥匙", name=row.name))


@keeps
def key_rotation(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """换钥匙; the new one is shown once, the old one goes on for some days."""
    row = keeping.rotate(kept.key(viewer, pk), by=viewer, at=at, key=key)
    return _once(
        request, "secret", row, say("{name} 的新钥匙；旧的再用 {days} 天", name=row.name, days=keeping.OVERLAP.days)
    )


@keeps
def key_revocation(request: HttpRequest, viewer: Actor, key: str, at: datetime, pk: int) -> HttpResponse:
    """收钥匙."""
    keeping.revoke(kept.key(viewer, pk), text(request, "why"), by=viewer, at=at, key=key)
    return redirect("admin_keys")


def day(request: HttpRequest, name: str) -> date:
    """A day of the form; Invalid when it is none."""
    try:
        return date.fromisoformat(text(request, name).strip())
    except ValueError:
        raise Invalid("invalid.day", name) from None


def _page(request: HttpRequest, viewer: Actor, name: str, shown: dict) -> HttpResponse:
    section = "people" if name == "person" else name
    frame = show.frame(request, viewer, tells=[f"{section}:{viewer.city}"])
    return render(request, f"admin/{name}.html", frame | shown | {"section": section})


def _places(viewer: Actor) -> dict:
    return {"desks": kept.desks(viewer), "units": kept.units(viewer), "roles": access.ROLES}


def _place(request: HttpRequest) -> str:
    """A clerk's place is a unit, everybody else's a desk; the form holds both."""
    return text(request, "unit" if text(request, "role") == "clerk" else "desk")


def _words(typed: str) -> tuple[str, ...]:
    return tuple(typed.replace("，", "、").replace(",", "、").replace(" ", "、").split("、"))


def _once(request: HttpRequest, name: str, row: object, what: str) -> HttpResponse:
    """A secret on the page, this once; a press asked again gets none, because it is kept nowhere."""
    secret = getattr(row, name, "")
    if not secret:
        raise Conflict("conflict.shown_once")
    answer = render(request, "admin/once.html", {"what": what, "secret": secret})
    answer.headers["Cache-Control"] = "no-store"
    return answer
