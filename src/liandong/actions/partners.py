"""Nodes of other organisations and the secrets shared with them (X8). A secret is shown once, to be carried to the other side
by hand, and kept sealed under this node's own file key; several may be good at once, so that they rotate without a pause."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import F
from django.db.models.functions import Least

from liandong.actions.acting import action, stream_event
from liandong.exchange import keyring
from liandong.records.models import Desk, Matter, Partner, PartnerKey, Seat
from liandong.rules import access, exchange, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid

LONGEST = timedelta(days=366)
HERE = ("127.0.0.1", "localhost", "::1")
"""Where plain HTTP is taken: a proxy or a second node on this machine."""


@action
def add(node: str, name: str, url: str, *, by: Actor, at: datetime) -> Partner:
    """Register another organisation's node. Its messages are refused until a secret is shared with it. Without an address it
    comes for what we say to it."""
    access.require_administrator(by, by.city)
    named = wording.line(name, "name", 40)
    if not named:
        raise Invalid("invalid.empty", "name")
    if not exchange.is_node(node):
        raise Invalid("invalid.node", "node")
    _refuse_address(url)
    if Partner.objects.filter(node=node).exists():
        raise Conflict("conflict.partner_known")
    row = Partner.objects.create(node=node, name=named, city=by.city, url=url, added_at=at)
    stream_event(f"partners:{by.city}", "partner.added", by=by, at=at, node=node, named=named)
    return row


@action
def move(partner: Partner, url: str, *, by: Actor, at: datetime) -> Partner:
    """The other node has another address. Invalid as in `add`; the same address is no act."""
    access.require_administrator(by, partner.city)
    _refuse_address(url)
    if Partner.objects.filter(pk=partner.pk).exclude(url=url).update(url=url):
        stream_event(f"partners:{partner.city}", "partner.moved", by=by, at=at, node=partner.node)
    partner.refresh_from_db()
    return partner


def _refuse_address(url: str) -> None:
    if not url:
        return
    where = urlsplit(url)
    safe = where.scheme == "https" or (where.scheme == "http" and where.hostname in HERE)
    if not safe or not where.hostname or where.username or len(url) > 200:
        raise Invalid("invalid.partner_url", "url")


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
    kept = keyring.seal(secret.encode(), keyring.place_of(partner, key))
    row = PartnerKey.objects.create(partner=partner, key=key, sealed=kept, from_at=start, until_at=until)
    stream_event(f"partners:{partner.city}", "partner.key_shared", by=by, at=at, node=partner.node, named=key)
    row.secret = secret
    return row


@action
def revoke_key(row: PartnerKey, why: str, *, by: Actor, at: datetime) -> PartnerKey:
    """A secret that may be known to others opens nothing from this moment, and why: what was signed with it and is still on
    its way is refused, and comes again under another."""
    access.require_administrator(by, row.partner.city)
    reason = wording.reason(why)
    live = PartnerKey.objects.filter(pk=row.pk, until_at__gt=at)
    if live.update(until_at=at, from_at=Least(F("from_at"), at - timedelta(seconds=1))) != 1:
        raise Conflict("conflict.partner_key_over")
    stream_event(f"partners:{row.partner.city}", "partner.key_revoked", by=by, at=at, node=row.partner.node, named=row.key,
                 private={"why": reason})  # fmt: skip
    row.refresh_from_db()
    return row


@action
def place_desks(partner: Partner, codes: tuple[str, ...], *, by: Actor, at: datetime) -> Partner:
    """Say which desks of the city work at this partner's node, all of them at once; every other one of its works here
    again. As it is already, it is no act. Conflict while such a desk has something open here, or people sit at it."""
    access.require_administrator(by, partner.city)
    desks = Desk.objects.filter(city=partner.city)
    known = set(desks.filter(code__in=codes).values_list("code", flat=True))
    if missing := sorted(set(codes) - known):
        raise Invalid("invalid.to_desk", "desks", value=missing[0])
    coming = desks.filter(code__in=codes).exclude(partner=partner)
    held = Matter.objects.filter(holder__in=coming).exclude(state="archived").exists()
    if held or Seat.objects.filter(desk__in=coming).exclude(presence="off").exists():
        raise Conflict("conflict.desk_at_work")
    if Matter.objects.filter(state="away", holder__partner=partner).exclude(holder__code__in=codes).exists():
        raise Conflict("conflict.desk_at_work")
    back = desks.filter(partner=partner).exclude(code__in=codes).update(partner=None)
    if coming.update(partner=partner) or back:
        stream_event(
            f"partners:{partner.city}", "partner.desks_placed", by=by, at=at, node=partner.node, desks=sorted(codes)
        )
    return partner


@action
def link_seen(partner: Partner, *, down: bool, by: Actor, at: datetime) -> Partner:
    """The link to a partner has gone silent, or stands again: every desk of the city here is told at once. Conflict when
    that is known already."""
    moved = Partner.objects.filter(pk=partner.pk, down_at__isnull=down).update(down_at=at if down else None)
    if moved != 1:
        raise Conflict("conflict.link_known")
    here = Desk.objects.filter(city=partner.city, partner__isnull=True).values_list("code", flat=True)
    after_s = None if down or partner.down_at is None else round((at - partner.down_at).total_seconds())
    stream_event(f"partners:{partner.city}", "partner.silent" if down else "partner.back", by=by, at=at,
                 node=partner.node, topics=tuple(f"desk:{code}" for code in here), after_s=after_s)  # fmt: skip
    partner.refresh_from_db()
    return partner
