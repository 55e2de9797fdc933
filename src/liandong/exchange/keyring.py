"""The secrets shared with partners: kept sealed under this node's own file key, opened for one signature."""

import io
from datetime import datetime

from django.core.files.storage import default_storage

from liandong.records.models import Partner, PartnerKey
from liandong.records.sealed import sealed, unsealed


def seal(secret: str, partner: Partner, key: str) -> bytes:
    """The bytes to keep."""
    known, under = default_storage.known, default_storage.writes_under
    return b"".join(sealed([secret.encode()], known[under], _place(partner, key)))


def secret_of(row: PartnerKey) -> bytes:
    """The shared secret in the clear, for one signature. Raises NoKey or Broken."""
    return b"".join(unsealed(io.BytesIO(bytes(row.sealed)), default_storage.known, _place(row.partner, row.key)))


def signing_key(partner: Partner, *, at: datetime) -> PartnerKey | None:
    """The key to sign with: of those good now, the one that began last."""
    return partner.keys.filter(from_at__lte=at, until_at__gt=at).order_by("-from_at", "-pk").first()


def _place(partner: Partner, key: str) -> str:
    """What the sealed bytes are bound to, so that one partner's secret cannot be laid under another's name."""
    return f"partner/{partner.node}/{key}"
