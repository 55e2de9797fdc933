"""The index of finding by itself: once a second, and without a pause while it is behind."""

from datetime import datetime, timedelta

from liandong.actions import index, tally

EVERY = timedelta(seconds=1)
STEPS = 4
"""Steps in one round of the worker at most: deadlines do not wait behind an import."""


class Indexing:
    """Remembers when to look again."""

    def __init__(self) -> None:
        self.again: datetime | None = None
        self.begun = False

    def look(self, at: datetime) -> int:
        """Take what is final by now; returns how many Events that were."""
        if self.again and at < self.again:
            return 0
        if not self.begun:
            index.sooner()
            self.begun = True
        taken = index.fold()
        for _ in range(STEPS):
            if taken < index.BATCH // 2:
                self.again = at + EVERY
                break
            taken = index.fold()
        return taken + tally.catch_up()
