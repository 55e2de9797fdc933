"""The index that finding reads, built after the acts from what they changed. It writes no Event: it says nothing new.

Intake stays one statement (docs/adr/0010-finding-index.md). Ids of Events are given before commits happen; therefore
the mark moves only over ids that no running transaction can still fill in. What lies behind the mark is read from the
matters themselves, so an index that is late makes finding slower, never wrong.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from liandong.actions import tally
from liandong.records.models import Event, Finding, FindingMark, Matter
from liandong.records.touches import DESK_COLUMNS, UNIT_COLUMNS
from liandong.rules import grams

ENDED = ("archived", "merged")
"""Matters that nobody has to do anything about any more."""
BATCH = 5000
"""Events taken in one step."""

_NOW = """SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                 pg_current_xact_id()::text::bigint"""
_KEEP = """
    INSERT INTO records_finding (matter_id, city, received_at, due_at, lexemes)
    SELECT id, city, received_at, due_at, array_to_tsvector(string_to_array(pieces, E'\\n'))
      FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[])
           AS row (id, city, received_at, due_at, pieces)
    ON CONFLICT (matter_id) DO UPDATE
       SET due_at = excluded.due_at, received_at = excluded.received_at, lexemes = excluded.lexemes
     WHERE (records_finding.due_at, records_finding.lexemes) IS DISTINCT FROM (excluded.due_at, excluded.lexemes)
"""
_SOONER = """
    UPDATE records_finding f SET due_at = LEAST(m.late_at, m.lead_due_at) FROM records_matter m
     WHERE m.id = f.matter_id AND f.due_at IS NOT NULL AND LEAST(m.late_at, m.lead_due_at) < f.due_at
"""


def fold() -> int:
    """One step: index and count the matters of the Events that are final by now, and mark what comes next. Returns how many
    Events were taken; another worker at the same step leaves this one nothing to do."""
    with transaction.atomic(), connection.cursor() as cursor:
        before = FindingMark.objects.filter(pk=1).first() or FindingMark(pk=1)
        upto = max(before.upto, before.ahead)
        # Read before this transaction has an id of its own: whoever has drawn one of these ids by now has a lower one.
        ids = Event.objects.filter(pk__gt=upto).order_by("pk").values_list("pk", flat=True)[:BATCH]
        ahead = max(ids, default=upto)
        FindingMark.objects.bulk_create([FindingMark(pk=1)], ignore_conflicts=True)
        mark = FindingMark.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if mark is None or (mark.upto, mark.ahead) != (before.upto, before.ahead):
            return 0
        cursor.execute(_NOW)
        oldest, own = cursor.fetchone()
        if oldest < mark.transaction or (ahead, upto) == (mark.ahead, mark.upto):
            return 0
        new = Event.objects.filter(pk__gt=mark.upto, pk__lte=mark.ahead, matter__isnull=False)
        ids = set(new.values_list("matter", flat=True))
        index(ids)
        tally.count(ids)
        FindingMark.objects.filter(pk=1).update(upto=upto, ahead=ahead, transaction=own)
    return upto - mark.upto


def index(matters: Iterable[UUID]) -> None:
    """Index these matters as they are now."""
    ids = list(matters)
    if not ids:
        return
    sight, units = _sight(ids)
    columns: list[list] = [[], [], [], [], []]
    rows = Matter.objects.filter(pk__in=ids).select_related("holder", "first_receiver", "contact")
    for matter in rows.iterator():
        ended = matter.state in ENDED
        pieces = _pieces(matter, sight[matter.pk], units[matter.pk], ended)
        due = None if ended else matter.limit_at
        row = (matter.pk, matter.city, matter.received_at, due, "\n".join(sorted(pieces)))
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns)


def sooner() -> int:
    """Mend the rows of a worker that did not know migration 0036 or 0043 yet, and runs on for a while after it: it wrote a
    matter's own next step alone. Returns how many rows were wrong. It may go when nobody comes from a version before 0043 any
    more."""
    with transaction.atomic(), connection.cursor() as cursor:
        FindingMark.objects.select_for_update().filter(pk=1).first()  # not beside a step of `fold`
        cursor.execute(_SOONER)
        return cursor.rowcount


def forget(matter: Matter) -> None:
    """Take a matter out of the index at once: its words were erased. It comes back without them."""
    Finding.objects.filter(pk=matter.pk).delete()


def _pieces(matter: Matter, desks: set[str], units: set[str], ended: bool) -> set[str]:
    seen = desks | units | {matter.holder.code, matter.first_receiver.code}
    found = grams.pieces(matter.title, matter.said, matter.place) | grams.of_number(matter.contact.number)
    found |= {grams.seen_by(code) for code in seen} | {grams.of_unit(code) for code in units}
    found |= set() if ended else {grams.open_at(code) for code in seen}
    found |= {grams.of_kind(code) for code in (matter.kind, matter.item) if code}
    found |= {grams.of_district(matter.district)} if matter.district else set()
    found |= {grams.DANGER} if matter.danger == "raised" else set()
    return found | {grams.in_state(matter.state), grams.numbered(matter.number)}


def _sight(ids: list[UUID]) -> tuple[dict[UUID, set[str]], dict[UUID, set[str]]]:
    found: tuple[dict, dict] = (defaultdict(set), defaultdict(set))
    for into, columns in zip(found, (DESK_COLUMNS, UNIT_COLUMNS), strict=True):
        for model, column in columns:
            for pk, code in model.objects.filter(matter__in=ids).values_list("matter", f"{column}__code").distinct():
                into[pk].add(code)
    return found
