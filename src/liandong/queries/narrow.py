"""From what is wanted to conditions: of the index (queries.entries reads it), of the matters it names, and of what changed
since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from liandong.queries.sight import clear, in_sight
from liandong.records.models import Event, FindingMark, Matter, Order
from liandong.records.models.matter import SOONEST
from liandong.rules import access, grams
from liandong.rules.access import Actor
from liandong.rules.wanted import ALL, OPEN, Wanted

TAIL_MOST = 4000
"""Matters read past the index at most; more are behind only after an import or a stopped worker."""
ENDED = ("archived", "merged")


@dataclass(frozen=True, slots=True)
class Tail:
    """The matters that Events have touched since the index's mark; `behind` Events more are not looked at."""

    matters: frozenset[UUID]
    behind: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the time it is sorted by, and the matter."""

    at: datetime
    pk: UUID


class Folded(Func):
    """A text as `rules.grams.folded` has it."""

    function = "records_folded"  # of our own, so that the planner knows what it costs and asks the index first
    output_field = TextField()


def tail() -> Tail:
    """What the index does not hold yet."""
    upto = FindingMark.objects.filter(pk=1).values_list("upto", flat=True).first() or 0
    newest = Event.objects.filter(pk__gt=upto, matter__isnull=False).order_by("-pk").values_list("pk", "matter")
    rows = list(newest[: TAIL_MOST + 1])
    behind = rows[0][0] - upto - TAIL_MOST if len(rows) > TAIL_MOST else 0
    return Tail(frozenset(matter for _, matter in rows), behind)


def by_due(wanted: Wanted) -> bool:
    """What is open is sorted by time left, everything else by when it came."""
    return wanted.scope == OPEN or wanted.overdue


def matched(viewer: Actor, wanted: Wanted, ids: Collection[str]) -> QuerySet[Matter]:
    """Of matters the index names, those whose own records hold what is asked and that the viewer may read."""
    return _content(Matter.objects.filter(pk__among=ids), viewer, wanted, 3).filter(clear(viewer))


def how_many(viewer: Actor, wanted: Wanted, ids: Collection[str]) -> int:
    """How many of them. The secret ones apart: they are few, and who handles each is then looked up by the matter."""
    rows = _content(Matter.objects.filter(pk__among=ids), viewer, wanted, 3)
    told = rows.aggregate(plain=Count("pk", filter=Q(secret=False)), secret=ArrayAgg("pk", filter=Q(secret=True)))
    shut = [] if access.scope(viewer).whole else told["secret"] or []
    return told["plain"] + (Matter.objects.filter(clear(viewer), pk__among=shut).count() if shut else 0)


def live(viewer: Actor, wanted: Wanted, now: datetime, tail: Tail) -> QuerySet[Matter]:
    """What the index does not hold yet, asked of the matters alone."""
    if wanted.nothing or not tail.matters:
        return Matter.objects.none()
    rows = in_sight(viewer).filter(_times(wanted, now), _columns(wanted), pk__in=tail.matters)
    return _content(rows, viewer, wanted, 1).filter(clear(viewer))


def lexemes(viewer: Actor, wanted: Wanted) -> str:
    """The tsquery of one viewer's place; "" when the order alone narrows (a whole city)."""
    scope, parts = access.scope(viewer), []
    if wanted.scope not in (OPEN, ALL):
        parts.append(grams.quoted(grams.in_state(wanted.scope)))
    named = ((wanted.kind, grams.of_kind), (wanted.district, grams.of_district), (wanted.unit, grams.of_unit))
    parts += [grams.quoted(mark(value)) for value, mark in named if value]
    parts += [grams.quoted(grams.DANGER)] if wanted.danger else []
    if wanted.number:
        parts.append(grams.quoted(grams.numbered(wanted.number)))
    elif wanted.words:
        words = grams.asked(wanted.runs)
        number = wanted.phone.removeprefix("+")
        mark = f"e:{number}" if len(number) == 4 else f"n:{wanted.phone}"
        parts.append(f"(({words}) | {grams.quoted(mark)})" if wanted.phone else f"({words})")
    parts += [grams.asked(wanted.towns)] if wanted.town else []
    if not scope.whole:
        code = min(scope.desks | scope.units)
        parts.insert(0, grams.quoted(grams.open_at(code) if by_due(wanted) else grams.seen_by(code)))
    return " & ".join(parts)


