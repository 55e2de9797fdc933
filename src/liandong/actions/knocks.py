"""Counting what strangers try on the public pages, softly: a family, or a whole mobile network, shares one address."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from liandong.records.models import Knock

KEPT = timedelta(days=2)

_COUNT = """
    INSERT INTO records_knock (what, who, since_at, times)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::int[])
    ON CONFLICT (what, who, since_at) DO UPDATE SET times = records_knock.times + excluded.times RETURNING what, who, since_at, times
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """`times` tries of one thing from one place, counted within stretches of `within`."""

    what: str
    who: str
    within: timedelta
    at: datetime
    times: int = 1

    @property
    def row(self) -> tuple[str, str, datetime]:
        """Where it is counted."""
        return self.what, self.who, _since(self.within, self.at)


def knocked(what: str, who: str, within: timedelta, *, at: datetime) -> int:
    """How many tries were counted in this stretch of `within`, without counting one."""
    row = Knock.objects.filter(what=what, who=who, since_at=_since(within, at)).values_list("times", flat=True)
    return row.first() or 0


def ever(what: str, who: str) -> bool:
    """Whether anything of it is still counted: within the last two days."""
    return Knock.objects.filter(what=what, who=who).exists()


def knock(what: str, who: str, within: timedelta, *, at: datetime, times: int = 1) -> int:
    """Count one try (or `times` of them) and return how many there were in this stretch of `within`. `who` is a keyed
    digest, or a system's number. Not an act: no Event, and it stays counted when the act after it is refused. Its table
    is unlogged: it does not wait for the disk, and begins at nothing after a crash of the server."""
    return count([Tried(what, who, within, at, times)])[0]


def count(tried: Sequence[Tried]) -> list[int]:
    """As `knock` for several at once, in one statement: in the place of each how many there were with it, those before it in the list
    included. All take their rows in one order, so that none wait for each other."""
    if not tried:
        return []
    sums: dict[tuple[str, str, datetime], int] = defaultdict(int)
    for one in tried:
        sums[one.row] += one.times
    rows = sorted(sums)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [*([row[n] for row in rows] for n in range(3)), [sums[row] for row in rows]])
        now = {(what, who, since): times for what, who, since, times in cursor.fetchall()}
    if any(now[row] == sums[row] for row in rows):
        Knock.objects.filter(since_at__lt=min(one.at for one in tried) - KEPT).delete()
    counted = []
    for one in reversed(tried):
        counted.append(now[one.row])
        now[one.row] -= one.times
    return counted[::-1]


def _since(within: timedelta, at: datetime) -> datetime:
    """When the stretch that holds `at` began."""
    length = int(within.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // length * length, UTC)
