"""With the day of a planned pack its desks and units are there: looked at once a minute."""

from datetime import datetime, timedelta

from liandong.actions import packs
from liandong.rules.access import system

EVERY = timedelta(minutes=1)


class Settling:
    """Remembers when it looked last."""

    def __init__(self) -> None:
        self.looked_at: datetime | None = None

    def look(self, at: datetime) -> int:
        """Settle what is due; returns how many releases that were."""
        if self.looked_at and at - self.looked_at < EVERY:
            return 0
        self.looked_at = at
        due = packs.due_to_settle(at)
        for release in due:
            packs.settle(release, by=system("pack.settle", release.city), at=at)
        return len(due)
