"""Posts what webhooks are owed: at least once, in order within each matter, again and again with growing pauses. A thread
for each address that is owed something now, so that a slow one keeps nobody waiting."""

import logging
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from liandong.exchange import keyring, outward
from liandong.exchange.listening import DATABASE_LOST
from liandong.exchange.outward import Unsent
from liandong.records.models import Webhook, WebhookMessage
from liandong.records.sealed import Broken, NoKey
from liandong.rules import webhooks

MOST = 8
"""Addresses posted to at once, each with a database connection."""
BATCH = 20
FAULT_PAUSE = timedelta(minutes=1)
RUN = 20.0
"""Seconds after which a thread makes room for another address, though there is more: whoever waited longest is next."""
_LOCK = 0x3EB
_FIRST = """
    m.state = 'waiting' AND m.next_at <= %(at)s
    AND NOT EXISTS (SELECT FROM records_webhookmessage b WHERE b.webhook_id = m.webhook_id AND b.matter_id = m.matter_id
                       AND b.event_id < m.event_id AND b.state = 'waiting')
"""
_OWED = f"""
    SELECT w.id FROM records_webhook w
     WHERE w.state = 'on' AND (w.next_at IS NULL OR w.next_at <= %(at)s)
       AND EXISTS (SELECT FROM records_webhookmessage m WHERE m.webhook_id = w.id AND {_FIRST})
     ORDER BY w.answered_at NULLS FIRST
"""
_DUE = f"SELECT m.id FROM records_webhookmessage m WHERE m.webhook_id = %(hook)s AND {_FIRST} ORDER BY m.event_id LIMIT {BATCH}"
_log = logging.getLogger(__name__)


class Posters:
    """Remembers which addresses are being posted to."""

    def __init__(self, stop: threading.Event, post: outward.Post = outward.post) -> None:
        self.stop, self.post = stop, post
        self.threads: dict[int, threading.Thread] = {}

    def look(self, at: datetime) -> None:
        """Begin with every address that is owed something and is not being posted to."""
        self.threads = {pk: thread for pk, thread in self.threads.items() if thread.is_alive()}
        if len(self.threads) >= MOST:
            return
        free = [pk for pk in owed(at) if pk not in self.threads]
        for pk in free[: MOST - len(self.threads)]:
            self.threads[pk] = threading.Thread(target=self._run, args=(pk,), name=f"webhook-{pk}", daemon=True)
            self.threads[pk].start()

    def _run(self, pk: int) -> None:
        try:
            post_all(pk, self.stop, self.post)
        except DATABASE_LOST as error:  # looked at again by the next round
            _log.warning("webhook %s: %s", pk, str(error).strip())
        except Exception:  # a fault of ours must not be tried four times a second
            _log.exception("webhook %s", pk)
            Webhook.objects.filter(pk=pk).update(next_at=timezone.now() + FAULT_PAUSE, reason="fault")
        finally:
            connection.close()


def owed(at: datetime) -> list[int]:
    """The addresses that something can be posted to now, those longest without an answer first."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"at": at})
        return [row[0] for row in cursor.fetchall()]


def post_all(pk: int, stop: threading.Event, post: outward.Post = outward.post) -> int:
    """Post what one address is owed until nothing is due, it does not answer, or RUN is over; returns how many it took.
    Another worker at the same address leaves this one nothing to do."""
    taken, began = 0, time.monotonic()
    with _alone(pk) as ours:
        while ours and not stop.is_set():
            at = timezone.now()
            hook = Webhook.objects.filter(pk=pk, state="on").exclude(next_at__gt=at).first()
            rows = due(hook, at) if hook else []
            if not rows:
                break
            for row in rows:
                hook.refresh_from_db()
                answered = _post(hook, row, post) if hook.state == "on" and not stop.is_set() else None
                taken += answered is True
                if answered is None or time.monotonic() - began >= RUN:
                    return taken
    return taken


@contextmanager
def _alone(pk: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, pk])
        ours = cursor.fetchone()[0]
        try:
            yield ours
        finally:
            if ours:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, pk])


def due(hook: Webhook, at: datetime) -> list[WebhookMessage]:
    """Of each matter the first message that was not taken, if its time has come; the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"hook": hook.pk, "at": at})
        ids = [row[0] for row in cursor.fetchall()]
    rows = WebhookMessage.objects.in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def _post(hook: Webhook, row: WebhookMessage, post: outward.Post) -> bool | None:
    """Whether one message was taken; None when the address is not ready, and everything waits."""
    at = timezone.now()
    waiting = WebhookMessage.objects.filter(pk=row.pk, state="waiting")
    if not waiting.filter(
        matter__secret=False, matter__source_hidden=False
    ).exists():  # since it was written out, or read
        waiting.update(state="dropped", reason="secret")
        _forgive(hook)
        return False
    try:
        body = row.body.encode()
        headers = webhooks.signed(_secrets(hook, at), f"ev_{row.event_id}", at, body)
        answer = post(hook.url, body, headers, settings.WEBHOOK_HOSTS)
    except Unsent as error:
        _away(hook, error.reason, str(error), 0, at)
        return None
    except (NoKey, Broken):
        _log.error("the secret of webhook %s cannot be opened: is LIANDONG_FILE_KEYS as it was?", hook.pk)
        _away(hook, "own_key", "", 0, at)
        return None
    what = webhooks.outcome(answer.status)
    if what in ("away", "gone"):
        _away(hook, what if what == "gone" else f"http_{answer.status}", "", answer.retry_after, at)
        return None
    _answered(hook, at)
    if what == "taken":
        waiting.update(state="taken", taken_at=at, reason="", tries=row.tries + 1)
        return True
    again = webhooks.refused_until(row.tries + 1, at)
    waiting.update(state="waiting" if again else "dead", next_at=again or at, tries=row.tries + 1,
                   reason=f"http_{answer.status}")  # fmt: skip
    return False


def _secrets(hook: Webhook, at: datetime) -> list[bytes]:
    place = f"webhook/{hook.place}"
    made = [keyring.opened(hook.sealed, place)]
    if hook.sealed_before and hook.before_until and at < hook.before_until:
        made.append(keyring.opened(hook.sealed_before, place))
    return made


def _answered(hook: Webhook, at: datetime) -> None:
    Webhook.objects.filter(pk=hook.pk, state="on").update(
        answered_at=at, failing_at=None, fails=0, next_at=None, reason="", detail=""
    )


def _forgive(hook: Webhook) -> None:
    """Whoever is owed nothing any more fails at nothing: its patience does not run on."""
    if not hook.messages.filter(state="waiting").exists():
        Webhook.objects.filter(pk=hook.pk, state="on").update(
            failing_at=None, fails=0, next_at=None, reason="", detail=""
        )


def _away(hook: Webhook, reason: str, detail: str, asked_s: int, at: datetime) -> None:
    hook.refresh_from_db(fields=["fails"])
    again = webhooks.away_until(hook.fails + 1, at, asked_s, random.uniform(0.75, 1.0))
    rows = Webhook.objects.filter(pk=hook.pk, state="on")
    rows.update(
        fails=F("fails") + 1, failing_at=Coalesce("failing_at", at), next_at=again, reason=reason, detail=detail[:200]
    )
