"""The worker asks many times a second; what it asks for is done now and then."""

from datetime import datetime, timedelta


class Pace:
    """Whether it is time again: true once in `every`, and the first time."""

    def __init__(self, every: timedelta) -> None:
        self.every = every
        self.last: datetime | None = None

    def due(self, at: datetime) -> bool:
        """Whether to look now; says so once."""
        if self.last and at - self.last < self.every:
            return False
        self.last = at
        return True
