"""Repeats proposed: which open or recent matters a new call may be about (R3). Nobody is told of another organisation's
matters; only how many alike ones others have."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from liandong.queries.desk.parts import local
from liandong.queries.glance import sights
from liandong.queries.sight import hides_source
from liandong.records.models import Desk, Draft, Matter
from liandong.rules.access import Actor
from liandong.rules.likeness import RECENT, Likeness, Told, likeness
from liandong.rules.say import Say

LOOKED_AT = 300
"""Matters compared at most of each sort, the newest first."""
# Written out, and all of it one statement: asked in five, this was a third of what every look at a matter took.
_TOLD = """
    SELECT m.id, m.district, m.place, m.title, m.said, m.received_at, m.source_hidden, f.code AS first, c.number,
           c.district AS stood, c.place AS told_at
      FROM records_matter m JOIN records_contact c ON c.id = m.contact_id JOIN records_desk f ON f.id = m.first_receiver_id
     WHERE m.city = %(city)s AND m.id NOT IN (%(root)s, %(pk)s) AND m.part_of_id IS DISTINCT FROM %(root)s
       AND m.state <> 'merged' AND (m.state <> 'archived' OR m.received_at >= %(since)s)
"""
_OWN, _OTHERS = "AND m.holder_id = %(desk)s", "AND m.holder_id <> %(desk)s AND NOT m.secret"
_SORTS = {
    "own": f"{_OWN} AND m.received_at >= %(since)s ORDER BY m.received_at DESC LIMIT %(most)s",
    "own_old": f"{_OWN} AND m.received_at < %(since)s ORDER BY m.received_at DESC LIMIT %(most)s - (SELECT count(*) FROM own)",
    "others": f"{_OTHERS} AND m.received_at >= %(since)s ORDER BY m.received_at DESC LIMIT %(most)s",
    "others_old": f"{_OTHERS} AND m.received_at < %(since)s ORDER BY m.received_at DESC LIMIT %(most)s - (SELECT count(*) FROM others)",
    "same": "AND (m.holder_id = %(desk)s OR NOT m.secret) AND c.number = %(number)s ORDER BY m.received_at DESC LIMIT %(most)s",
}


def _statement(*sorts: str) -> str:
    parts = ", ".join(f"{name} AS MATERIALIZED ({_TOLD} {_SORTS[name]})" for name in sorts)
    return f"WITH {parts} {' UNION ALL '.join(f'SELECT * FROM {name}' for name in sorts)}"


_LOOKED = _statement("own", "own_old", "others", "others_old", "same")
_UNNUMBERED = _statement("own", "own_old", "others", "others_old")


@dataclass(frozen=True, slots=True)
class Alike:
    """One matter that may be the same. `mine`: held by the viewer's desk, so that it can be joined without asking."""

    id: UUID
    number: str
    title: str
    place: str
    state: str
    holder: str
    mine: bool
    received_at: datetime
    score: float
    reasons: tuple[Say, ...]


@dataclass(frozen=True, slots=True)
class Repeats:
    """The proposals, the likeliest first, and the alike matters of other desks that this viewer may not see."""

    proposed: tuple[Alike, ...]
    unseen: frozenset[UUID]

    @property
    def elsewhere(self) -> int:
        """How many those are: nothing else of them may be told."""
        return len(self.unseen)


def alike(viewer: Actor, matter: Matter, now: datetime, *, most: int = 5) -> Repeats:
    """Matters like this one: open, or received within 72 hours. Parts of the same call, and what is already merged, are
    not repeats of it; secret matters of other desks are left out, also of the count.

    Compared are the newest of the viewer's own desk, then those of the same number and the newest of the others; only of
    what is alike is it asked whether the viewer may see it.
    """
    ours = told(viewer, matter)
    if not matter.said:  # not saved yet: what is being typed
        typed = Draft.objects.filter(matter=matter).order_by("-saved_at").values_list("body", flat=True).first()
        ours = replace(ours, words=f"{matter.title} {typed or ''}")
    likely = _compared(viewer, ours, _candidates(viewer, matter, ours.number, now))
    if not likely:
        return Repeats((), frozenset())
    found = {m.pk: m for m in Matter.objects.filter(pk__in=likely).select_related("holder", "first_receiver")}
    seen = sights(viewer, found.values())
    best = sorted(seen, key=lambda pk: (-likely[pk].score, found[pk].received_at))[:most]
    unseen = frozenset(pk for pk, m in found.items() if pk not in seen and not m.source_hidden and not m.secret)
    return Repeats(tuple(_alike(viewer, found[pk], likely[pk]) for pk in best), unseen)


def _candidates(viewer: Actor, matter: Matter, number: str, now: datetime) -> list[tuple]:
    """The rows to compare. Of each sort first those of the last three days, which in a city of some size are more than
    enough; the older ones fill up what is left."""
    given = {
        "city": matter.city,
        "pk": matter.pk,
        "root": matter.part_of_id or matter.pk,
        "desk": _home(viewer, matter),
        "number": number,
        "since": now - RECENT,
        "most": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED if number else _UNNUMBERED, given)
        return cursor.fetchall()


def _home(viewer: Actor, matter: Matter) -> int:
    """The key of the viewer's desk, which is nearly always one of the matter's own; 0 for who sits at none."""
    known = {desk.code: desk.pk for desk in (matter.holder, matter.first_receiver)}
    if viewer.desk in known:
        return known[viewer.desk]
    return Desk.objects.filter(code=viewer.desk).values_list("pk", flat=True).first() or 0


def told(viewer: Actor, matter: Matter) -> Told:
    """What is compared of a matter: never the number of somebody who spoke in confidence to another desk."""
    contact = matter.contact
    number, place = (
        ("", matter.place) if hides_source(viewer, matter) else (contact.number, matter.place or contact.place)
    )
    return Told(number, matter.district or contact.district, place, f"{matter.title} {matter.said}", matter.received_at)


def _compared(viewer: Actor, ours: Told, rows: Iterable[tuple]) -> dict[UUID, Likeness]:
    """Those of the rows that are likely the same, read as plain columns: hundreds are looked at for each page."""
    out = {}
    for pk, district, place, title, said, at, hidden, first, number, stood, where in rows:
        shut = hidden and first != viewer.desk
        other = Told("" if shut else number, district or stood, place or ("" if shut else where), f"{title} {said}", at)
        like = likeness(ours, other)
        if like.proposed:
            out[pk] = like
    return out


def _alike(viewer: Actor, m: Matter, like: Likeness) -> Alike:
    return Alike(m.pk, m.number, m.title, m.place, m.state, m.holder.short, m.holder.code == viewer.desk,
                 local(m.received_at), like.score, like.reasons)  # fmt: skip
