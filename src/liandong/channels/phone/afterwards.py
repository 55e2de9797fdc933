"""Calls that came while no switch held the exchange: phones rang directly, or nobody answered. They are made up for.

The exchange wrote them down (`telephony.asterisk.call_records`). Looked for when a switch begins, and for a while after the
exchange was out of its hands; a talk that still goes on is looked for until it is over.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from liandong.actions import afterwards
from liandong.actions.afterwards import Unseen
from liandong.channels.phone.lines import desk_for
from liandong.channels.phone.phones import Phones
from liandong.channels.phone.reconcile import answered_by, call_of, number_of
from liandong.exchange.listening import DATABASE_LOST
from liandong.records.models import Contact, Seat
from liandong.rules import access
from liandong.rules.say import Unable
from liandong.telephony.asterisk.call_records import Record, missed

EVERY = timedelta(seconds=20)
LOOKED_FOR = timedelta(minutes=3)
"""How long after the exchange was out of our hands calls may still be found that nobody took."""
A_DAY = timedelta(days=1)
"""A call that began as long ago may still go on."""
LONGEST_SILENCE = timedelta(hours=6)
"""Nothing is written of a talk while it goes on; after so long it is over, whatever was not written."""
SAME = timedelta(seconds=5)
"""A switch may have taken a call and been killed before it could put that down at the exchange."""

_log = logging.getLogger(__name__)


class Afterwards:
    def __init__(self) -> None:
        self.looked: datetime | None = None
        self.until: datetime | None = None

    def look(self, at: datetime, *, here: bool) -> int:
        """Make up for what is over by now; returns how many calls. `here`: whether we hold the exchange."""
        if self.until is None or not here:
            self.until = at + LOOKED_FOR
        if not here or at > self.until or (self.looked and at - self.looked < EVERY):
            return 0
        since = self.looked and self.looked - A_DAY  # what was over before the last look has been made up for
        self.looked = at
        records = missed(settings.CALL_RECORDS, since)
        callers = [one for one in records if not one.phone]
        for one in callers:
            if one.ended is None and one.last and at - one.last > LONGEST_SILENCE:
                one.ended = one.last  # the exchange was killed in it, and never wrote its end
        if any(one.ended is None for one in callers):
            self.until = at + LOOKED_FOR
        return sum(make_up(one, records, at) for one in callers if one.ended)


def make_up(one: Record, records: list[Record], at: datetime) -> bool:
    """Whether it was written down now; what an act refuses is logged, and looked at again."""
    number, made_up = number_of(one), [call_of(other) for other in records if not other.phone]
    taken = Contact.objects.filter(line=one.line, number=number, rang_at__range=(one.began - SAME, one.began + SAME))
    known = number and taken.exclude(call__in=made_up).exists()  # who gives no number may be anybody
    if known or Contact.objects.filter(call=call_of(one)).exists():
        return False
    phone = answered_by(one, records)
    seat = Seat.objects.select_related("desk").filter(pk=Phones().seat(phone) if phone else None).first()
    unseen = Unseen(call_of(one), one.line, number, one.began, one.ended, one.answered if phone else None, seat)
    try:
        desk = seat.desk if seat else desk_for(settings.LINES_CITY, one.line, "", one.began)
        afterwards.make_up(unseen, desk, by=access.system("switch", desk.city), at=at)
    except Unable as refused:
        _log.warning("a call of %s is not made up for: %s", one.began, refused.say.code)
        return False
    except DATABASE_LOST:
        raise
    except Exception:  # the others are made up for
        _log.exception("a call of %s is not made up for", one.began)
        return False
    return True
