"""What this node says to another about a matter: written in the transaction of the act, sent by the courier."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from liandong.exchange import mapping
from liandong.records.models import OutboxMessage, Partner
from liandong.rules import exchange

_NEXT = """
    INSERT INTO records_sharedmatter (matter_id, partner_id, said, heard) VALUES (%s, %s, 1, 0)
    ON CONFLICT (matter_id, partner_id) DO UPDATE SET said = records_sharedmatter.said + 1 RETURNING said
"""


def put(partner: Partner, matter: UUID, kind: str, data: dict[str, Any], *, at: datetime) -> OutboxMessage:
    """The next message about this matter to this partner. The act that calls holds the matter's head."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [matter, partner.pk])
        sequence = cursor.fetchone()[0]
    return write(partner, matter, kind, data, sequence, at=at)


def write(partner: Partner, matter: UUID, kind: str, data: dict[str, Any], sequence: int, *,
          at: datetime) -> OutboxMessage:  # fmt: skip
    """The row, under a sequence that the caller has."""
    told = mapping.leaving(partner, data)
    envelope = exchange.Envelope(str(uuid4()), settings.NODE, partner.node, kind, at, told, str(matter), sequence)
    return OutboxMessage.objects.create(partner=partner, matter_id=matter, message_id=envelope.id, kind=kind,
                                        sequence=sequence, body=exchange.write(envelope).decode(), made_at=at,
                                        next_at=at)  # fmt: skip
