"""Repeats proposed: which open or recent matters a new call may be about (R3). Nobody is told of another organisation's
matters; only how many alike ones others have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from liandong.queries.desk.parts import local
from liandong.queries.sight import hides_source, in_sight
from liandong.records.models import Draft, Matter
from liandong.rules.access import Actor
from liandong.rules.likeness import RECENT, Likeness, Told, likeness
from liandong.rules.say import Say

LOOKED_AT = 300
"""Matters compared at most, the newest first."""


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
    not repeats of it; secret matters of other desks are left out, also of the count."""
    root = matter.part_of_id or matter.pk
    rows = Matter.objects.filter(city=matter.city).filter(~Q(state="archived") | Q(received_at__gte=now - RECENT))
    rows = rows.exclude(Q(pk=root) | Q(pk=matter.pk) | Q(part_of=root) | Q(state="merged"))
    rows = rows.select_related("holder", "first_receiver", "contact").order_by("-received_at")
    ours = told(viewer, matter)
    if not matter.said:  # not saved yet: what is being typed
        typed = Draft.objects.filter(matter=matter).order_by("-saved_at").values_list("body", flat=True).first()
        ours = replace(ours, words=f"{matter.title} {typed or ''}")
    mine = Q(holder__code=viewer.desk)
    visible = rows.filter(pk__in=in_sight(viewer)).filter(mine | Q(secret=False))
    found = list(_compared(viewer, ours, visible))
    others = rows.exclude(pk__in=in_sight(viewer)).exclude(mine).filter(secret=False, source_hidden=False)
    elsewhere = sum(1 for _ in _compared(viewer, ours, others))
    best = sorted(found, key=lambda pair: (-pair[1].score, pair[0].received_at))[:most]
    return Repeats(tuple(_alike(viewer, m, like) for m, like in best), elsewhere)


def told(viewer: Actor, matter: Matter) -> Told:
    """What is compared of a matter: never the number of somebody who spoke in confidence to another desk."""
    contact = matter.contact
    number, place = (
        ("", matter.place) if hides_source(viewer, matter) else (contact.number, matter.place or contact.place)
    )
    return Told(number, matter.district or contact.district, place, f"{matter.title} {matter.said}", matter.received_at)


def _compared(viewer: Actor, ours: Told, rows: QuerySet[Matter]) -> Iterator[tuple[Matter, Likeness]]:
    for other in rows[:LOOKED_AT]:
        like = likeness(ours, told(viewer, other))
        if like.proposed:
            yield other, like


def _alike(viewer: Actor, m: Matter, like: Likeness) -> Alike:
    return Alike(m.pk, m.number, m.title, m.place, m.state, m.holder.short, m.holder.code == viewer.desk,
                 local(m.received_at), like.score, like.reasons)  # fmt: skip
