"""With the day of a planned pack its desks and units are there: looked at once a minute."""

from datetime import datetime, timedelta

from liandong.actions import packs
from liandong.jobs.pace import Pace
from liandong.rules.access import system

EVERY = timedelta(minutes=1)


class Settling:
    """Remembers when it looked last."""

    def __init__(self) -> None:
        self.pace = Pace(EVERY)

    def look(self, at: datetime) -> int:
        """Settle what is due; returns how many releases that were."""
        if not self.pace.due(at):
            return 0
        due = packs.due_to_settle(at)
        for release in due:
            packs.settle(release, by=system("pack.settle", release.city), at=at)
        return len(due)
