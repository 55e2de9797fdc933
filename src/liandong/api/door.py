"""Who asks: the key, what it is good for, how often, and whether what is sent may be read at all. Nothing of the body is
read before all of that is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from liandong.actions import keys, knocks
from liandong.api.problems import Refused
from liandong.channels.address import address, digest
from liandong.queries.directory import of_city
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.say import Invalid

MINUTE = timedelta(minutes=1)
REQUESTS, WEIGHT = 600, 60_000
"""In a minute, of one system whatever key it uses: requests; and texts read or matters sent, which cost the work."""
WRONG_KEYS = 60
"""Wrong keys from one address in ten minutes; then it waits. A right key always opens: many systems share an address."""
LARGEST, LARGEST_MANY = 256 * 1024, 2 * 1024 * 1024
"""Bytes of a body about one thing, and of one about many."""
JSON, LINES = "application/json", "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Caller:
    """Another system at the door: who acts, and since when."""

    actor: Actor
    at: datetime


class SystemKey(HttpBearer):
    """`Authorization: Bearer ld_…`: a key of a system, good for one of `scopes`. `many` allows larger bodies; of a `bare`
    act no body is read at all."""

    def __init__(self, *scopes: str, many: bool = False, bare: bool = False, types: tuple[str, ...] = (JSON,)) -> None:
        super().__init__()
        self.scopes, self.many, self.bare, self.types = scopes, many, bare, types

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """None for a key that is not good now; raises Forbidden or Refused for one that may not do this, now."""
        at = timezone.now()
        row = keys.known(token.strip(), at=at)
        if row is None:
            if knocks.knock("api.key", digest(address(request), "api"), timedelta(minutes=10), at=at) > WRONG_KEYS:
                raise Refused(429, "conflict.api_often", {"Retry-After": "600"}, wait=600)
            return None
        caller = Caller(row.actor, at)
        count(caller, "api", REQUESTS)
        access.require_scope(caller.actor, *self.scopes)
        if request.method in ("POST", "PUT") and not self.bare:
            _refuse_unread(request, LARGEST_MANY if self.many else LARGEST, self.types)
        return caller


def count(caller: Caller, what: str, most: int, times: int = 1) -> None:
    """Count what a system asks in this minute; beyond `most` it waits for the next."""
    if knocks.knock(what, f"{caller.actor.system}", MINUTE, at=caller.at, times=times) > most:
        wait = 60 - int(caller.at.timestamp()) % 60
        raise Refused(429, "conflict.api_often", {"Retry-After": str(wait)}, wait=wait)


def weigh(caller: Caller, times: int) -> None:
    """Count work, not requests: the texts of a batch, the matters of a list."""
    count(caller, "api.weight", WEIGHT, times)


def pack_of(caller: Caller) -> Pack:
    """The pack in force today in the caller's city; Invalid before its first."""
    pack = of_city(caller.actor, caller.at)
    if pack is None:
        raise Invalid("invalid.no_pack", city=caller.actor.city)
    return pack


def announced(request: HttpRequest) -> int | None:
    """The bytes a body is said to have; None where that is not said, as for one that comes in chunks."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else None


def _refuse_unread(request: HttpRequest, most: int, types: tuple[str, ...]) -> None:
    length = announced(request)
    if length is None:
        raise Refused(411, "invalid.api_length")
    if length > most:
        raise Refused(413, "invalid.api_large", most=most // 1024)
    if request.content_type not in types:
        raise Refused(415, "invalid.api_type", types=", ".join(types))
