"""Events to live pages: reads what has been committed and says once, coalesced, who must look again.

Intake itself never notifies (ten times slower: commits would queue for the notify lock). Ids are given before commits
happen, so an id may appear after a higher one; what is missing below the highest is looked for again for a minute.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from liandong.exchange.listening import DATABASE_FAULT, parameters, pause_before

CHANNEL = "liandong_live"
LARGEST = 7900
"""Bytes of one notice; PostgreSQL takes less than 8,000."""
LOOK_BACK = 200
"""Events told again after a start: a few pages look once too often, none too seldom."""
MISSING_FOR = 60.0
"""Seconds an id is waited for; no transaction of ours stays open longer (idle_in_transaction_session_timeout)."""
MOST_MISSING = 5000
BUSY_PAUSE, IDLE_PAUSE = 0.02, 0.025
"""Seconds between two looks."""
BATCH = 1000
SIGN_OF_LIFE = 2.0
"""Seconds between two empty notices: a page that hears none knows that nobody would tell it, and asks by itself."""

Row = tuple[int, UUID | None, str, list[str], datetime]  # id, matter, kind, topics, at

_COLUMNS = "SELECT id, matter_id, kind, topics, at FROM records_event"
_log = logging.getLogger(__name__)


class Relay:
    """One reader of new Events. Several may run at once: pages are then told twice, which harms nobody. `told` hears after
    each look how many seconds old the oldest Event was that was told now, None when there was none."""

    def __init__(self, told: Callable[[float | None], None] = lambda seconds: None) -> None:
        self.told = told
        self.highest: int | None = None
        self.missing: dict[int, float] = {}  # id -> noticed at (monotonic seconds)
        self.signed = 0.0

    def run(self, stop: threading.Event) -> None:
        """Relay until `stop` is set; a database that goes away is waited for."""
        failed = 0
        while not stop.is_set():
            try:
                with psycopg.connect(**parameters(), autocommit=True) as connection:
                    while not stop.is_set():
                        told = self.once(connection)
                        failed = 0
                        stop.wait(BUSY_PAUSE if told else IDLE_PAUSE)
            except DATABASE_FAULT as error:
                failed += 1
                _log.warning("relay: %s", str(error).strip() or type(error).__name__)
                stop.wait(pause_before(failed))

    def once(self, connection: psycopg.Connection) -> int:
        """Tell what is new since the last look; returns how many Events that were."""
        first = self.highest is None  # what is told again then was told in time, as far as anybody knows
        rows = self.read(connection)
        for message in [*messages(rows), *self.sign_of_life()]:
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])
        oldest = min((row[4] for row in rows), default=None)
        self.told(None if first or oldest is None else (datetime.now(UTC) - oldest).total_seconds())
        return len(rows)

    def sign_of_life(self) -> list[str]:
        """An empty notice when the last one is SIGN_OF_LIFE ago."""
        now = time.monotonic()
        if now - self.signed < SIGN_OF_LIFE:
            return []
        self.signed = now
        return [""]

    def read(self, connection: psycopg.Connection) -> list[Row]:
        """Events not yet told, oldest first. What is not there yet is kept in mind."""
        if self.highest is None:
            last = connection.execute("SELECT coalesce(max(id), 0) FROM records_event").fetchone()[0]
            self.highest = max(0, last - LOOK_BACK)
        now = time.monotonic()
        late = self._read_late(connection, now)
        new = connection.execute(f"{_COLUMNS} WHERE id > %s ORDER BY id LIMIT {BATCH}", [self.highest]).fetchall()
        if new:
            there = {row[0] for row in new}
            first = max(self.highest + 1, new[-1][0] - MOST_MISSING)
            self.missing |= {n: now for n in range(first, new[-1][0]) if n not in there}
            self.highest = new[-1][0]
        return late + new

    def _read_late(self, connection: psycopg.Connection, now: float) -> list[Row]:
        self.missing = {n: since for n, since in self.missing.items() if now - since < MISSING_FOR}
        if not self.missing:
            return []
        late = connection.execute(f"{_COLUMNS} WHERE id = ANY(%s) ORDER BY id", [list(self.missing)]).fetchall()
        for row in late:
            del self.missing[row[0]]
        return late


def standing(city: str, links: dict) -> str:
    """The notice of how a city's links stand now."""
    return json.dumps({"city": city, "links": links}, separators=(",", ":"))


def messages(rows: Iterable[Row]) -> Iterator[str]:
    """Notices, each below LARGEST bytes: {"topics": [topic…], "events": [[matter, kind, id, [places in topics]]…]}.

    The places say which topics an Event has, so that a page is only ever told of what it may see.
    """
    topics: dict[str, int] = {}
    events: list[list] = []
    size = 0
    for number, matter, kind, its, *_ in rows:
        for part in _parts(its):
            new = sum(len(json.dumps(topic)) + 1 for topic in part if topic not in topics)
            event = 100 + len(kind) + 6 * len(part)
            if events and size + new + event > LARGEST - 40:
                yield _packed(topics, events)
                topics, events, size = {}, [], 0
                new = sum(len(json.dumps(topic)) + 1 for topic in part)
            places = [topics.setdefault(topic, len(topics)) for topic in part]
            events.append([str(matter) if matter else None, kind, number, places])
            size += new + event
    if events:
        yield _packed(topics, events)


def _parts(topics: list[str]) -> Iterator[list[str]]:
    """The topics of one Event in pieces that fit one notice even when each is as long as its column allows."""
    for start in range(0, max(1, len(topics)), 12):
        yield topics[start : start + 12]


def _packed(topics: dict[str, int], events: list[list]) -> str:
    return json.dumps({"topics": list(topics), "events": events}, separators=(",", ":"))
