"""The life of a long-running process: it beats, stops when asked, and outlives a database that is away for a while."""

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from liandong.actions import voice
from liandong.channels.measures import ROUND_AT, ROUND_SECONDS
from liandong.exchange.listening import DATABASE_LOST, pause_before

EVERY = 2.0
"""Seconds between two beats."""
HEARD: dict[str, float] = {}
"""When a process beat last, in monotonic seconds, for whoever asks this process itself."""


class Pulse:
    """`stopping` is set by SIGTERM and SIGINT. A beat touches the file the supervisor watches (LIANDONG_BEAT) even
    while the database is away, since starting this process again would not bring it back; the row is for people."""

    def __init__(self, process: str) -> None:
        self.process = process
        self.stopping = threading.Event()
        self.log = logging.getLogger(f"liandong.{process}")
        self.failed = 0
        self.beaten = 0.0
        self.written = 0.0

    def listen_to_signals(self) -> None:
        """End cleanly at SIGTERM and ctrl-C. Main thread only."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: self.stopping.set())

    def beat(self) -> None:
        """Say that we live, at most every 2 s."""
        now = time.monotonic()
        if now - self.beaten >= EVERY:
            self.beaten = HEARD[self.process] = now
            if file := os.environ.get("LIANDONG_BEAT"):
                Path(file).touch()
        if now - self.written >= EVERY:
            voice.beat(self.process, at=timezone.now(), pid=str(os.getpid()))
            self.written = now

    @contextlib.contextmanager
    def round(self) -> Iterator[None]:
        """One round of work. The database lost: said once, connected anew after a growing pause."""
        began = time.monotonic()
        try:
            yield
        except DATABASE_LOST as error:
            self.failed += 1
            if self.failed == 1:
                self.log.warning("the database is away: %s", str(error).strip())
            with contextlib.suppress(Exception):  # a broken connection may not even close
                connection.close()
            self.stopping.wait(pause_before(self.failed))
            return
        if self.failed:
            self.log.warning("the database is back")
        self.failed = 0
        ROUND_SECONDS.labels(self.process).observe(time.monotonic() - began)
        ROUND_AT.labels(self.process).set_to_current_time()
