"""Who is at the page: a person in one post, at one seat."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from liandong.packs.opened import opened
from liandong.records.models import Desk, PackRelease, Person, Post, Seat, Unit
from liandong.rules.access import Actor
from liandong.rules.presence import SILENT

SEATED = ("operator", "dispatcher", "shift_leader")
"""Roles that take calls at a seat."""

# Every request of every page begins with this.
_ACTOR = """
    SELECT p.role, n.name, n.work_no, coalesce(d.code, ''), coalesce(u.code, ''), s.id, coalesce(s.number, ''), p.city
      FROM records_post p JOIN records_person n ON n.id = p.person_id AND n.is_active
      LEFT JOIN records_desk d ON d.id = p.desk_id LEFT JOIN records_unit u ON u.id = p.unit_id
      LEFT JOIN records_seat s ON s.person_id = p.person_id AND s.desk_id = p.desk_id AND s.session IN ('', %(session)s)
     WHERE p.id = %(post)s AND p.person_id = %(person)s AND (p.until_at IS NULL OR p.until_at > %(now)s)
     ORDER BY s.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post to choose from; `where` is the desk's or unit's name, or the city's for who works for all of it."""

    id: int
    role: str
    city: str
    where: str
    title: str
    desk: str
    unit: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat to sit at; `taken_by` is a colleague's work number, "" when it is free or mine. `elsewhere`: I sit there by
    another sign-in, on another machine. `on_call`: a call rings or talks there."""

    id: int
    number: str
    taken_by: str
    mine: bool
    elsewhere: bool = False
    out_of_service: bool = False
    on_call: bool = False

    @property
    def is_free(self) -> bool:
        """Whether nobody sits there and somebody may."""
        return not (self.taken_by or self.mine or self.out_of_service)


def actor(person_id: int, post_id: int | None, now: datetime, session: str = "") -> Actor | None:
    """The Actor of a signed-in person in a post of theirs that has not ended, at the seat of that desk they sit at.

    None when the post is not theirs: sign-in alone allows nothing. A seat held by another sign-in of the same person is
    not theirs here, until they move it by a press.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, {"person": person_id, "post": post_id, "now": now, "session": session})
        row = cursor.fetchone()
    if row is None:
        return None
    return Actor(**dict(zip(("role", "name", "work_no", "desk", "unit", "seat", "seat_no", "city"), row, strict=True)),
                 person=person_id)  # fmt: skip


def _posts(person_id: int, now: datetime):
    active = Person.objects.filter(pk=person_id, is_active=True)
    return Post.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=now), person__in=active)


def posts(person_id: int, now: datetime) -> tuple[PostRow, ...]:
    """The posts a person may act in today."""
    rows = _posts(person_id, now).select_related("desk", "unit").order_by("id")
    return tuple(
        PostRow(p.pk, p.role, p.city, _works(p, now), p.title,
                p.desk.code if p.desk else "", p.unit.code if p.unit else "")
        for p in rows
    )  # fmt: skip


def _works(post: Post, now: datetime) -> str:
    return post.desk.name if post.desk else post.unit.name if post.unit else city_name(post.city, now)


def seats(viewer: Actor, session: str = "") -> tuple[SeatRow, ...]:
    """The seats of the viewer's desk."""
    rows = Seat.objects.filter(desk__code=viewer.desk).select_related("person").order_by("number")
    return tuple(
        SeatRow(s.pk, s.number, s.person.work_no if s.person and s.person_id != viewer.person else "",
                s.person_id == viewer.person, s.person_id == viewer.person and s.session not in ("", session),
                s.out_of_service, s.presence in ("ringing", "talking"))
        for s in rows
    )  # fmt: skip


def empty_place(viewer: Actor, now: datetime) -> int | None:
    """A seat of the viewer's desk where nobody sits, or from where nobody has been heard for a minute; the first."""
    rows = Seat.objects.filter(Q(person__isnull=True) | Q(seen_at__lt=now - SILENT),
                               desk__code=viewer.desk, out_of_service=False)  # fmt: skip
    return rows.order_by("number").values_list("pk", flat=True).first()


def is_in_a_talk(viewer: Actor, now: datetime) -> bool:
    """Whether a seat of this person, in whatever post, rings or talks, and its page was heard a moment ago."""
    busy = Seat.objects.filter(person_id=viewer.person, presence__in=("ringing", "talking"))
    return busy.filter(seen_at__gte=now - SILENT).exists()


def workplace(viewer: Actor, now: datetime) -> str:
    """The viewer's desk by a short name that still says which city (楚雄州 12345), the unit's short name, or the city for
    who works for all of it."""
    if viewer.unit:
        return Unit.objects.filter(code=viewer.unit).values_list("short", flat=True).first() or ""
    short = Desk.objects.filter(code=viewer.desk).values_list("short", flat=True).first() if viewer.desk else ""
    return with_city(short or "", city_name(viewer.city, now))


def with_city(short: str, city: str) -> str:
    """A desk's short name outside its own city: 州 12345 → 楚雄州 12345; a county's own says where it is already."""
    return city + short.removeprefix(city[-1:]) if not short or short.startswith(city[-1:]) else short


def city_name(code: str, now: datetime) -> str:
    """The city as its pack in force calls it, 楚雄州; "" without a pack."""
    release = PackRelease.objects.in_force(code, timezone.localtime(now).date())
    return opened(release).city if release else ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of the demo city's invented people: how to sign in, who that is, and where they work."""

    username: str
    password: str
    name: str
    role: str
    where: str
    seat: str


DEMO_PASSWORD = "liandong-demo"
"""Of the demo's invented people alone; production refuses to start where they are (`liandong.ops.doctor`)."""


def demo_sign_ins(now: datetime) -> tuple[SignIn, ...]:
    """Everybody of the demo city who has a post, by city, then as they were made."""
    rows = Post.objects.filter(person__is_demo=True, person__is_active=True).select_related("person", "desk", "unit")
    cities = {code: city_name(code, now) for code in set(rows.values_list("city", flat=True))}
    seats = {s.extension: s.number for s in Seat.objects.filter(extension__startswith="8")}
    out = []
    for p in rows.order_by("id"):
        where = with_city(p.desk.short if p.desk else "", cities[p.city])
        if p.unit:
            where = p.unit.name if p.unit.short.startswith(cities[p.city][-1:]) else p.unit.short
        seat = seats.get(f"8{p.person.work_no}", "")
        out.append((p.city, SignIn(p.person.username, DEMO_PASSWORD, p.person.name, p.role, where, seat)))
    first = {city: n for n, (city, _) in reversed(list(enumerate(out)))}
    return tuple(row for _, row in sorted(out, key=lambda r: first[r[0]]))


def language(person: int) -> str:
    """The language this person has chosen, "" when they have not."""
    return Person.objects.filter(pk=person).values_list("language", flat=True).first() or ""
