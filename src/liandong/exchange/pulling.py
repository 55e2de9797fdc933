"""What waits in the outbox for a partner that comes for it: handed out again and again until it says that it has it."""

from datetime import datetime, timedelta

from liandong.exchange import waiting
from liandong.records.models import OutboxMessage, Partner
from liandong.records.models.exchange import WAITS
from liandong.rules import pull

LARGEST = 4 * 1024 * 1024
"""Bytes of messages in one answer, roughly; one message always fits."""


def answer(partner: Partner, asked: pull.Asked, *, at: datetime) -> bytes:
    """Note what became of the last answer, and give what is due now: of each matter the first message that has not arrived."""
    settle(partner, asked, at=at)
    bodies: list[str] = []
    size = 0
    for row in waiting.due(partner.pk, at):
        size += len(row.body.encode())
        if bodies and size > LARGEST:
            break
        pause = waiting.DEAD_PAUSE if row.state == "dead" else timedelta(seconds=waiting.pause(row.tries + 1))
        waiting.again(row, row.reason, row.detail, at + pause)
        bodies.append(row.body)
    return pull.write(bodies)


def settle(partner: Partner, asked: pull.Asked, *, at: datetime) -> None:
    """What it has kept has arrived; what it refused waits, or lies before a person, as when it was posted."""
    ours = OutboxMessage.objects.filter(partner=partner, state__in=WAITS)
    ours.filter(message_id__in=asked.taken).update(state="taken", reason="", detail="")
    told = {name: (reason, detail) for name, reason, detail in asked.refused}
    for row in ours.filter(message_id__in=told):
        waiting.refused(row, partner, *told[row.message_id], at=at)
