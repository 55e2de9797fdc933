"""What another organisation's node sends: taken once, answered alike when it comes again, or refused with a reason and counted.

Not acts: the row of the inbox is the record, append-only, with the exact words that came."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from liandong.actions import arriving
from liandong.exchange import mapping
from liandong.exchange.keyring import secret_of
from liandong.records.joined import Joined
from liandong.records.models import InboxMessage, Partner, PartnerKey
from liandong.records.sealed import Broken, NoKey
from liandong.rules import exchange
from liandong.rules.exchange import Envelope, Refused, Signature
from liandong.rules.flood import Buckets

_log = logging.getLogger(__name__)
_floods = Buckets()
_HEARD_EVERY = timedelta(seconds=1)
_KEY = Joined(
    PartnerKey, ("partner",),
    where="partner.node = %s AND it.key = %s AND it.from_at <= %s AND it.until_at > %s ORDER BY it.id LIMIT 1",
)  # fmt: skip
_KEEP = """
    INSERT INTO records_inboxmessage (partner_id, message_id, digest, kind, body, received_at, refused)
    VALUES (%s, %s, %s, %s, %s, %s, '') ON CONFLICT DO NOTHING
"""
_COUNT = """
    INSERT INTO records_exchangerefusal (partner_id, reason, "on", times, last_at, detail) VALUES (%s, %s, %s, 1, %s, %s)
    ON CONFLICT (partner_id, reason, "on")
    DO UPDATE SET times = records_exchangerefusal.times + 1, last_at = excluded.last_at, detail = excluded.detail
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the machine has a message: the first of the three receipts. The same whenever the same message comes again."""

    id: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signed, under which of its keys and when."""

    partner: Partner
    signed: Signature
    secret: bytes


def take(header: str, body: bytes, *, here: str, at: datetime) -> Receipt:
    """Take one message for the node `here`, signed by `header`. Raises Refused; what is refused is counted first."""
    with believed(header, body, at=at) as sender:
        envelope = exchange.read(body, signer=sender.signed.node, here=here)
        return _keep(sender.partner, envelope, body, at=at)


@contextmanager
def believed(header: str, body: bytes, *, at: datetime) -> Iterator[Sender]:
    """Who signed these bytes. What is refused here, or by what is done with them, is counted."""
    partner = None
    try:
        signed = exchange.read_signature(header)
        partner, key = _known(signed, at)
        secret = _secret_of(key)
        exchange.verify(signed, secret, body, at=at)
        if not _floods.takes(partner.node, time.monotonic()):
            raise Refused("flood")
        yield Sender(partner, signed, secret)
    except Refused as refused:
        count(refused, partner, at=at)
        raise


def _known(signed: Signature, at: datetime) -> tuple[Partner, PartnerKey]:
    key = _KEY.first(signed.node, signed.key, at, at)
    if key:
        return key.partner, key
    if not Partner.objects.filter(node=signed.node).exists():
        raise Refused("partner_unknown", signed.node)
    raise Refused("key_unknown", signed.key)


def _secret_of(key: PartnerKey) -> bytes:
    try:
        return secret_of(key)
    except (NoKey, Broken) as error:
        _log.error("the secret %s of %s cannot be opened: is LIANDONG_FILE_KEYS as it was?", key.key, key.partner.node)
        raise Refused("own_key", key.key) from error


def _keep(partner: Partner, envelope: Envelope, body: bytes, *, at: datetime) -> Receipt:
    digest = exchange.digest(body)
    with transaction.atomic():
        if _is_new(partner, envelope, digest, body, at=at):
            if envelope.subject:
                arriving.do(partner, replace(envelope, data=mapping.coming(partner, envelope.data)), at=at)
            _heard(partner, at)
            return Receipt(envelope.id, at)
        first = InboxMessage.objects.get(partner=partner, message_id=envelope.id, refused="")
        if first.digest == digest:
            _heard(partner, at)
            return Receipt(first.message_id, first.received_at)
        again = InboxMessage(partner=partner, message_id=envelope.id, digest=digest, kind=envelope.kind,
                             body=body.decode(), received_at=at, refused="id_reused")  # fmt: skip
        InboxMessage.objects.bulk_create([again], ignore_conflicts=True)
    raise Refused("id_reused", f"{envelope.id}, first body sha256 {first.digest}")


def _is_new(partner: Partner, envelope: Envelope, digest: str, body: bytes, *, at: datetime) -> bool:
    """Keep a message that has not come yet, in the transaction in which it is done: both or neither. Waits for whoever takes
    this id at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [partner.pk, envelope.id, digest, envelope.kind, body.decode(), at])
        return cursor.rowcount == 1


def _heard(partner: Partner, at: datetime) -> None:
    """It lives: noted once a second, or all that it sends would wait for one row."""
    if partner.heard_at and abs(at - partner.heard_at) <= _HEARD_EVERY:
        return
    longer = Q(heard_at=None) | ~Q(heard_at__range=(at - _HEARD_EVERY, at + _HEARD_EVERY))
    Partner.objects.filter(longer, pk=partner.pk).update(heard_at=at)


def count(refused: Refused, partner: Partner | None, *, at: datetime) -> None:
    """One more refusal of this reason today."""
    with connection.cursor() as cursor:
        pk, on = partner.pk if partner else None, timezone.localtime(at).date()
        cursor.execute(_COUNT, [pk, refused.reason, on, at, refused.detail.replace("\x00", "")[:200]])
