"""What another system refuses for what it says lies before the city's administrator: posted again, or given up with a reason.
It holds up nothing that happened after it."""

from datetime import datetime

from liandong.actions.acting import action, stream_event
from liandong.records.models import WebhookMessage
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


@action
def retry(row: WebhookMessage, *, by: Actor, at: datetime) -> WebhookMessage:
    """Post it again now, with as many tries as a new one."""
    access.require_administrator(by, row.webhook.city)
    _move(row, state="waiting", next_at=at, tries=0)
    _tell(row, "webhook.retried", by=by, at=at)
    return row


@action
def give_up(row: WebhookMessage, why: str, *, by: Actor, at: datetime) -> WebhookMessage:
    """It is not told; the other system may still read it by the cursor."""
    access.require_administrator(by, row.webhook.city)
    why = wording.line(why, "why", 200)
    if not why:
        raise Invalid("invalid.empty", "why")
    _move(row, state="given_up", by=by.work_no, why=why)
    _tell(row, "webhook.given_up", by=by, at=at, reason=why)
    return row


def _move(row: WebhookMessage, **changes: object) -> None:
    if WebhookMessage.objects.filter(pk=row.pk, state="dead").update(**changes) != 1:
        raise Conflict("conflict.letter")
    row.refresh_from_db()


def _tell(row: WebhookMessage, kind: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    stream_event(f"webhooks:{row.webhook.city}", kind, by=by, at=at, webhook=row.webhook_id, named=row.webhook.system.name,
                 event=row.event_id, of=row.kind, private={"reason": reason} if reason else None)  # fmt: skip
