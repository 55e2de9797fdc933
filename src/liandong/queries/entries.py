"""The index of finding, read in a page's order or in any. Its entries only name matters: whoever asks compares those
themselves (queries.narrow), and never shows what stands here."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from liandong.queries.narrow import Cursor, by_due, lexemes, midnight
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.wanted import Wanted

NEAR, WIDEST = 4000, 16000
"""Entries read in order before the index of pieces is asked: so many, or so many when a good part was found in the first."""


def settled(viewer: Actor, wanted: Wanted, now: datetime, start: Cursor | None, many: int) -> Iterator[list[str]]:
    """Which matters the index holds for this, from a cursor on in the page's order; part after part, the first of `many`,
    each further one larger. Whoever asks compares the matters themselves (`matched`) until there are enough."""
    while many and _may(viewer, wanted):
        part = _near(viewer, wanted, now, start, many) or _looked_up(viewer, wanted, now, start, many)
        yield [pk for pk, _ in part]
        start, many = (Cursor(_time(part[-1][1]), UUID(part[-1][0])), 4 * many) if len(part) == many else (None, 0)


def any_of(viewer: Actor, wanted: Wanted, now: datetime, many: int) -> Iterator[list[str]]:
    """Any `many` of them, then any four times as many, the former among them: who only counts needs no order."""
    while many and _may(viewer, wanted):
        part = _near(viewer, wanted, now, None, many) or _looked_up(viewer, wanted, now, None, many, ordered=False)
        yield [pk for pk, _ in part]
        many = 4 * many if len(part) == many else 0


def _may(viewer: Actor, wanted: Wanted) -> bool:
    scope = access.scope(viewer)
    return not wanted.nothing and (scope.whole or bool(scope.desks | scope.units))


def _near(
    viewer: Actor, wanted: Wanted, now: datetime, start: Cursor | None, many: int, *, widest: int = 1
) -> list[tuple]:
    """Entries among the next few thousand in order, when so many are among them; else none. What is common is found
    here at once, while the index of pieces would gather every entry of a piece before it sorts."""
    if wanted.number or wanted.phone:
        return []
    column, order, held, given = _in_order(wanted, now, start)
    query, near = lexemes(viewer, wanted), NEAR
    read = f"SELECT {column}, matter_id, lexemes FROM records_finding WHERE city = %s{held} {order}"
    sql = (
        f"SELECT matter_id::text AS pk, {column}::text AS at FROM ({read}) AS near WHERE lexemes @@ %s::tsquery {order}"
    )
    while query:
        found = _rows(sql, [viewer.city, *given, near, query, many])
        if len(found) == many:
            return found
        if 3 * len(found) < many or near >= WIDEST:
            break
        near *= 4
    return []


def _looked_up(viewer: Actor, wanted: Wanted, now: datetime, start: Cursor | None, many: int, *,
               ordered: bool = True) -> list[tuple]:  # fmt: skip
    """Entries by whatever index the planner takes for the shortest way."""
    column, order, held, given = _in_order(wanted, now, start)
    query = lexemes(viewer, wanted)
    if query:
        held, given = f"{held} AND lexemes @@ %s::tsquery", [*given, query]
    order = order if ordered else "LIMIT %s"
    sql = f"SELECT matter_id::text AS pk, {column}::text AS at FROM records_finding WHERE city = %s{held} {order}"
    return _rows(sql, [viewer.city, *given, many])


def _in_order(wanted: Wanted, now: datetime, start: Cursor | None) -> tuple[str, str, str, list]:
    """The column of the page's order, the order, and the bounds of time behind the cursor with their parameters."""
    due = by_due(wanted)
    column, way, sign = ("due_at", "ASC", ">") if due else ("received_at", "DESC", "<")
    held, given = _held(wanted, now)
    if (
        start
    ):  # not as a comparison of rows, which does not say that the time is set, as the index of what is open demands
        held += f" AND {column} {sign}= %s AND ({column} {sign} %s OR matter_id {sign} %s)"
        given = [*given, start.at, start.at, start.pk]
    elif due and not wanted.overdue:  # only where nothing else says so: the planner multiplies what is said twice
        held += " AND due_at IS NOT NULL"
    return column, f"ORDER BY {column} {way}, matter_id {way} LIMIT %s", held, given


def _held(wanted: Wanted, now: datetime) -> tuple[str, list[datetime]]:
    """The times of the index's entries, as SQL with its parameters."""
    bounds = (("received_at >= %s", wanted.since and midnight(wanted.since)),
              ("received_at < %s", wanted.until and midnight(wanted.until) + timedelta(days=1)),
              ("due_at < %s", now if wanted.overdue else None))  # fmt: skip
    return "".join(f" AND {held}" for held, at in bounds if at), [at for _, at in bounds if at]


def _time(text: str) -> datetime:
    """A time as the database writes it: read of a part's last entry alone, which is a fifth of the work of a count."""
    return datetime.fromisoformat(text)


def _rows(sql: str, given: list) -> list[tuple]:
    """(matter, the time of the order), both as text."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
