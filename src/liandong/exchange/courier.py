"""Carries the outbox to other nodes: at least once, in order within each matter, again and again with growing pauses, for
ever. One thread for each partner, so that one that is away keeps nobody else waiting; several messages, each of another matter,
are under way to it at once, so that a line across the country costs each of them its time once, and not all of them one
after the other."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from liandong.exchange import https, keyring
from liandong.exchange.lanes import Lanes
from liandong.exchange.listening import DATABASE_LOST, pause_before
from liandong.exchange.pinging import ping, ping_name
from liandong.exchange.reconciling import Reconciler
from liandong.exchange.waiting import BATCH, LONGEST_PAUSE, again, due, pause, refused, sooner
from liandong.records.models import OutboxMessage, Partner
from liandong.records.models.exchange import WAITS
from liandong.records.sealed import Broken, NoKey
from liandong.rules import exchange

BEAT = 15.0
"""Seconds between two pings."""
IDLE_PAUSE = 0.05
LONGEST_REST = 5.0
"""Seconds at most until a ping asks whether a partner that did not answer is there again."""
NOTED_EVERY = timedelta(seconds=1)
LANES = 8
"""Messages posted at once."""
KNOWN_FOR = 0.5
"""Seconds for which an address and an opened secret are used again while messages are under way."""
LOST_IN_A_ROW = 3
"""After so many posts without an answer the partner is left alone for a while; one or two are the line's mishap."""

_log = logging.getLogger(__name__)
Post = Callable[[str, bytes, exchange.Signature], https.Answer]
Known = tuple[Partner, str, bytes]


