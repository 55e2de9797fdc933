"""The links to other organisations' nodes: silence is seen, and told to every desk, within a minute."""

from datetime import datetime, timedelta

from liandong.actions import elsewhere, partners
from liandong.jobs.pace import Pace
from liandong.records.models import Partner
from liandong.rules import access
from liandong.rules.exchange import is_silent
from liandong.rules.say import Conflict

EVERY = timedelta(seconds=2)
FIRST = timedelta(seconds=10)
"""After a start a partner gets this long to be heard again before it is called silent."""


class Linking:
    """Remembers when it looked last, and since when it looks at all."""

    def __init__(self) -> None:
        self.began: datetime | None = None
        self.pace = Pace(EVERY)

    def look(self, at: datetime) -> int:
        """Note every link that fell silent or came back; returns how many."""
        self.began = self.began or at
        if not self.pace.due(at):
            return 0
        return sum(self._look_at(partner, at) for partner in Partner.objects.filter(keys__isnull=False).distinct())

    def _look_at(self, partner: Partner, at: datetime) -> int:
        silent = is_silent(partner.heard_at, partner.answered_at, at)
        if silent and at - self.began < FIRST:
            return 0
        told = silent != (partner.down_at is not None) and _tell(partner, silent, at)
        if silent:  # at every look: who told of the silence may have been killed before the call sheets were written
            elsewhere.fall_back(partner, at=at)
        return int(told)


def _tell(partner: Partner, silent: bool, at: datetime) -> bool:
    """Whether it was ours to tell; another process may have seen it first."""
    try:
        partners.link_seen(partner, down=silent, by=access.system("exchange.link", partner.city), at=at)
    except Conflict:
        return False
    return True
