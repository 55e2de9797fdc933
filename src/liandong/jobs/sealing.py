"""Seals by themselves: asked every minute, made once an hour."""

from datetime import datetime, timedelta

from liandong.actions.sealing import seal

EVERY = timedelta(minutes=1)


class Sealing:
    """Remembers when to look again: a round of the worker costs nothing between."""

    def __init__(self) -> None:
        self.again: datetime | None = None

    def look(self, at: datetime) -> int:
        """Seal the last hour if it is time; returns how many seals were made."""
        if self.again and at < self.again:
            return 0
        self.again = at + EVERY
        return int(seal(at=at) is not None)
