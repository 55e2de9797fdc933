"""A partner that cannot be reached comes for its messages. Not an act: what it is told stands in the outbox already."""

from datetime import datetime

from django.db.models import Q

from liandong.actions import inbox
from liandong.exchange import pulling
from liandong.records.models import Partner
from liandong.rules import exchange, pull
from liandong.rules.exchange import Refused, Signature
from liandong.rules.messages import instant


def answer(header: str, body: bytes, *, here: str, at: datetime) -> tuple[bytes, Signature]:
    """What waits for the partner that signed this question, and our signature over it. Refused also when an equal or later
    question was answered before: a copy of one gets nothing."""
    with inbox.believed(header, body, at=at) as sender:
        asked = pull.read(body, here=here)
        signed_at = instant(sender.signed.at)
        later = Partner.objects.filter(Q(asked_at=None) | Q(asked_at__lt=signed_at), pk=sender.partner.pk)
        if not later.update(asked_at=signed_at, heard_at=at, answered_at=at):
            raise Refused("asked_before")
        told = pulling.answer(sender.partner, asked, at=at)
        return told, exchange.sign(sender.secret, here, sender.signed.key, told, at=at)
