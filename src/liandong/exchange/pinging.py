"""The sign of life of a link: a message that says nothing but that its sender is there."""

from datetime import datetime

from django.conf import settings

from liandong.records.models import Partner
from liandong.rules import exchange
from liandong.rules.exchange import Envelope


def ping(partner: Partner, at: datetime) -> bytes:
    """One ping an hour, sent every 15 seconds: the same bytes, so the other side keeps one row an hour and no more."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return exchange.write(Envelope(ping_name(at), settings.NODE, partner.node, "ping", hour, {}))


def ping_name(at: datetime) -> str:
    """The id of the ping of that hour."""
    return f"ping-{settings.NODE[:24]}-{at:%Y%m%dT%H%z}".replace("+", "p")