def _times(wanted: Wanted, now: datetime) -> Q:
    held = Q()
    if wanted.since:
        held &= Q(received_at__gte=midnight(wanted.since))
    if wanted.until:
        held &= Q(received_at__lt=midnight(wanted.until) + timedelta(days=1))
    if by_due(wanted):
        held &= ~Q(state__in=ENDED)
    return held & (Q(late_at__lt=now) | Q(due_at__lt=now) | Q(lead_due_at__lt=now)) if wanted.overdue else held


def midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _columns(wanted: Wanted) -> Q:
    held = Q() if wanted.scope in (OPEN, ALL) else Q(state=wanted.scope)
    held &= Q(district=wanted.district) if wanted.district else Q()
    held &= Q(kind=wanted.kind) | Q(item=wanted.kind) if wanted.kind else Q()
    held &= Q(Exists(Order.objects.filter(unit__code=wanted.unit, matter=OuterRef("pk")))) if wanted.unit else Q()
    return held & Q(danger="raised") if wanted.danger else held


def _content(rows: QuerySet[Matter], viewer: Actor, wanted: Wanted, shortest: int) -> QuerySet[Matter]:
    """What the text itself must hold. Runs below `shortest` characters are not
    asked again: one or two characters are what the index holds."""
    if wanted.number:
        rows = rows.filter(number=wanted.number)
    elif wanted.words:
        rows = rows.alias(
            text=Folded(Concat("title", Value("\n"), "said", Value("\n"), "place", output_field=TextField()))
        )
        told = Q()
        for run in wanted.runs:
            told &= _stands("text", run) if len(run) >= shortest else Q()
        rows = rows.filter(told | _called(viewer, wanted.phone)) if wanted.phone else rows.filter(told)
    for run in wanted.towns:
        rows = rows.alias(where=Folded("place")).filter(_stands("where", run))
    return rows


def _stands(text: str, run: str) -> Q:
    """Whether a run stands in a text. Not by LIKE, which the planner takes for much rarer than the index says: it would
    then read everything that holds a common word instead of the first page of it."""
    return Q(GreaterThan(StrIndex(F(text), Value(run)), 0))


def _called(viewer: Actor, phone: str) -> Q:
    """Told by this number, where the viewer may know by whom."""
    number = Q(contact__number=phone) if len(phone) > 5 else Q(contact__number__endswith=phone.removeprefix("+"))
    return number & (Q(source_hidden=False) | Q(first_receiver__code=viewer.desk or "-"))


def after(rows: QuerySet[Matter], prefix: str, start: Cursor | None, by_due: bool) -> QuerySet[Matter]:
    """The rows behind a cursor."""
    if start is None:
        return rows
    column, way = ("soonest", "gt") if by_due else (f"{prefix}received_at", "lt")
    rows = rows.alias(soonest=SOONEST) if by_due else rows
    return rows.filter(**{f"{column}__{way}e": start.at}).filter(
        Q(**{f"{column}__{way}": start.at}) | Q(**{column: start.at, f"pk__{way}": start.pk})
    )


def cursor(text: str, by_due: bool) -> Cursor | None:
    """A cursor as an address carries it; None for anything else, or for the other order."""
    way, _, rest = text.partition("~")
    at, _, pk = rest.partition("~")
    try:
        found = Cursor(datetime.fromisoformat(at), UUID(pk))
    except ValueError:
        return None
    return found if way == ("d" if by_due else "r") and found.at.tzinfo else None


def spelled(row: Matter, by_due: bool) -> str:
    """The cursor behind this row, for an address."""
    at = row.limit_at if by_due else row.received_at
    return f"{'d' if by_due else 'r'}~{at.isoformat().replace('+00:00', 'Z')}~{row.pk}"
