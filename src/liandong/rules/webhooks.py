"""Webhooks as Standard Webhooks 1.0 has them: what is signed, how an answer is taken, how long to wait, and which addresses
one may be posted to."""

import base64
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from liandong.rules.say import Invalid

ID, MOMENT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX, SECRET_BYTES = "whsec_", 32
OVERLAP = timedelta(days=1)
"""How long the secret before signs too."""
REFUSED_PAUSES = (timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""Before each further try of a message that was refused for what it says; then it is dead, and a person decides."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
KEY_KEPT = timedelta(days=30)
"""How long after a key ran out it may still be replaced, and what it was posted keeps its place."""
GIVES_OUT = timedelta(days=3)
"""An address that took nothing for so long is paused, and keeps its place."""
NOT_OF_THE_MESSAGE = frozenset({401, 402, 403, 404, 405, 407, 408, 421, 423, 425, 426, 429})
"""Refusals that say nothing of this message: the address itself is not ready, and everything waits."""
_NOT_OPEN = ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "fec0::/10", "5f00::/16")
_REFUSED = tuple(map(ipaddress.ip_network, _NOT_OPEN))
"""IPv6 networks that pass for open ones: behind which any IPv4 address may lie (RFC 6052, RFC 8215, the old compatible ones
of RFC 4291), of a site (RFC 3879), and of segments of a network (RFC 9602)."""


def spelled(secret: bytes) -> str:
    """A secret as its owner is given it."""
    return PREFIX + base64.b64encode(secret).decode()


def signed(secrets: Iterable[bytes], name: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one try: the name of the message, which stays; the second of this try; and a signature over both and
    the exact bytes with each secret that is good now."""
    content = f"{name}.{int(at.timestamp())}.".encode() + body
    made = [base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode() for secret in secrets]
    return {ID: name, MOMENT: str(int(at.timestamp())), SIGNATURE: " ".join(f"v1,{one}" for one in made)}


def payload(kind: str, at: datetime, data: dict[str, Any]) -> str:
    """The body: what happened, when, and of what."""
    when = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"type": kind, "timestamp": when, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)


def wants(kinds: Iterable[str], kind: str) -> bool:
    """Whether a list of kinds holds this one: by name, as `family.*`, or as `*`."""
    return any(one in ("*", kind) or (one.endswith(".*") and kind.startswith(one[:-1])) for one in kinds)


def outcome(status: int) -> str:
    """What an HTTP answer means: `taken`; `gone`, the address wants no more; `refused`, this message; `away`, anything else."""
    if 200 <= status < 300:
        return "taken"
    if status == 410:
        return "gone"
    return "refused" if 400 <= status < 500 and status not in NOT_OF_THE_MESSAGE else "away"


def refused_until(tries: int, at: datetime) -> datetime | None:
    """When a message that was refused `tries` times is tried again; None: it is dead."""
    return at + REFUSED_PAUSES[tries - 1] if tries <= len(REFUSED_PAUSES) else None


def away_until(fails: int, at: datetime, asked_s: int, share: float) -> datetime:
    """When an address is tried again after `fails` failures: doubling, `share` (0.75 to 1) of it by chance, or when it asked
    to be (Retry-After), an hour at most."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(fails - 1, 20)) * share
    return at + max(pause, min(LONGEST_PAUSE, timedelta(seconds=asked_s)))


def checked(url: str, inside: Iterable[str]) -> str:
    """The address as given, or Invalid: https (plain http only to hosts `inside`), no user, no part of a page, and no
    address of this machine or its networks unless it is inside."""
    try:
        where = urlsplit(url)
        host, port = where.hostname or "", where.port
    except ValueError:
        host, port = "", None
    if not host or port == 0 or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Invalid("invalid.webhook_url", "url")
    if where.scheme not in ("https", "http") or "@" in where.netloc or where.fragment:
        raise Invalid("invalid.webhook_url", "url")
    if where.scheme == "http" and not named_inside(host, inside):
        raise Invalid("invalid.webhook_url", "url")
    if _address(host) and not reachable(host, host, inside):
        raise Invalid("invalid.webhook_address", "url")
    return url


def reachable(address: str, host: str, inside: Iterable[str]) -> bool:
    """Whether what is posted to `host` may go to this address that it stands for: one of the open network, or one that is
    `inside` by the name of its host or by a network that holds it."""
    found = _address(address)
    if found is None:
        return False
    if named_inside(host, inside) or any(net and found in net for net in map(_network, inside)):
        return True
    return found.is_global and not found.is_multicast and not any(found in net for net in _REFUSED)


def named_inside(host: str, inside: Iterable[str]) -> bool:
    """Whether this host, or its own address, is listed."""
    found = _address(host)
    return host.lower() in {one.lower() for one in inside} or (
        found is not None and any(net and found in net for net in map(_network, inside))
    )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    for inner in ("ipv4_mapped", "sixtofour"):
        found = getattr(found, inner, None) or found
    return found


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