class Courier:
    """The way to one partner. `rest_until` is a monotonic second: nobody answered, so nothing is tried before. Given a `post`, it
    posts in its own thread, one after the other."""

    def __init__(self, partner: int, post: Post | None = None) -> None:
        self.partner, self.lines = partner, https.Lines()
        self.pool = Lanes(LANES, f"courier-{partner}") if post is None else None
        self.post = post or self.lines.post
        self.under_way: dict[Future[https.Answer], OutboxMessage] = {}
        self.failed, self.rest_until, self.beaten, self.noted = 0, 0.0, 0.0, 0.0
        self.away = False
        self.known, self.known_until = None, 0.0
        self.reconciler = Reconciler(partner, post or https.post)

    def run(self, stop: threading.Event) -> None:
        """Carry until `stop` is set; a database that goes away is waited for."""
        lost = 0
        try:
            while not stop.is_set():
                try:
                    self.round(timezone.now())
                    self.reconciler.look(timezone.now())
                    lost = 0
                    wait(self.under_way, IDLE_PAUSE, FIRST_COMPLETED) if self.under_way else stop.wait(IDLE_PAUSE)
                except DATABASE_LOST as error:
                    lost += 1
                    _log.warning("courier: %s", str(error).strip())
                    connection.close()
                    stop.wait(pause_before(lost))
        finally:
            self.close()

    def close(self) -> None:
        """Leave what is under way: whoever comes next sends it again."""
        if self.pool:
            for future in self.under_way:
                future.cancel()
            self.pool.close()
        self.lines.close()
        connection.close()

    def round(self, at: datetime) -> int:
        """Note what came back, a ping when it is time, then what is due; returns how many messages the other side took."""
        taken = self._settle()
        if time.monotonic() < self.rest_until or len(self.under_way) >= BATCH // 2:
            return taken
        rows = due(self.partner, at, [row.pk for row in self.under_way.values()])
        beat = self.away or self.failed >= LOST_IN_A_ROW or time.monotonic() - self.beaten >= BEAT
        if not rows and not beat:
            return taken  # twenty times a second: one read, and no secret is opened
        try:
            known = self._known(at)
            if known is None:
                self.rest_until = time.monotonic() + 1.0
                return taken
            if beat:
                self._beat(known, at)
            for row in rows:
                if not self._begin(row, known):
                    break
        except https.Unreached as error:
            self._lost(str(error))
        except (NoKey, Broken):
            _log.error("the secret shared with %s cannot be opened: is LIANDONG_FILE_KEYS as it was?", self.partner)
            self.failed += 1
            self._rest("own key")
        return taken + self._settle()

    def _known(self, at: datetime) -> Known | None:
        """The partner, the key to sign with and its secret; None for one that comes for its messages itself (exchange.pulling),
        and without a key."""
        if self.known and self.under_way and time.monotonic() < self.known_until:
            return self.known
        key = keyring.signing_key(self.partner, at=at)
        self.known = (key.partner, key.key, keyring.secret_of(key)) if key and key.partner.url else None
        self.known_until = time.monotonic() + KNOWN_FOR
        return self.known

    def _beat(self, known: Known, at: datetime) -> None:
        """A ping. When one is answered after some were not, nothing that failed meanwhile waits out its pause."""
        was_away, self.away = self.away, True
        answer = self._send(known, ping(known[0], at))
        self.beaten = time.monotonic()
        if heard := answer.is_receipt_of(ping_name(at)):
            self._answered()
        if heard or answer.is_refusal:
            self.failed, self.away = 0, False
            if was_away:
                sooner(self.partner, at)
        else:  # its messages are tried all the same
            self._lost(f"HTTP {answer.status} to a ping, and not from a node")

    def _begin(self, row: OutboxMessage, known: Known) -> bool:
        """Send it off, in a thread that asks nothing of the database; False when it is known already that nobody answers."""
        future: Future[https.Answer] = Future()
        if self.pool:
            future = self.pool.submit(self._send, known, row.body.encode())
        else:
            try:
                future.set_result(self._send(known, row.body.encode()))
            except https.Unreached as error:
                future.set_exception(error)
        self.under_way[future] = row
        return self.pool is not None or future.exception() is None

    def _send(self, known: Known, body: bytes) -> https.Answer:
        partner, key, secret = known
        try:
            return self.post(partner.url, body, exchange.sign(secret, settings.NODE, key, body, at=timezone.now()))
        except https.Unreached:
            raise
        except Exception as error:  # a fault of ours, or an address nobody can post to, must not end the courier
            _log.exception("posting to %s", partner.node)
            raise https.Unreached(f"{type(error).__name__}: {error}") from error

    def _settle(self) -> int:
        """What became of those that have come back: first all that were taken, in one statement."""
        back = {future: row for future, row in self.under_way.items() if future.done()}
        if not back:
            return 0
        at = timezone.now()
        taken = [
            row.pk
            for future, row in back.items()
            if not future.exception() and future.result().is_receipt_of(row.message_id)
        ]
        if taken:
            waits = OutboxMessage.objects.filter(pk__in=taken, state__in=WAITS)
            waits.update(state="taken", reason="", detail="", tries=F("tries") + 1)
            self._answered()
            self.failed = 0
        for future, row in back.items():
            if row.pk not in taken:
                self._not_taken(row, future, at)
            del self.under_way[future]
        return len(taken)

    def _not_taken(self, row: OutboxMessage, future: Future[https.Answer], at: datetime) -> None:
        error = future.exception()
        if error is None:
            answer = future.result()
            if answer.is_refusal:
                reason = https.plain(answer.told["type"]).removeprefix(https.URN)[:30]
                detail = https.plain(answer.told.get("detail") or answer.told.get("title") or "")
                refused(row, row.partner, reason, detail, at=at, passes=answer.status >= 500)
                self.failed = 0
                return
            error = https.Unreached(f"HTTP {answer.status}, and not from a node")
        again(row, "unreached", https.plain(error), at + timedelta(seconds=pause(row.tries + 1)))
        self._lost(str(error))

    def _answered(self) -> None:
        """It answers: noted once a second, so that a link that is silent is seen."""
        if time.monotonic() - self.noted >= NOTED_EVERY.total_seconds():
            Partner.objects.filter(pk=self.partner).update(answered_at=timezone.now())
            self.noted = time.monotonic()

    def _lost(self, why: str) -> None:
        self.failed += 1
        if self.failed >= LOST_IN_A_ROW:
            self._rest(why)

    def _rest(self, why: str) -> None:
        if self.failed <= LOST_IN_A_ROW:
            _log.warning("partner %s does not answer: %s", self.partner, why)
        longest = LONGEST_REST if self.away else LONGEST_PAUSE
        self.rest_until = time.monotonic() + min(longest, pause(max(1, self.failed - LOST_IN_A_ROW + 1)))
        for future in [
            future for future in self.under_way if future.cancel()
        ]:  # each would wait for nobody in its turn
            del self.under_way[future]
