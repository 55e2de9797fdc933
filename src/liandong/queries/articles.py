"""知识库 as people read it: found by words, proposed by the matter, listed for who must look again."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from liandong.queries.sight import NotFound
from liandong.records.models import Article, Desk, Event, Unit
from liandong.rules import articles as rules
from liandong.rules import grams
from liandong.rules.access import Actor
from liandong.rules.pack import Item, Kind, Pack

MOST = 60
"""Articles on one page; more are found by narrowing."""
PROPOSED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """An article. `overdue`: the day of its review has come. `made_up`: the project's own, until the city says so."""

    id: UUID
    title: str
    body: str
    owner: str
    owner_name: str
    document: str
    document_number: str
    document_on: date | None
    review_on: date
    overdue: bool
    made_up: bool
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    version: int
    changed_at: datetime
    changed_by: str
    withdrawn_at: datetime | None
    mine: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Past:
    """One act of an article's course; `title` and `body` are what it said before."""

    kind: str
    at: datetime
    work_no: str
    version: int
    title: str
    body: str
    why: str


def _all(viewer: Actor) -> QuerySet[Article]:
    rows = Article.objects.filter(city=viewer.city) if rules.may_read(viewer) else Article.objects.none()
    return rows.select_related("desk", "unit").defer("lexemes")


def _row(viewer: Actor, a: Article, today: date) -> Row:
    owner = a.unit or a.desk
    mine = owner.code in (viewer.unit, viewer.desk)
    unit = a.unit.code if a.unit else ""
    return Row(a.pk, a.title, a.body, owner.code, owner.short, a.document, a.document_number, a.document_on, a.review_on,
               a.review_on <= today, a.grade == "project-default", tuple(a.kinds), tuple(a.words), a.version,
               timezone.localtime(a.changed_at), a.changed_by,
               timezone.localtime(a.withdrawn_at) if a.withdrawn_at else None, mine,
               rules.may_edit(viewer, a.city, unit))  # fmt: skip


def found(viewer: Actor, words: str, now: datetime, *, most: int = MOST) -> tuple[Row, ...]:
    """The articles that hold all of these words, titles before texts; all of them, by title, when nothing is asked."""
    today = timezone.localtime(now).date()
    runs = grams.runs(words.replace("\x00", "")[:200])
    rows = _all(viewer).filter(withdrawn_at=None)
    if words.strip() and not runs:
        return ()
    if not runs:
        return tuple(_row(viewer, a, today) for a in rows.order_by("title")[:most])
    narrowed = rows.filter(lexemes__holds=grams.asked(runs)).order_by("title")[:500]
    exact = [a for a in narrowed if all(run in grams.folded(" ".join([a.title, a.body, *a.words])) for run in runs)]
    exact.sort(key=lambda a: -sum(run in grams.folded(" ".join([a.title, *a.words])) for run in runs))
    return tuple(_row(viewer, a, today) for a in exact[:most])


def proposed(
    viewer: Actor, codes: tuple[str, ...], said: str, now: datetime, *, most: int = PROPOSED
) -> tuple[Row, ...]:
    """What may be answered with, best first: by the matter's item and kind, and by the articles' own words in the text."""
    today = timezone.localtime(now).date()
    wanted = {code for code in codes if code} | {code.split(".")[0] for code in codes if code}
    able = _all(viewer).filter(withdrawn_at=None).filter(Q(kinds__overlap=sorted(wanted)) | ~Q(words=[]))
    scored = [(rules.fitness(rules.Fit(tuple(kinds), tuple(words)), codes, said), title, pk)
              for pk, title, kinds, words in able.values_list("pk", "title", "kinds", "words")]  # fmt: skip
    best = [pk for _, _, pk in sorted((row for row in scored if row[0]), key=lambda row: (-row[0], row[1]))[:most]]
    rows = _all(viewer).in_bulk(best) if best else {}
    return tuple(_row(viewer, rows[pk], today) for pk in best)


def overdue(viewer: Actor, now: datetime) -> int:
    """How many of the viewer's own articles wait for a review."""
    if not (viewer.unit or viewer.desk):
        return 0
    own = Q(unit__code=viewer.unit) if viewer.unit else Q(desk__code=viewer.desk)
    day = timezone.localtime(now).date()
    return Article.objects.filter(own, city=viewer.city, withdrawn_at=None, review_on__lte=day).count()


def to_review(viewer: Actor, now: datetime, *, most: int = MOST) -> tuple[Row, ...]:
    """The articles whose review is due: one's own; for who may change every one, all of the city's. Longest due first."""
    today = timezone.localtime(now).date()
    rows = _all(viewer).filter(withdrawn_at=None, review_on__lte=today).order_by("review_on", "title")
    if viewer.role not in ("supervisor", "administrator"):
        rows = rows.filter(unit__code=viewer.unit) if viewer.unit else rows.filter(desk__code=viewer.desk or "-")
    return tuple(_row(viewer, a, today) for a in rows[:most])


def one(viewer: Actor, pk: UUID, now: datetime) -> Row:
    """One article of the viewer's city, a withdrawn one too; NotFound otherwise."""
    return _row(viewer, record(viewer, pk), timezone.localtime(now).date())


def record(viewer: Actor, pk: UUID) -> Article:
    """The record an act is asked about; NotFound when it is not of the viewer's city."""
    row = _all(viewer).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def course(pk: UUID) -> tuple[Past, ...]:
    """What was done to an article and what it said before, the newest first. Asked for one already found."""
    rows = []
    for event in Event.objects.filter(stream=f"article:{pk}").order_by("-seq")[:100]:
        body, private = json.loads(event.body), json.loads(event.private or "{}")
        rows.append(Past(event.kind, timezone.localtime(event.at), body["by"].get("work_no", ""), body.get("version", 0),
                         private.get("was_title", ""), private.get("was_body", ""), private.get("why", "")))  # fmt: skip
    return tuple(rows)


def owners(viewer: Actor) -> tuple[tuple[str, str], ...]:
    """Desks and units an article of this viewer may belong to: a clerk's own unit, else everybody of the city."""
    units = Unit.objects.filter(city=viewer.city, retired=False).order_by("name")
    if viewer.role == "clerk":
        return tuple(units.filter(code=viewer.unit).values_list("code", "short"))
    desks = Desk.objects.filter(city=viewer.city).exclude(platform="duty").order_by("code")
    return (*desks.values_list("code", "short"), *units.values_list("code", "short"))


def kinds(pack: Pack | None) -> tuple[tuple[str, str], ...]:
    """Every kind and item of a pack by code and name, for the form."""
    rows: list[tuple[str, str]] = []
    for kind in pack.kinds if pack else ():
        rows.append((kind.code, _name(kind)))
        rows += [(item.code, _name(item)) for item in kind.items]
    return tuple(rows)


def _name(row: Kind | Item) -> str:
    return (row.title if isinstance(row, Kind) else row.text)[:30]
