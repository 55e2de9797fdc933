"""People and their posts, as an administrator of the city keeps them: who is here, what they are at which desk or unit,
how they come in. The last administrator of a city always stays, and nobody changes what they are themselves."""

import re
import secrets
from datetime import datetime

from django.db.models import Q

from liandong.actions.acting import action, stream_event
from liandong.records.models import Desk, Person, Post, Seat, Unit
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another on paper
AT_DESK = {"operator": ("12345",), "dispatcher": ("110",), "shift_leader": ("12345", "110"), "duty_officer": ("duty",)}
"""The platforms whose desks a role works at; a clerk works in a unit, the others for the whole city."""
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,29}")
_WORK_NO = re.compile(r"[A-Z0-9]{2,12}")


@action
def add(username: str, name: str, work_no: str, role: str, place: str, *, by: Actor, at: datetime) -> Person:
    """Somebody new with a first post at `place` (desk or unit code). The answer carries `initial_password` once; asked
    again under the same key it does not, because the password is kept nowhere. Invalid, Forbidden."""
    access.require_administrator(by, by.city)
    named = {"name": _name(name), "work_no": _work_no(work_no), "username": _username(username)}
    if Person.objects.filter(username=named["username"]).exists():
        raise Invalid("invalid.username_taken", "username")
    if Person.objects.filter(work_no=named["work_no"]).exists():
        raise Invalid("invalid.work_no_taken", "work_no", value=named["work_no"])
    first = _initial_password()
    person = Person.objects.create_user(named.pop("username"), first, must_change_password=True, **named)
    stream_event(_stream(by), "person.added", by=by, at=at, person=person.pk, of=person.work_no)
    _give(person, role, place, by=by, at=at)
    person.initial_password = first
    return person


@action
def change(person: Person, name: str, work_no: str, *, by: Actor, at: datetime) -> Person:
    """Another name or work number."""
    _require_ours(person, by)
    number = _work_no(work_no)
    if Person.objects.filter(work_no=number).exclude(pk=person.pk).exists():
        raise Invalid("invalid.work_no_taken", "work_no", value=number)
    Person.objects.filter(pk=person.pk).update(name=_name(name), work_no=number)
    stream_event(_stream(by), "person.changed", by=by, at=at, person=person.pk, of=number, was=person.work_no)
    person.refresh_from_db()
    return person


@action
def give_post(person: Person, role: str, place: str, *, by: Actor, at: datetime) -> Post:
    """One more post. Forbidden for oneself: another administrator gives it."""
    _require_ours(person, by)
    if person.pk == by.person:
        raise Forbidden("forbidden.own_post")
    return _give(person, role, place, by=by, at=at)


@action
def end_post(post: Post, why: str, *, by: Actor, at: datetime) -> Post:
    """The post ends now, with the reason; the seat of its desk is free."""
    access.require_administrator(by, post.city)
    reason = _reason(why)
    if post.role == "administrator":
        _keep_one_administrator(by, at, but_post=post.pk)
    standing = Post.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), pk=post.pk)
    if standing.update(until_at=at) != 1:
        raise Conflict("conflict.post_ended")
    _free_seat(post.person_id, at, desk=post.desk_id)
    stream_event(_stream(by), "post.ended", by=by, at=at, topics=(f"person:{post.person_id}",), person=post.person_id,
                 role=post.role, place=_place(post), private=reason)  # fmt: skip
    post.refresh_from_db()
    return post


@action
def deactivate(person: Person, why: str, *, by: Actor, at: datetime) -> Person:
    """Nobody signs in by this name any more, and why; whoever is signed in is out at once. What they did stays."""
    _require_ours(person, by)
    if person.pk == by.person:
        raise Forbidden("forbidden.own_account")
    reason = _reason(why)
    _keep_one_administrator(by, at, but_person=person.pk)
    _switch(person, False)
    _free_seat(person.pk, at)
    stream_event(_stream(by), "person.deactivated", by=by, at=at, person=person.pk, of=person.work_no, private=reason)
    return person


@action
def activate(person: Person, *, by: Actor, at: datetime) -> Person:
    """They may sign in again, with the password and the posts they had."""
    _require_ours(person, by)
    _switch(person, True)
    stream_event(_stream(by), "person.activated", by=by, at=at, person=person.pk, of=person.work_no)
    return person


