"""What happened, written out for other systems' webhooks once it is final; and the webhooks that have come to an end."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from liandong.actions import webhooks as keeping
from liandong.exchange.listening import DATABASE_LOST
from liandong.queries import machine_events, webhooks
from liandong.records.models import Webhook, WebhookMessage
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.say import Conflict
from liandong.rules.webhooks import GIVES_OUT, payload, wants

EVERY = timedelta(seconds=1)
MOST_WAITING = 500
"""Messages that wait for one address; what happened after them waits as Events, however long the address is away."""

BUDGET = 0.2
"""Seconds of one round: deadlines do not wait behind somebody who reads everything again."""
REST = timedelta(minutes=5)
"""Until a webhook is looked at again that could not be written out."""
_log = logging.getLogger(__name__)


class Hooking:
    """Remembers when to look again, and whose turn it is."""

    def __init__(self) -> None:
        self.again: datetime | None = None
        self.swept: datetime | None = None
        self.last = 0
        self.resting: dict[int, datetime] = {}

    def look(self, at: datetime) -> int:
        """Write out what every webhook is owed by now; returns how many messages that were."""
        if self.again and at < self.again:
            return 0
        self.again = at + EVERY
        if self.swept is None or at - self.swept >= timedelta(hours=1):
            self.swept = at
            keeping.forget(at=at)
        final, began, done = machine_events.final(), time.monotonic(), 0
        for row in self._in_turn():
            if time.monotonic() - began > BUDGET:
                self.again = at
                break
            self.last = row.pk
            if self.resting.get(row.pk, at) <= at:
                done += self._one(row, final, at)
        return done + end_of_patience(at)

    def _one(self, row: Webhook, final: int, at: datetime) -> int:
        """What is to be done for one webhook. A fault of its own (its key, an Event it cannot be told) is logged, and holds up
        neither the others nor the deadlines."""
        try:
            viewer = webhooks.viewer(row, at)
            if viewer is None:
                return self._without_key(row, at)
            if row.state == "paused" and row.reason == "key":
                return _quietly(keeping.resume, row, "webhook.key", at)
            return write_out(row, viewer, at) if row.state == "on" and row.after < final else 0
        except DATABASE_LOST:
            raise
        except Exception:
            _log.exception("webhook %s is passed over for %s", row.pk, REST)
            self.resting[row.pk] = at + REST
            return 0

    def _without_key(self, row: Webhook, at: datetime) -> int:
        """A key that has run out may still be replaced: it stands still, and keeps its place. One that was revoked ends it."""
        if not webhooks.waits_for_key(row, at):
            return _quietly(keeping.end, row, "webhook.key", at)
        return _quietly(keeping.pause, row, "webhook.key", at, "key") if row.state == "on" else 0

    def _in_turn(self) -> list[Webhook]:
        """All that have not ended, beginning behind the one that was looked at last."""
        rows = list(Webhook.objects.exclude(state="ended").order_by("pk"))
        return [r for r in rows if r.pk > self.last] + [r for r in rows if r.pk <= self.last]


def write_out(row: Webhook, viewer: Actor, at: datetime) -> int:
    """One step for one webhook: the Events behind its place that its system may see and asked for."""
    if row.messages.filter(state="waiting").count() >= MOST_WAITING:
        return 0
    read = machine_events.events(viewer, row.after, MOST_WAITING)
    letters = [WebhookMessage(webhook=row, event_id=one.id, matter_id=one.matter, kind=one.kind, body=body(one), made_at=at, next_at=at)
               for one in read.events if wants(row.kinds, one.kind)]  # fmt: skip
    with transaction.atomic():
        return len(letters) if keeping.write_out(row, letters, read.after) else 0


def body(one: machine_events.Happened) -> str:
    """What is posted of an Event: what the cursor tells of it too."""
    told = {"id": one.id, "matter": one.matter, "number": one.number, "seq": one.seq, "by": one.by, "facts": one.facts}
    return payload(one.kind, one.at, told)


def end_of_patience(at: datetime) -> int:
    """Pause what wants no more, or has taken nothing for days; returns how many."""
    tired = Webhook.objects.filter(Q(failing_at__lt=at - GIVES_OUT) | Q(reason="gone"), state="on")
    return sum(
        _quietly(keeping.pause, row, "webhook.failing", at, "gone" if row.reason == "gone" else "failing")
        for row in tired
    )


def _quietly(do, row: Webhook, rule: str, at: datetime, *more: str) -> int:
    try:
        do(row, *more, by=access.system(rule, row.city), at=at)
    except Conflict:  # another worker was first
        return 0
    return 1
