"""Questions of a partner, answered over our signature: what waits for it, and how the offers between us stand. No acts: nothing is
told that does not stand in the records already."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from liandong.actions import inbox
from liandong.exchange import pulling, reconciling
from liandong.records.models import Partner
from liandong.rules import exchange, pull, reconcile
from liandong.rules.exchange import Refused, Signature
from liandong.rules.messages import instant


def answer(header: str, body: bytes, *, here: str, at: datetime) -> tuple[bytes, Signature]:
    """What waits for the partner that signed this question, and our signature over it."""

    def give(partner: Partner) -> bytes:
        return pulling.answer(partner, pull.read(body, here=here), at=at)

    return _answered(header, body, give, here=here, at=at, answered_at=at)


def standing(header: str, body: bytes, *, here: str, at: datetime) -> tuple[bytes, Signature]:
    """Our side of the offers between us, and our signature over it (对账)."""

    def give(partner: Partner) -> bytes:
        rows, whole = reconciling.standing(partner, reconcile.read_question(body, here=here))
        return reconcile.write(rows, whole=whole)

    return _answered(header, body, give, here=here, at=at)


def _answered(header: str, body: bytes, give: Callable[[Partner], bytes], *, here: str, at: datetime,
              **noted: datetime) -> tuple[bytes, Signature]:  # fmt: skip
    """Refused also when an equal or later question was answered before: a copy of one gets nothing."""
    with inbox.believed(header, body, at=at) as sender, transaction.atomic():
        signed_at = instant(sender.signed.at)
        later = Partner.objects.filter(Q(asked_at=None) | Q(asked_at__lt=signed_at), pk=sender.partner.pk)
        if not later.update(asked_at=signed_at, heard_at=at, **noted):
            raise Refused("asked_before", Partner.objects.get(pk=sender.partner.pk).asked_at.isoformat())
        told = give(sender.partner)
    return told, exchange.sign(sender.secret, here, sender.signed.key, told, at=at)
