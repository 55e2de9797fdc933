"""Carries the outbox to other nodes: at least once, in order within each matter, again and again with growing pauses, for
ever. One thread for each partner, so that one that is away keeps nobody else waiting."""

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from liandong.exchange import https, keyring
from liandong.exchange.listening import DATABASE_LOST, pause_before
from liandong.exchange.reconciling import Reconciler
from liandong.records.models import OutboxMessage, Partner
from liandong.records.models.exchange import WAITS
from liandong.records.sealed import Broken, NoKey
from liandong.rules import exchange
from liandong.rules.exchange import Envelope

BEAT = 15.0
"""Seconds between two pings."""
IDLE_PAUSE = 0.05
LONGEST_PAUSE = 15.0
"""Seconds at most until a partner that did not answer is tried again: with the pings, seen as back well within a minute."""
DEAD_PAUSE = timedelta(hours=1)
NOTED_EVERY = timedelta(seconds=1)
BATCH = 50

_DUE = f"""
    SELECT o.id FROM records_outboxmessage o
     WHERE o.partner_id = %s AND o.state IN {WAITS} AND o.next_at <= %s
       AND NOT EXISTS (SELECT FROM records_outboxmessage b WHERE b.partner_id = o.partner_id AND b.matter_id = o.matter_id
                          AND b.sequence < o.sequence AND b.state IN {WAITS})
     ORDER BY o.next_at, o.id LIMIT %s
"""
_log = logging.getLogger(__name__)
Post = Callable[[str, bytes, exchange.Signature], https.Answer]


def pause(tries: int) -> float:
    """Seconds until the next try after `tries` failed ones: doubling from half a second, a quarter of it by chance."""
    return min(LONGEST_PAUSE, 0.5 * 2 ** min(tries - 1, 10)) * random.uniform(0.75, 1.0)


class Courier:
    """The way to one partner. `rest_until` is a monotonic second: nobody answered, so nothing is tried before."""

    def __init__(self, partner: int, post: Post = https.post) -> None:
        self.partner, self.post = partner, post
        self.failed, self.rest_until, self.beaten = 0, 0.0, 0.0
        self.reconciler = Reconciler(partner, post)

    def run(self, stop: threading.Event) -> None:
        """Carry until `stop` is set; a database that goes away is waited for."""
        lost = 0
        while not stop.is_set():
            try:
                carried = self.round(timezone.now())
                self.reconciler.look(timezone.now())
                lost = 0
                stop.wait(0.0 if carried else IDLE_PAUSE)
            except DATABASE_LOST as error:
                lost += 1
                _log.warning("courier: %s", str(error).strip())
                connection.close()
                stop.wait(pause_before(lost))
        connection.close()

    def round(self, at: datetime) -> int:
        """A ping when it is time, then what is due; returns how many messages the other side took."""
        if time.monotonic() < self.rest_until:
            return 0
        rows, beat = due(self.partner, at), time.monotonic() - self.beaten >= BEAT
        if not rows and not beat:
            return 0  # twenty times a second: one read, and no secret is opened
        partner = Partner.objects.get(pk=self.partner)
        if not partner.url:  # it comes for its messages itself (exchange.pulling)
            self.rest_until = time.monotonic() + 1.0
            return 0
        key = keyring.signing_key(partner, at=at)
        if key is None:
            self.rest_until = time.monotonic() + 1.0
            return 0
        try:
            secret = keyring.secret_of(key)
            if beat:
                self._send(partner, key.key, secret, ping(partner, at), at)
                self.beaten = time.monotonic()
            taken = sum(self._carry(row, partner, key.key, secret) for row in rows)
        except https.Unreached as error:
            self._rest(str(error))
            return 0
        except (NoKey, Broken):
            _log.error("the secret %s of %s cannot be opened: is LIANDONG_FILE_KEYS as it was?", key.key, partner.node)
            self._rest("own key")
            return 0
        self.failed = 0
        return taken

    def _rest(self, why: str) -> None:
        self.failed += 1
        if self.failed == 1:
            _log.warning("partner %s does not answer: %s", self.partner, why)
        self.rest_until = time.monotonic() + pause(self.failed)

    def _carry(self, row: OutboxMessage, partner: Partner, key: str, secret: bytes) -> int:
        at = timezone.now()
        try:
            answer = self._send(partner, key, secret, row.body.encode(), at)
        except https.Unreached as error:
            again(row, "unreached", str(error), at + timedelta(seconds=pause(row.tries + 1)))
            raise
        if answer.status == 200:
            waits = OutboxMessage.objects.filter(pk=row.pk, state__in=WAITS)
            waits.update(state="taken", reason="", detail="", tries=row.tries + 1)
            return 1
        reason = https.plain(answer.told.get("type", "")).removeprefix("urn:liandong:exchange:")[:30]
        detail = https.plain(answer.told.get("detail") or answer.told.get("title") or "")
        refused(row, partner, reason, detail, at=at, passes=answer.status >= 500)
        return 0

    def _send(self, partner: Partner, key: str, secret: bytes, body: bytes, at: datetime) -> https.Answer:
        answer = self.post(partner.url, body, exchange.sign(secret, settings.NODE, key, body, at=at))
        if answer.status == 200:
            older = Partner.objects.filter(pk=partner.pk).exclude(answered_at__gt=at - NOTED_EVERY)
            older.update(answered_at=at)
        return answer


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


def ping(partner: Partner, at: datetime) -> bytes:
    """One ping an hour, sent every BEAT seconds: the same bytes, so the other side keeps one row an hour and no more."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    name = f"ping-{settings.NODE[:24]}-{hour:%Y%m%dT%H%z}".replace("+", "p")
    return exchange.write(Envelope(name, settings.NODE, partner.node, "ping", hour, {}))


def due(partner: int, at: datetime) -> list[OutboxMessage]:
    """For this partner: of each matter the first message that has not arrived, if its time has come; the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [partner, at, BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    rows = OutboxMessage.objects.in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


class Couriers:
    """One courier for each partner there is; looked at every few seconds, since partners are registered while we run."""

    LOOK_EVERY = 2.0

    def __init__(self, stop: threading.Event) -> None:
        self.stop, self.threads = stop, {}
        self.looked = 0.0

    def look(self) -> None:
        """Start what is missing, also what has ended by an error nobody expected."""
        if not settings.NODE or time.monotonic() - self.looked < self.LOOK_EVERY:
            return
        self.looked = time.monotonic()
        for pk in Partner.objects.values_list("pk", flat=True):
            thread = self.threads.get(pk)
            if thread is None or not thread.is_alive():
                self.threads[pk] = threading.Thread(
                    target=Courier(pk).run, args=(self.stop,), name=f"courier-{pk}", daemon=True
                )
                self.threads[pk].start()

    def join(self, patience: float) -> None:
        """Wait for them to end after `stop` was set."""
        for thread in self.threads.values():
            thread.join(patience)
