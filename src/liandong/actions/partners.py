"""Nodes of other organisations and the secrets shared with them (X8). A secret is shown once, to be carried to the other side
by hand, and kept sealed under this node's own file key; several may be good at once, so that they rotate without a pause."""

import io
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.core.files.storage import default_storage

from liandong.actions.acting import action, stream_event
from liandong.records.models import Partner, PartnerKey
from liandong.records.sealed import sealed, unsealed
from liandong.rules import access, exchange, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid

LONGEST = timedelta(days=366)
HERE = ("127.0.0.1", "localhost", "::1")
"""Where plain HTTP is taken: a proxy or a second node on this machine."""


@action
def add(node: str, name: str, url: str, *, by: Actor, at: datetime) -> Partner:
    """Register another organisation's node. Its messages are refused until a secret is shared with it."""
    access.require_administrator(by, by.city)
    named = wording.line(name, "name", 40)
    if not named:
        raise Invalid("invalid.empty", "name")
    if not exchange.is_node(node):
        raise Invalid("invalid.node", "node")
    where = urlsplit(url)
    safe = where.scheme == "https" or (where.scheme == "http" and where.hostname in HERE)
    if not safe or not where.hostname or where.username or len(url) > 200:
        raise Invalid("invalid.partner_url", "url")
    if Partner.objects.filter(node=node).exists():
        raise Conflict("conflict.partner_known")
    row = Partner.objects.create(node=node, name=named, city=by.city, url=url, added_at=at)
    stream_event(f"partners:{by.city}", "partner.added", by=by, at=at, node=node, named=named)
    return row


@action
def share_key(partner: Partner, key: str, until: datetime, *, by: Actor, at: datetime, start: datetime | None = None,
              secret: str = "") -> PartnerKey:  # fmt: skip
    """A secret good from `start` (now) to `until`, a year at most. Without `secret` a fresh one is made; the answer carries
    it once as `.secret`. With it, it is the one that the other side made."""
    access.require_administrator(by, partner.city)
    start = start or at
    if not exchange.is_key(key):
        raise Invalid("invalid.partner_key", "key")
    if not start < until <= start + LONGEST or until <= at:
        raise Invalid("invalid.key_end", "until")
    if secret and len(secret.encode()) < exchange.SHORTEST_SECRET:
        raise Invalid("invalid.partner_secret", "secret")
    if partner.keys.filter(key=key).exists():
        raise Conflict("conflict.partner_key_known")
    secret = secret or secrets.token_urlsafe(48)
    row = PartnerKey.objects.create(
        partner=partner, key=key, sealed=_seal(secret, partner, key), from_at=start, until_at=until
    )
    stream_event(f"partners:{partner.city}", "partner.key_shared", by=by, at=at, node=partner.node, named=key)
    row.secret = secret
    return row


def secret_of(row: PartnerKey) -> bytes:
    """The shared secret in the clear, for one signature."""
    return b"".join(unsealed(io.BytesIO(bytes(row.sealed)), default_storage.known, _place(row.partner, row.key)))


def signing_key(partner: Partner, *, at: datetime) -> PartnerKey | None:
    """The key to sign with: of those good now, the one that began last."""
    return partner.keys.filter(from_at__lte=at, until_at__gt=at).order_by("-from_at", "-pk").first()


def _seal(secret: str, partner: Partner, key: str) -> bytes:
    known, under = default_storage.known, default_storage.writes_under
    return b"".join(sealed([secret.encode()], known[under], _place(partner, key)))


def _place(partner: Partner, key: str) -> str:
    """What the sealed bytes are bound to, so that one partner's secret cannot be laid under another's name."""
    return f"partner/{partner.node}/{key}"
