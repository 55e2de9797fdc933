"""Counting what strangers try on the public pages, softly: a family, or a whole mobile network, shares one address."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from liandong.records.models import Knock

KEPT = timedelta(days=2)

_COUNT = """
    INSERT INTO records_knock (what, who, since_at, times) VALUES (%(what)s, %(who)s, %(since)s, %(times)s)
    ON CONFLICT (what, who, since_at) DO UPDATE SET times = records_knock.times + excluded.times RETURNING times
"""


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
    since = _since(within, at)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"what": what, "who": who, "since": since, "times": times})
        counted = cursor.fetchone()[0]
    if counted == times:
        Knock.objects.filter(since_at__lt=at - KEPT).delete()
    return counted


def _since(within: timedelta, at: datetime) -> datetime:
    """When the stretch that holds `at` began."""
    length = int(within.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // length * length, UTC)
