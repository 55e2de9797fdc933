"""Files whose time has come, and files that no record knows: looked at once a night."""

from datetime import datetime

from django.utils import timezone

from liandong.actions import evidence
from liandong.rules.access import system

HOUR = 3
"""Of the local clock: the quietest one."""


class Tidying:
    """Remembers the night it looked last; after a start it waits for the next one."""

    def __init__(self) -> None:
        self.looked_on = None

    def look(self, at: datetime) -> int:
        """Once a night; returns how many files went."""
        local = timezone.localtime(at)
        if local.hour != HOUR or self.looked_on == local.date():
            return 0
        self.looked_on = local.date()
        return evidence.expire(by=system("evidence.keep"), at=at) + evidence.sweep(at=at)
