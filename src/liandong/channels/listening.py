"""Keeps the channels with a connection of their own running: a thread each in the worker, begun again when one ends.

They belong to the worker: it is there in every installation, already holds the couriers that talk with the outside, and
wakes nobody's page. Of several workers one holds a channel at a time (a lock of the database's), since a gateway takes one
connection for an account and a message must not be sent twice; when it goes, another takes over within seconds.
"""

import contextlib
import logging
import threading
import time

from django.conf import settings
from django.db import connection

from liandong.channels.at_work import at_work
from liandong.channels.contract import Away, Channel
from liandong.channels.line import Line
from liandong.channels.measures import CHANNEL_UP
from liandong.channels.registry import Folder
from liandong.channels.turn import hold
from liandong.exchange.listening import DATABASE_LOST

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
HELD_ELSEWHERE = 3.0
_log = logging.getLogger(__name__)


class Listening:
    """Remembers the thread of each channel."""

    def __init__(self, stopping: threading.Event) -> None:
        self.stopping = stopping
        self.begun = False
        self.threads: dict[str, threading.Thread] = {}

    def look(self) -> None:
        """Begin once with every channel that wants to run; each keeps itself going."""
        if self.begun:
            return
        self.begun = True
        for folder in at_work():
            if folder.answers or wants_thread(folder):
                thread = threading.Thread(target=self._keep, args=(folder,), name=f"channel-{folder.name}", daemon=True)
                self.threads[folder.name] = thread
                thread.start()

    def _keep(self, folder: Folder) -> None:
        """Again and again until the process ends. What ended it is said once, and stands on the administrator's page."""
        failed = 0
        while not self.stopping.is_set():
            began, held = time.monotonic(), True
            try:
                held = self._run(folder)
            except DATABASE_LOST:
                pass  # said by the worker's own rounds
            except Exception as error:
                if failed == 0 or time.monotonic() - began > PAUSES[-1]:
                    _log.warning(
                        "channel %s: %s", folder.name, _said(error), exc_info=not isinstance(error, Away | OSError)
                    )
                self._down(folder, error)
            failed = 0 if not held else 1 if time.monotonic() - began > PAUSES[-1] else failed + 1
            with contextlib.suppress(Exception):  # a broken connection may not even close
                connection.close()
            self.stopping.wait(PAUSES[min(failed, len(PAUSES)) - 1] if held else HELD_ELSEWHERE)

    def _run(self, folder: Folder) -> bool:
        """Until it ends; False when another worker has it, which is no failure."""
        if not hold(folder.name):
            return False
        channel: Channel = folder.open(settings.CHANNELS[folder.name])
        channel.run(Line(folder.name, self.stopping))
        return True

    def _down(self, folder: Folder, error: Exception) -> None:
        CHANNEL_UP.labels(folder.name).set(0)
        with contextlib.suppress(*DATABASE_LOST):
            Line(folder.name, self.stopping).stands(False, _said(error))


def wants_thread(folder: Folder) -> bool:
    """Whether it listens. One whose code cannot be read gets a thread that says so, and keeps nobody else from beginning."""
    try:
        return folder.open(settings.CHANNELS[folder.name]).runs
    except Exception:
        return True


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]
