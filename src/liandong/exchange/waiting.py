"""Messages that wait for one partner: which are due, and when one that was not taken is tried again."""

import logging
import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from liandong.records.models import OutboxMessage, Partner
from liandong.records.models.exchange import WAITS
from liandong.rules import exchange

LONGEST_PAUSE = 15.0
"""Seconds at most until a message that nobody answered is tried again."""
DEAD_PAUSE = timedelta(hours=1)
BATCH = 50
"""Messages looked for at once."""

_DUE = f"""
    SELECT o.* FROM records_outboxmessage o
     WHERE o.partner_id = %s AND o.state IN {WAITS} AND NOT o.id = ANY(%s)
       AND (o.next_at <= %s OR o.state = 'waiting' AND o.next_at > %s)
       AND NOT EXISTS (SELECT FROM records_outboxmessage b WHERE b.partner_id = o.partner_id AND b.matter_id = o.matter_id
                          AND b.sequence < o.sequence AND b.state IN {WAITS})
     ORDER BY o.next_at, o.id LIMIT %s
"""
_log = logging.getLogger(__name__)


def pause(tries: int) -> float:
    """Seconds until the next try after `tries` failed ones: doubling from half a second, a quarter of it by chance."""
    return min(LONGEST_PAUSE, 0.5 * 2 ** min(tries - 1, 10)) * random.uniform(0.75, 1.0)


def refused(
    row: OutboxMessage, partner: Partner, reason: str, detail: str, *, at: datetime, passes: bool = False
) -> None:
    """The other side did not take it: tried again soon when that `passes` by itself, else a dead letter."""
    if passes or reason in exchange.PASSES:
        again(row, reason, detail, at + timedelta(seconds=pause(row.tries + 1)))
        return
    _log.error("%s refused %s of %s: %s %s", partner.node, row.kind, row.matter_id, reason, detail)
    again(row, reason, detail, at + DEAD_PAUSE, state="dead")


def again(row: OutboxMessage, reason: str, detail: str, next_at: datetime, **more: str) -> None:
    """It has not arrived yet, and is due again then."""
    rows = OutboxMessage.objects.filter(pk=row.pk, state__in=WAITS)
    rows.update(tries=row.tries + 1, reason=reason, detail=detail[:200], next_at=next_at, **more)


def sooner(partner: int, at: datetime) -> None:
    """What failed because nobody answered is due now."""
    rows = OutboxMessage.objects.filter(partner=partner, state="waiting", reason="unreached", next_at__gt=at)
    rows.update(next_at=at)


def due(partner: int, at: datetime, but: Iterable[int] = ()) -> list[OutboxMessage]:
    """For this partner: of each matter the first message that has not arrived, if its time has come; the longest waiting first.
    What waits for longer than we ever wait was written before the clock was set back."""
    given = [partner, list(but), at, at + timedelta(seconds=LONGEST_PAUSE), BATCH]
    return list(OutboxMessage.objects.raw(_DUE, given))