@action
def reset_password(person: Person, why: str, *, by: Actor, at: datetime) -> Person:
    """A printed initial password instead of the old one, and why, to be changed at the first sign-in; every session ends.
    The answer carries `initial_password` once."""
    _require_ours(person, by)
    if person.pk == by.person:
        raise Forbidden("forbidden.own_account")
    reason = _reason(why)
    first = _initial_password()
    person.set_password(first)
    Person.objects.filter(pk=person.pk).update(password=person.password, must_change_password=True)
    stream_event(
        _stream(by), "person.password_reset", by=by, at=at, person=person.pk, of=person.work_no, private=reason
    )
    person.refresh_from_db()
    person.initial_password = first
    return person


def _give(person: Person, role: str, place: str, *, by: Actor, at: datetime) -> Post:
    if role not in access.ROLES:
        raise Invalid("invalid.role", "role")
    desk = unit = None
    if role == "clerk":
        unit = Unit.objects.filter(code=place, city=by.city, retired=False).first()
        if unit is None:
            raise Invalid("invalid.post_unit", "place")
    elif role in AT_DESK:
        desk = Desk.objects.filter(code=place, city=by.city, platform__in=AT_DESK[role]).first()
        if desk is None:
            raise Invalid("invalid.post_desk", "place")
    post, fresh = Post.objects.get_or_create(person=person, role=role, city=by.city, desk=desk, unit=unit)
    if not fresh and (post.until_at is None or post.until_at > at):
        raise Conflict("conflict.post_held")
    Post.objects.filter(pk=post.pk).update(until_at=None)
    stream_event(_stream(by), "post.given", by=by, at=at, topics=(f"person:{person.pk}",), person=person.pk,
                 of=person.work_no, role=role, place=_place(post))  # fmt: skip
    post.refresh_from_db()
    return post


def _require_ours(person: Person, by: Actor) -> None:
    """Who works, or worked, in another city too is kept there; both administrators would have to agree on paper."""
    access.require_administrator(by, by.city)
    if by.role != "system" and set(person.posts.values_list("city", flat=True)) != {by.city}:
        raise Forbidden("forbidden.person_elsewhere")


def _keep_one_administrator(by: Actor, at: datetime, but_post: int = 0, but_person: int = 0) -> None:
    """Refuse what would leave the city without an administrator who can sign in."""
    posts = Post.objects.select_for_update().filter(role="administrator", city=by.city, person__is_active=True)
    standing = list(posts.filter(Q(until_at__isnull=True) | Q(until_at__gt=at)))
    touched = [p for p in standing if p.pk == but_post or p.person_id == but_person]
    if touched and len(touched) == len(standing):
        raise Conflict("conflict.last_administrator")


def _switch(person: Person, active: bool) -> None:
    if Person.objects.filter(pk=person.pk, is_active=not active).update(is_active=active) != 1:
        raise Conflict("conflict.person_switched")
    person.refresh_from_db()


def _free_seat(person: int, at: datetime, desk: int | None = None) -> None:
    seats = Seat.objects.filter(person_id=person)
    (seats.filter(desk_id=desk) if desk else seats).update(person=None, presence="off", presence_at=at, session="")


def _stream(by: Actor) -> str:
    return f"people:{by.city}"


def _place(post: Post) -> str:
    return post.desk.code if post.desk else post.unit.code if post.unit else post.city


def _initial_password() -> str:
    """Twelve letters in threes of four, some sixty bits, to be read from paper once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _reason(why: str) -> dict[str, str]:
    """Why, in the administrator's own words: kept beside the chain, where the law can erase it."""
    return {"why": wording.reason(why)}


def _username(value: str) -> str:
    name = value.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise Invalid("invalid.username", "username")
    return name


def _work_no(value: str) -> str:
    number = value.strip().upper()
    if not _WORK_NO.fullmatch(number):
        raise Invalid("invalid.work_no", "work_no")
    return number


def _name(value: str) -> str:
    name = wording.line(value, "name", 40)
    if not name:
        raise Invalid("invalid.empty", "name")
    return name
