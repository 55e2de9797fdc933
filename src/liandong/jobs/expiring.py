"""What was to be written to people and has waited too long: it fails whether its channel has a connection or not."""

from datetime import datetime, timedelta

from liandong.actions import outgoing
from liandong.jobs.pace import Pace

EVERY = timedelta(seconds=30)


class Expiring:
    """Remembers when it looked last."""

    def __init__(self) -> None:
        self.pace = Pace(EVERY)

    def look(self, at: datetime) -> int:
        """Now and then; returns how many messages came to their end."""
        if not self.pace.due(at):
            return 0
        return outgoing.expire_all(at=at)
