"""What was to be written to people and has waited too long: it fails whether its channel has a connection or not."""

from datetime import datetime, timedelta

from liandong.actions import outgoing

EVERY = timedelta(seconds=30)


class Expiring:
    """Remembers when it looked last."""

    def __init__(self) -> None:
        self.looked_at: datetime | None = None

    def look(self, at: datetime) -> int:
        """Now and then; returns how many messages came to their end."""
        if self.looked_at and at - self.looked_at < EVERY:
            return 0
        self.looked_at = at
        return outgoing.expire_all(at=at)
