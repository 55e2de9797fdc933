"""Who asks: the key, what it is good for, how often, and whether what is sent may be read at all. Nothing of the body is
read before all of that is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from liandong.actions import keys, knocks
from liandong.actions.knocks import Tried
from liandong.api.problems import Refused
from liandong.channels.address import address, digest
from liandong.channels.api.group_commit import GroupCommit
from liandong.queries.directory import of_city
from liandong.records.models import SystemKey as Key
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.say import Invalid

MINUTE = timedelta(minutes=1)
WORK = "api.weight"
REQUESTS, WEIGHT = 600, 60_000
"""In a minute, of one system whatever key it uses: requests; and texts read or matters sent, which cost the work."""
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
    act no body is read at all. `weighs`: the work that it asks for, where that is known before the body is read."""

    def __init__(
        self, *scopes: str, many: bool = False, bare: bool = False, types: tuple[str, ...] = (JSON,), weighs: int = 0
    ) -> None:
        super().__init__()
        self.scopes, self.many, self.bare, self.types, self.weighs = scopes, many, bare, types, weighs

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """None for a key that is not good now; raises Forbidden or Refused for one that may not do this, now."""
        at = timezone.now()
        asked = _ask(Asked(token.strip(), at, self.weighs))
        if isinstance(asked, Exception):
            raise asked
        row, times, weight = asked
        if row is None:
            if keys.wrong(digest(address(request), "api"), at=at):
                wait = round(keys.WRONG_WITHIN.total_seconds())
                raise Refused(429, "conflict.api_often", {"Retry-After": f"{wait}"}, wait=wait)
            return None
        caller = Caller(row.actor, at)
        _refuse_often(times > REQUESTS or weight > WEIGHT, at)
        access.require_scope(caller.actor, *self.scopes)
        if request.method in ("POST", "PUT") and not self.bare:
            _refuse_unread(request, LARGEST_MANY if self.many else LARGEST, self.types)
        return caller


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the secret it brings, when, and the work that is counted before it is read."""

    secret: str
    at: datetime
    weighs: int


def _look(asked: Sequence[Asked]) -> list[tuple[Key | None, int, int]]:
    """The key of each, how many requests its system made in this minute, and how much work it asked for in it, as far as it asks
    for any here."""
    found = keys.known_of([one.secret for one in asked], at=max(one.at for one in asked))
    known = [(one, key) for one, key in zip(asked, found, strict=True) if key]
    tried = [Tried("api", f"{key.system}", MINUTE, one.at) for one, key in known]
    tried += [Tried(WORK, f"{key.system}", MINUTE, one.at, one.weighs) for one, key in known if one.weighs]
    counted = iter(knocks.count(tried))
    times = [next(counted) if key else 0 for key in found]
    return [(key, often, next(counted) if key and one.weighs else 0)
            for one, key, often in zip(asked, found, times, strict=True)]  # fmt: skip


_ask = GroupCommit(_look)
"""Requests of the same moment are looked up and counted together; a key that was revoked is good for nothing from that moment on."""


def weigh(caller: Caller, times: int) -> None:
    """Count work, not requests, of which only the body tells how much: the texts of a batch, the matters of a list."""
    _refuse_often(knocks.knock(WORK, f"{caller.actor.system}", MINUTE, at=caller.at, times=times) > WEIGHT, caller.at)


def _refuse_often(often: bool, at: datetime) -> None:
    """Who asked too much in this minute waits for the next."""
    if often:
        wait = 60 - int(at.timestamp()) % 60
        raise Refused(429, "conflict.api_often", {"Retry-After": str(wait)}, wait=wait)


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
