"""Secrets shared with others: kept sealed under this node's own file key, opened for one signature."""

import io
from datetime import datetime

from django.core.files.storage import default_storage

from liandong.records.joined import Joined
from liandong.records.models import Partner, PartnerKey
from liandong.records.sealed import sealed, unsealed

_SIGNS = Joined(
    PartnerKey, ("partner",),
    where="it.partner_id = %s AND it.from_at <= %s AND it.until_at > %s ORDER BY it.from_at DESC, it.id DESC LIMIT 1",
)  # fmt: skip


def seal(secret: bytes, place: str) -> bytes:
    """The bytes to keep. `place` is what they are bound to, so that one's secret cannot be laid under another's name."""
    known, under = default_storage.known, default_storage.writes_under
    return b"".join(sealed([secret], known[under], place))


def opened(kept: bytes, place: str) -> bytes:
    """The secret in the clear, for one signature. Raises NoKey or Broken."""
    return b"".join(unsealed(io.BytesIO(bytes(kept)), default_storage.known, place))


def place_of(partner: Partner, key: str) -> str:
    """Where a secret shared with a partner is kept."""
    return f"partner/{partner.node}/{key}"


def secret_of(row: PartnerKey) -> bytes:
    """The secret shared with a partner, in the clear."""
    return opened(row.sealed, place_of(row.partner, row.key))


def signing_key(partner: int, *, at: datetime) -> PartnerKey | None:
    """The key to sign with, and whose it is: of the partner's keys that are good now, the one that began last."""
    return _SIGNS.first(partner, at, at)
