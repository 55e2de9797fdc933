"""Repeats proposed: which open or recent matters a new call may be about (R3). Nobody is told of another organisation's
matters; only how many alike ones others have."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from liandong.queries.desk.parts import local
from liandong.queries.glance import sights
from liandong.queries.sight import hides_source
from liandong.records.models import Desk, Draft, Matter
from liandong.rules.access import Actor
from liandong.rules.likeness import RECENT, Likeness, Told, likeness
from liandong.rules.say import Say

LOOKED_AT = 300
"""Matters compared at most of each sort, the newest first."""
_TOLD = ("pk", "district", "place", "title", "said", "received_at", "source_hidden", "first_receiver__code",
         "contact__number", "contact__district", "contact__place")  # fmt: skip


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
    """The proposals, the likeliest first, and how many alike matters other desks have that this viewer may not see."""

    proposed: tuple[Alike, ...]
    elsewhere: int


def alike(viewer: Actor, matter: Matter, now: datetime, *, most: int = 5) -> Repeats:
    """Matters like this one: open, or received within 72 hours. Parts of the same call, and what is already merged, are
    not repeats of it; secret matters of other desks are left out, also of the count.

    Compared are the newest of the viewer's own desk, then those of the same number and the newest of the others; only of
    what is alike is it asked whether the viewer may see it.
    """
    root, at = (
        matter.part_of_id or matter.pk,
        Desk.objects.filter(code=viewer.desk).values_list("pk", flat=True).first(),
    )
    rows = Matter.objects.filter(city=matter.city).exclude(Q(pk=root) | Q(pk=matter.pk) | Q(part_of=root))
    rows = rows.exclude(state="merged").order_by("-received_at")
    rows = rows.filter(~Q(state="archived") | Q(received_at__gte=now - RECENT))
    own = Q(holder=at)
    ours = told(viewer, matter)
    if not matter.said:  # not saved yet: what is being typed
        typed = Draft.objects.filter(matter=matter).order_by("-saved_at").values_list("body", flat=True).first()
        ours = replace(ours, words=f"{matter.title} {typed or ''}")
    likely: dict[UUID, Likeness] = {}
    for part in (rows.filter(own), rows.exclude(own).filter(secret=False)):
        newest = list(part.filter(received_at__gte=now - RECENT).values_list(*_TOLD)[:LOOKED_AT])
        if len(newest) < LOOKED_AT:  # a city of some size never comes here: its last three days are more than enough
            newest += part.filter(received_at__lt=now - RECENT).values_list(*_TOLD)[: LOOKED_AT - len(newest)]
        likely |= _compared(viewer, ours, newest)
    if ours.number:
        same = rows.filter(own | Q(secret=False), contact__number=ours.number)
        likely |= _compared(viewer, ours, same.values_list(*_TOLD)[:LOOKED_AT])
    found = {m.pk: m for m in Matter.objects.filter(pk__in=likely).select_related("holder", "first_receiver")}
    seen = sights(viewer, found.values())
    best = sorted(seen, key=lambda pk: (-likely[pk].score, found[pk].received_at))[:most]
    elsewhere = sum(1 for pk, m in found.items() if pk not in seen and not m.source_hidden and not m.secret)
    return Repeats(tuple(_alike(viewer, found[pk], likely[pk]) for pk in best), elsewhere)


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
