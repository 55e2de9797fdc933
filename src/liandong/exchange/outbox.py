"""What this node says to another about a matter: written in the transaction of the act, sent by the courier."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from liandong.exchange import mapping
from liandong.records.models import OutboxMessage, Partner
from liandong.rules import exchange

_PUT = """
    WITH next AS (
        INSERT INTO records_sharedmatter (matter_id, partner_id, said, heard) VALUES (%(matter)s, %(partner)s, 1, 0)
        ON CONFLICT (matter_id, partner_id) DO UPDATE SET said = records_sharedmatter.said + 1 RETURNING said
    )
    INSERT INTO records_outboxmessage (partner_id, matter_id, message_id, kind, sequence, body, state, made_at, next_at, tries, reason,
                                       detail, by, why)
    SELECT %(partner)s, %(matter)s, %(id)s, %(kind)s, said, %(before)s || said || %(after)s, 'waiting', %(at)s, %(at)s, 0, '', '', '', ''
      FROM next
"""
"""The count and the message in one: every hand-over writes four. The body has its sequence put in where it stands."""


def put(partner: Partner, matter: UUID, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    """The next message about this matter to this partner. The act that calls holds the matter's head."""
    envelope = _envelope(partner, matter, kind, data, 0, at=at)
    before, after = exchange.around_sequence(envelope)
    with connection.cursor() as cursor:
        cursor.execute(_PUT, {"matter": matter, "partner": partner.pk, "id": envelope.id, "kind": kind, "before": before, "after": after,
                              "at": at})  # fmt: skip


def _envelope(
    partner: Partner, matter: UUID, kind: str, data: dict[str, Any], sequence: int, *, at: datetime
) -> exchange.Envelope:
    told = mapping.leaving(partner, data)
    return exchange.Envelope(str(uuid4()), settings.NODE, partner.node, kind, at, told, str(matter), sequence)


def write(partner: Partner, matter: UUID, kind: str, data: dict[str, Any], sequence: int, *,
          at: datetime) -> OutboxMessage:  # fmt: skip
    """The row, under a sequence that the caller has."""
    envelope = _envelope(partner, matter, kind, data, sequence, at=at)
    return OutboxMessage.objects.create(partner=partner, matter_id=matter, message_id=envelope.id, kind=kind,
                                        sequence=sequence, body=exchange.write(envelope).decode(), made_at=at,
                                        next_at=at)  # fmt: skip
