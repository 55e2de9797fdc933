"""What an administrator of a city sees: people, seats, units and keys; never a matter, a caller or a word that was said."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from liandong.queries.ended import ended
from liandong.queries.sight import NotFound
from liandong.records.models import Desk, Event, Person, Post, Seat, SystemKey, Unit
from liandong.rules.access import Actor

MOST = 200
"""Rows of a list; more are found by narrowing it."""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post of somebody; `where` is the desk's or unit's name, "" for the whole city."""

    id: int
    role: str
    where: str
    ended: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One of the city's people. `elsewhere`: has posts in another city too, and is not changed from here."""

    id: int
    username: str
    name: str
    work_no: str
    active: bool
    must_change: bool
    factor: bool
    seen_at: datetime | None
    seat: str
    posts: tuple[PostLine, ...]
    elsewhere: bool
    mine: bool


def people(viewer: Actor, words: str, now: datetime) -> tuple[PersonLine, ...]:
    """The people with a post in the viewer's city, by name, work number or user name; the active ones first."""
    rows = _people(viewer)
    if words.strip():
        said = words.strip()[:40]
        rows = rows.filter(Q(name__icontains=said) | Q(username__icontains=said) | Q(work_no__icontains=said))
    return _lines(viewer, rows.order_by("-is_active", "work_no")[:MOST], now)


def person_line(viewer: Actor, pk: int, now: datetime) -> PersonLine:
    """One of them; NotFound for somebody of another city."""
    found = _lines(viewer, _people(viewer).filter(pk=pk), now)
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to an account: which kind of Event, when, by whose work number, why, how the person was recognised;
    of a post the role and where."""

    kind: str
    at: datetime
    work_no: str
    why: str
    checked: str
    role: str
    where: str
    facts: dict[str, Any]


OF_ACCOUNT = ("sign_in.factor_cleared", "sign_in.ended_everywhere", "sign_in.locked")
"""Of somebody's stream of sign-ins, what belongs to how the account is kept."""


def course(viewer: Actor, pk: int) -> tuple[Done, ...]:
    """What was done to somebody's account and posts in the viewer's city, the newest first, thirty of it."""
    kept = Q(stream=f"people:{viewer.city}", body__contains=f'"person":{pk},')
    rows = Event.objects.filter(kept | Q(stream=f"sign-in:{pk}", kind__in=OF_ACCOUNT)).order_by("-at", "-pk")[:30]
    told = [(e, json.loads(e.body), json.loads(e.private) if e.private else {}) for e in rows]
    codes = {body.get("place", "") for _, body, _ in told}
    named = {row.code: row.name for model in (Desk, Unit) for row in model.objects.filter(code__in=codes)}
    return tuple(
        Done(e.kind, e.at, body["by"].get("work_no", ""), said.get("why", ""), said.get("checked", ""),
             body.get("role", ""), named.get(body.get("place", ""), ""), body)
        for e, body, said in told
    )  # fmt: skip


def person(viewer: Actor, pk: int) -> Person:
    """The record an act is asked about."""
    return _one(_people(viewer), pk)


def post(viewer: Actor, pk: int) -> Post:
    return _one(Post.objects.select_related("person", "desk", "unit").filter(city=viewer.city), pk)


def desk(viewer: Actor, code: str) -> Desk:
    found = Desk.objects.filter(city=viewer.city, code=code).first()
    if found is None:
        raise NotFound
    return found


def seat(viewer: Actor, pk: int) -> Seat:
    return _one(Seat.objects.select_related("desk").filter(desk__city=viewer.city), pk)


def unit(viewer: Actor, pk: int) -> Unit:
    return _one(Unit.objects.filter(city=viewer.city), pk)


def key(viewer: Actor, pk: int) -> SystemKey:
    return _one(SystemKey.objects.filter(city=viewer.city), pk)


def seats(viewer: Actor) -> QuerySet[Seat]:
    """Every seat of the city's desks, with who sits there."""
    return Seat.objects.filter(desk__city=viewer.city).select_related("desk", "person").order_by("desk__code", "number")


def desks(viewer: Actor) -> QuerySet[Desk]:
    return Desk.objects.filter(city=viewer.city).order_by("code")


def units(viewer: Actor, retired: bool = False) -> QuerySet[Unit]:
    """The units of the pack in force; those of earlier versions only when asked for."""
    rows = Unit.objects.filter(city=viewer.city).order_by("retired", "code")
    return rows if retired else rows.filter(retired=False)


def keys(viewer: Actor) -> list[SystemKey]:
    """The city's keys, the newest first; revoked and ended ones stay in the list, with `revoked`: by whom and why."""
    rows = SystemKey.objects.filter(city=viewer.city).select_related("made_by", "desk", "unit").order_by("-made_at")
    gone = {row.of: row for row in ended(f"keys:{viewer.city}", "key.revoked", "key")}
    for key in (found := list(rows)):
        key.revoked = gone.get(key.pk)
    return found


def _one(rows: QuerySet, pk: int):
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _people(viewer: Actor) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=Post.objects.filter(city=viewer.city).values("person_id"))


def _lines(viewer: Actor, rows: QuerySet[Person], now: datetime) -> tuple[PersonLine, ...]:
    rows = list(rows.prefetch_related("posts__desk", "posts__unit"))
    ids = [p.pk for p in rows]
    seats_of = {s.person_id: s for s in Seat.objects.filter(person_id__in=ids).select_related("desk")}
    kind = Authenticator.Type.TOTP
    with_factor = set(Authenticator.objects.filter(user_id__in=ids, type=kind).values_list("user_id", flat=True))
    out = []
    for p in rows:
        mine = sorted((t for t in p.posts.all() if t.city == viewer.city), key=lambda t: t.pk)
        at = seats_of.get(p.pk)
        lines = tuple(PostLine(t.pk, t.role, t.desk.name if t.desk else t.unit.name if t.unit else "",
                               bool(t.until_at and t.until_at <= now)) for t in mine)  # fmt: skip
        out.append(PersonLine(p.pk, p.username, p.name, p.work_no, p.is_active, p.must_change_password,
                              p.pk in with_factor, p.last_login, f"{at.desk.short} {at.number}" if at else "",
                              tuple(sorted(lines, key=lambda t: t.ended)), len(mine) < len(p.posts.all()),
                              p.pk == viewer.person))  # fmt: skip
    return tuple(out)
