"""What belongs together, as a desk sees it: old matters like this one, what was merged, the parts of one call, and what
another desk asks to take in (R3)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from liandong.queries.desk.page import MatterPage
from liandong.queries.desk.parts import local
from liandong.queries.glance import sights
from liandong.queries.repeats import alike
from liandong.queries.sight import found
from liandong.records.models import Joining, Link, Matter
from liandong.rules.access import Actor
from liandong.rules.say import Say


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier matter that may be the same. `reasons`: why, the strongest first. `linked`: it is 关联 already;
    `asked`: its desk has been asked to let it be merged here and has not said."""

    id: UUID
    number: str
    title: str
    received_at: datetime
    where: str
    state: str
    due_at: datetime | None
    mine: bool
    reasons: tuple[Say, ...]
    linked: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Relative:
    """A matter merged into this one, the one this went into, or a part of the same call."""

    id: UUID
    number: str
    title: str
    state: str
    holder: str
    this: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """并案商请 that waits for this desk's word. Of the other matter only its number: the rest is the other desk's."""

    id: UUID
    matter: UUID
    number: str
    title: str
    into: str
    by: str
    why: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Joins:
    """Everything of one matter that is joined, parted, or could be. `elsewhere`: how many
    alike matters, or ones of this number or place, other desks have that nobody here may see."""

    before: tuple[Before, ...]
    elsewhere: int
    merged: tuple[Relative, ...]
    into: Relative | None
    parts: tuple[Relative, ...]
    asked: tuple[Asked, ...]

    @property
    def open_before(self) -> int:
        """How many of the earlier matters are not done."""
        return sum(1 for row in self.before if row.state != "archived")


def joins(viewer: Actor, page: MatterPage, now: datetime, matter: Matter | None = None) -> Joins:
    """The joins of the matter of `page`; `matter`: its record, where the page has been found with it."""
    matter = matter or found(viewer, page.id)
    root, there = matter.part_of_id or matter.pk, page.there
    near = Q(pk=root) | Q(part_of=root) | Q(merged_into=matter, state="merged") | Q(pk=matter.merged_into_id)
    rows = Matter.objects.filter(near, city=matter.city).select_related("holder", "first_receiver")
    alone = not (matter.part_of_id or matter.merged_into_id or there.has("part") or there.has("merged"))
    rows = [matter] if alone else list(rows.order_by("received_at", "number"))
    kin = {m.pk for m in rows} | {matter.merged_into_id}
    seen = sights(viewer, [m for m in rows if m.pk != matter.pk]) | {matter.pk}
    rows = [m for m in rows if m.pk in seen]
    parts = tuple(_relative(m, matter) for m in rows if root in (m.pk, m.part_of_id))
    merged = tuple(_relative(m, matter) for m in rows if m.merged_into_id == matter.pk and m.state == "merged")
    parent = next((m for m in rows if m.pk == matter.merged_into_id), None)
    likely = alike(viewer, matter, now)
    unseen = (likely.unseen | page.old.unseen) - kin
    return Joins(() if parent else _before(page, matter, likely.proposed, kin), len(unseen), merged,
                 _relative(parent, matter) if parent else None, parts if len(parts) > 1 else (),
                 asked(viewer, page.id) if there.has("joining", "asked") else ())  # fmt: skip


def asked(viewer: Actor, matter: UUID | None = None) -> tuple[Asked, ...]:
    """What other desks ask of the viewer's desk, the first due first; of one matter, or of all it holds."""
    rows = Joining.objects.filter(state="asked", asked_of__code=viewer.desk or "-")
    rows = rows.filter(matter=matter) if matter else rows
    return tuple(
        Asked(j.pk, j.matter_id, j.matter.number, j.matter.title, j.into.number, j.asked_by.short, j.why,
              local(j.due_at))
        for j in rows.select_related("matter", "into", "asked_by").order_by("due_at", "pk")
    )  # fmt: skip


def _relative(m: Matter, this: Matter) -> Relative:
    return Relative(m.pk, m.number, m.title, m.state, m.holder.short, m.pk == this.pk)


def _before(page: MatterPage, matter: Matter, proposed: tuple, kin: set) -> tuple[Before, ...]:
    """The proposals, then what else is open of this number or this place, each once."""
    rows = {a.id: (a, a.reasons, a.holder, None) for a in proposed}
    for old in page.old.shown:
        reasons = rows[old.id][1] if old.id in rows else (Say(f"repeat.same_{old.by}"),)
        rows[old.id] = (old, reasons, old.where, old.due_at)
    rows = {pk: row for pk, row in rows.items() if pk not in kin and row[0].state != "merged"}
    joinings = Joining.objects.filter(matter__in=rows, state="asked").values_list("matter_id", flat=True)
    waiting = set(joinings) if rows else ()
    pairs = Link.objects.filter(Q(earlier=matter) | Q(later=matter)).values_list("earlier_id", "later_id")
    linked = {pk for pair in pairs for pk in pair} if page.there.has("link") else ()
    return tuple(
        Before(pk, m.number, m.title, m.received_at, where, m.state, due, m.mine, tuple(reasons), pk in linked,
               pk in waiting)
        for pk, (m, reasons, where, due) in rows.items()
    )  # fmt: skip
