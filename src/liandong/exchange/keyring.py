"""Secrets shared with others: kept sealed under this node's own file key, opened for one signature."""

import io
from datetime import datetime

from django.core.files.storage import default_storage

from liandong.records.models import Partner, PartnerKey
from liandong.records.sealed import sealed, unsealed


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


def signing_key(partner: Partner, *, at: datetime) -> PartnerKey | None:
    """The key to sign with: of those good now, the one that began last."""
    return partner.keys.filter(from_at__lte=at, until_at__gt=at).order_by("-from_at", "-pk").first()
