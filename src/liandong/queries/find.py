"""Finding matters: one page of them, how many there are, all of them for a file. Always in the viewer's sight.

Two sources make one answer: the index for what is settled, the matters themselves for what Events have touched since
(docs/adr/0010-finding-index.md). Secrecy is asked of the matters, never of the index.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from liandong.queries import entries, narrow
from liandong.queries.desk.parts import local
from liandong.queries.sight import hides_source, in_sight
from liandong.records.models import Imported, Matter
from liandong.records.models.matter import SOONEST
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.wanted import ALL, Wanted

MOST = 50
"""Rows of one page."""
SPARE = 8
"""One entry of the index more for each so many: some matters are secret, or do not hold the word as it stands."""
COUNTED = 500
"""Counting stops here: "500+". Each one counted is looked up among all matters, and nobody leafs so far."""
COLUMNS = ("number", "title", "place", "district", "kind", "item", "nature", "state", "danger", "received_at", "late_at", "due_at",
           "lead_due_at", "archived_at", "source_hidden", "secret", "contact__number", "holder__short", "holder__code",
           "first_receiver__short", "first_receiver__code")  # fmt: skip
"""What a row of a list needs of a matter and what stands beside it: four whole records a row cost more than finding them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A matter as a list shows it; `phone` is masked, "" where it is hidden; `due_at` is the nearer of its own and its lead's
    limit."""

    id: UUID
    number: str
    title: str
    place: str
    district: str
    kind: str
    nature: str
    phone: str
    holder: str
    first: str
    state: str
    danger: str
    received_at: datetime
    due_at: datetime | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """`rows`, and where the next page begins (`after`, "" on the last). `by_due`: sorted by time left, else the newest
    first. `behind`: Events so far behind the index that the newest changes may be missing; 0 nearly always."""

    rows: tuple[Found, ...]
    after: str
    by_due: bool
    behind: int


def look(viewer: Actor, wanted: Wanted, now: datetime, *, after: str = "", most: int = MOST,
         tail: narrow.Tail | None = None) -> Page:  # fmt: skip
    """One page. `after` is what the page before handed out; anything else begins at the start. `tail`: where it is known."""
    tail, by_due = tail or narrow.tail(), narrow.by_due(wanted)
    rows = _ordered(viewer, wanted, now, tail, narrow.cursor(after, by_due), most + 1)
    following = narrow.spelled(rows[most - 1], by_due) if len(rows) > most else ""
    return Page(_shown(viewer, rows[:most]), following, by_due, tail.behind)


def count(viewer: Actor, wanted: Wanted, now: datetime, *, most: int = COUNTED,
          tail: narrow.Tail | None = None) -> tuple[int, bool]:  # fmt: skip
    """How many there are, and whether counting stopped at `most`."""
    tail = tail or narrow.tail()
    live = narrow.live(viewer, wanted, now, tail).order_by().values("pk")[: most + 1].count()
    found, touched = live, {str(pk) for pk in tail.matters}
    for ids in entries.any_of(viewer, wanted, now, most + most // SPARE + len(touched)):
        found = live + narrow.how_many(viewer, wanted, [pk for pk in ids if pk not in touched])
        if found > most:
            break
    return min(found, most), found > most


def every(viewer: Actor, wanted: Wanted, now: datetime, *, most: int) -> Iterator[Found]:
    """All of them up to `most`, in the page's order, read a thousand at a time."""
    after, left = "", most
    while left > 0:
        page = look(viewer, wanted, now, after=after, most=min(1000, left))
        yield from page.rows
        after, left = page.after, left - len(page.rows)
        if not after:
            return


def tail() -> narrow.Tail:
    """What the index does not hold yet, for a page that looks and counts more than once."""
    return narrow.tail()


def matters(viewer: Actor, words: str = "") -> tuple[Found, ...]:
    """The first page of the matters that hold `words`, ended ones too."""
    return look(viewer, Wanted(words=words.replace("\x00", "").strip(), state=ALL), timezone.now()).rows


def by_number(viewer: Actor, number: str) -> UUID | None:
    """The newest matter of this number in sight ("1118-0427"; numbers return every year)."""
    years = range(timezone.now().year - 20, timezone.now().year + 2)  # the index is by city, year, number
    rows = in_sight(viewer).filter(year__in=years, number=number.replace("\x00", "")[:20])
    row = rows.order_by("-received_at").first()
    return row.pk if row else None


def came_from(pk: UUID) -> str:
    """The other system that a matter was brought in from; "" for one of ours. Asked for a matter already found."""
    return Imported.objects.filter(pk=pk).values_list("source", flat=True).first() or ""


def _ordered(viewer: Actor, wanted: Wanted, now: datetime, tail: narrow.Tail, start: narrow.Cursor | None,
             most: int) -> list[Matter]:  # fmt: skip
    by_due = narrow.by_due(wanted)
    order = (SOONEST, "pk") if by_due else ("-received_at", "-pk")
    live = narrow.after(narrow.live(viewer, wanted, now, tail), "", start, by_due)
    found = list(_read(live).order_by(*order)[:most])
    enough, touched = len(found) + most, {str(pk) for pk in tail.matters}
    for ids in entries.settled(viewer, wanted, now, start, most + most // SPARE):
        found += _read(narrow.matched(viewer, wanted, [pk for pk in ids if pk not in touched]))
        if len(found) >= enough:
            break
    found.sort(key=lambda m: (m.limit_at, m.pk) if by_due else (m.received_at, m.pk), reverse=not by_due)
    return found[:most]


def _read(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.select_related("holder", "first_receiver", "contact").only(*COLUMNS)


def _shown(viewer: Actor, rows: list[Matter]) -> tuple[Found, ...]:
    return tuple(_found(viewer, m) for m in rows)


def _found(viewer: Actor, m: Matter) -> Found:
    phone = "" if hides_source(viewer, m) else wording.masked(m.contact.number)
    return Found(m.pk, m.number, m.title, m.place, m.district, m.item or m.kind, m.nature, phone, m.holder.short,
                 m.first_receiver.short, m.state, m.danger, local(m.received_at), local(m.limit_at),
                 local(m.archived_at))  # fmt: skip
