"""The days' counts that a month is read from, kept after the acts with the index of finding. It writes no Event: it says
nothing new.

A matter's whole contribution is made anew from its records and compared with what it was counted for; the difference goes
to its city's days (docs/adr/0019-month-by-days.md). What lies behind the index's mark is added by whoever reads.
"""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from liandong.records.models import FindingMark, Matter, Tally
from liandong.records.shares import shares
from liandong.rules import tally
from liandong.rules.tally import Share

BATCH = 2000
"""Matters counted in one step of catching up."""

_ADD = """
    INSERT INTO records_daycount (city, day, what, who, n)
    SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::integer[])
    ON CONFLICT (city, day, what, who) DO UPDATE SET n = records_daycount.n + excluded.n
"""


def count(matters: Iterable[UUID]) -> None:
    """Count these matters as they are now. Whoever calls holds the mark of the index."""
    ids = list(matters)
    before = dict(Tally.objects.filter(pk__in=ids).values_list("pk", "shares"))
    added: Counter[tuple[str, Share]] = Counter()
    rows = []
    for pk, (city, found) in shares(ids).items():
        text, old = tally.spelled(found), before.get(pk, "")
        if pk in before and text == old:
            continue
        rows.append(Tally(pk, text))
        added.update({(city, share): n for share, n in found.items()})
        added.subtract({(city, share): n for share, n in tally.read(old).items()})
    Tally.objects.bulk_create(rows, update_conflicts=True, unique_fields=["matter"], update_fields=["shares"])
    _add(added)


def _add(added: Counter[tuple[str, Share]]) -> None:
    rows = sorted((city, *share, n) for (city, share), n in added.items() if n)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def catch_up() -> int:
    """One step through matters that were there before counting began; returns how many. When none is left, months are
    read from the days."""
    with transaction.atomic():
        mark = FindingMark.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if mark is None or mark.all_counted:
            return 0
        rest = Matter.objects.filter(pk__gt=mark.counted_upto) if mark.counted_upto else Matter.objects.all()
        ids = list(rest.order_by("pk").values_list("pk", flat=True)[:BATCH])
        count(ids)
        upto = ids[-1] if ids else mark.counted_upto
        FindingMark.objects.filter(pk=1).update(counted_upto=upto, all_counted=len(ids) < BATCH)
    return len(ids)
