"""A message that the other node refuses for what it says lies before a person: try again, told by hand, or given up. None of them
holds up what follows in its matter any longer than it must."""

from datetime import datetime

from liandong.actions.acting import action, stream_event
from liandong.exchange import outbox
from liandong.records.models import OutboxMessage
from liandong.records.models.exchange import WAITS
from liandong.rules import access, letters, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


@action
def retry(row: OutboxMessage, *, by: Actor, at: datetime) -> OutboxMessage:
    """Send it again now: what it was refused for has been mended on the other side."""
    access.require_administrator(by, row.partner.city)
    if OutboxMessage.objects.filter(pk=row.pk, state="dead").update(state="waiting", next_at=at) != 1:
        raise Conflict("conflict.letter")
    _tell(row, "letter.retried", by=by, at=at)
    return row


@action
def end(row: OutboxMessage, how: str, why: str, *, by: Actor, at: datetime) -> OutboxMessage:
    """`by_hand`: the other side was told by telephone or on paper; `given_up`: it is not told. Either way with a reason, and a
    `void` takes its place so that the messages behind it go."""
    access.require_administrator(by, row.partner.city)
    if how not in letters.ENDS:
        raise Invalid("invalid.letter", "how")
    if how not in letters.ends(row.kind, row.reason):
        raise Conflict("conflict.letter_confirmed")
    why = wording.line(why, "why", 200)
    if not why:
        raise Invalid("invalid.empty", "why")
    rows = OutboxMessage.objects.filter(pk=row.pk, state__in=WAITS)
    if rows.update(state="given_up", by=by.work_no, why=why) != 1:
        raise Conflict("conflict.letter")
    outbox.write(row.partner, row.matter_id, "void", {"kind": row.kind, "why": why}, row.sequence, at=at)
    _tell(row, "letter.told_by_hand" if how == "by_hand" else "letter.given_up", by=by, at=at)
    return row


def _tell(row: OutboxMessage, kind: str, *, by: Actor, at: datetime) -> None:
    stream_event(f"partners:{row.partner.city}", kind, by=by, at=at, node=row.partner.node, message=row.message_id,
                 of=row.kind, matter=str(row.matter_id), reason=row.reason)  # fmt: skip
