"""Every chain read from its first row to its last: is anything changed, taken away or put in? (`liandong audit verify`)

Rows come through server-side cursors: memory does not grow with the number of Events.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime

from liandong.records.models import Event, Seal
from liandong.records.models.event import CHUNK
from liandong.rules import chain

COLUMNS = ("id", "stream", "seq", "act", "kind", "at", "body", "private", "salt", "before", "digest")


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row of a stream that does not hold, and what is wrong with it. `event` is None for a row that is gone,
    `cause` one of "body", "before", "missing", "columns", "private", "head", "seal"."""

    stream: str
    seq: int
    event: int | None
    at: datetime | None
    cause: str


@dataclass
class Tally:
    """How much was read: rows, streams, seals, and rows whose private part was erased."""

    rows: int = 0
    streams: int = 0
    seals: int = 0
    erased: int = 0


def verify(tally: Tally, stream: str = "") -> Iterator[Broken]:
    """Check one stream, or all of them with the matters' heads and the seals; at most one `Broken` per stream or seal.

    Everything is read from one snapshot, unless the caller is inside a transaction of its own.
    """
    own = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if own:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        bad = set()
        for broken in _chains(tally, stream):
            bad.add(broken.stream)
            yield broken
        yield from (b for b in _heads(stream) if b.stream not in bad)
        if not stream:
            yield from seals(tally)


def _chains(tally: Tally, stream: str) -> Iterator[Broken]:
    rows = Event.objects.filter(stream=stream) if stream else Event.objects.all()
    now, seq, last, bad = "", 0, chain.GENESIS, False
    for row in rows.order_by("stream", "seq").values_list(*COLUMNS, named=True).iterator(chunk_size=CHUNK):
        tally.rows += 1
        if row.stream != now:
            tally.streams += 1
            now, seq, last, bad = row.stream, 0, chain.GENESIS, False
        if bad:
            continue
        cause = _cause(row, seq + 1, last)
        if cause:
            bad = True
            gone = cause == "missing"
            yield Broken(now, seq + 1, None if gone else row.id, None if gone else row.at, cause)
        seq, last = row.seq, row.digest
        tally.erased += _is_erased(row)


def _cause(row: Event, seq: int, last: str) -> str:
    """What is wrong with this row, given the number and digest it must follow; "" when it holds."""
    if row.seq != seq:
        return "missing"
    if chain.digest(row.before, row.body) != row.digest:
        return "body"
    if row.before != last:
        return "before"
    try:
        facts = json.loads(row.body)
        same = (facts["kind"], facts["seq"], facts["act"], parse_datetime(facts["at"]))
    except (ValueError, KeyError, TypeError):  # not a text of ours, though its digest is right
        return "columns"
    if same != (row.kind, row.seq, str(row.act), row.at):
        return "columns"
    if row.private and chain.sealed(row.private, row.salt) != facts.get("sealed", ""):
        return "private"
    return ""


def _is_erased(row: Event) -> bool:
    return not row.private and '"sealed":"' in row.body and '"sealed":""' not in row.body


_HEADS = """
    SELECT m.id, m.seq, e.id, e.at FROM records_matter m
      LEFT JOIN LATERAL (SELECT id, seq, at, digest FROM records_event
                          WHERE stream = 'matter:' || m.id ORDER BY seq DESC LIMIT 1) e ON true
     WHERE (e.seq IS DISTINCT FROM m.seq OR e.digest IS DISTINCT FROM m.head)
       AND (%(stream)s = '' OR 'matter:' || m.id = %(stream)s)
     ORDER BY m.id
"""


def _heads(stream: str) -> Iterator[Broken]:
    """Matters that say another last Event than their stream has: its last rows are gone, or the head was changed."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_HEADS, {"stream": stream})
        while rows := cursor.fetchmany(CHUNK):
            yield from (Broken(f"matter:{pk}", seq, event, at, "head") for pk, seq, event, at in rows)


def seals(tally: Tally) -> Iterator[Broken]:
    """Seals that no longer say what the Events say, the first of them."""
    before, after = chain.GENESIS, 0
    for row in Seal.objects.order_by("until").iterator(chunk_size=CHUNK):
        tally.seals += 1
        digest, streams = chain.sealing(before, row.until.astimezone(UTC).isoformat(), row.last_event,
                                         Event.objects.heads(after, row.last_event))  # fmt: skip
        events = Event.objects.filter(pk__gt=after, pk__lte=row.last_event).count()
        if (row.before, row.digest, row.streams, row.events) != (before, digest, streams, events):
            yield Broken("seal", row.pk, None, row.until, "seal")
            return
        before, after = row.digest, row.last_event
