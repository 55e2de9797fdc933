"""Keys by which other systems ask this one. A key is shown once and kept as a digest; it is good for its scopes until
its end or until it is revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models.functions import Least
from django.utils import timezone

from liandong.actions import knocks
from liandong.actions.acting import action, stream_event
from liandong.records.models import Desk, SystemKey, Unit
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid
from liandong.rules.webhooks import KEY_KEPT

LONGEST = timedelta(days=366)
OVERLAP = timedelta(days=7)
"""How long a key that was replaced goes on, so that nobody has to change it everywhere in one moment."""
_USED_EVERY = timedelta(minutes=1)
_KNOWN = """
    SELECT id, city, name, digest, scopes, used_at, root_id, desk_id, unit_id FROM records_systemkey
     WHERE digest = ANY(%s) AND revoked_at IS NULL AND ends_at > %s
"""
"""Asked at every request of another system: what says who acts, and no more; written out, since composing it cost more than the answer."""
WRONG, WRONG_WITHIN = 60, timedelta(minutes=10)
"""Wrong keys from one address in this time, at whatever door; then it waits. A right key always opens: many systems share an
address."""


def wrong(sender: str, *, at: datetime) -> bool:
    """Count a key that is not good, of the address with this keyed digest. True when it has tried too many."""
    return knocks.knock("api.key", sender, WRONG_WITHIN, at=at) > WRONG


@action
def make(name: str, scopes: tuple[str, ...], ends_on: date, *, by: Actor, at: datetime, desk: str = "",
         unit: str = "") -> SystemKey:  # fmt: skip
    """A key for a system until the end of a day, a year at most; with the desk or unit whose own system it is, when a scope
    acts for one. The answer carries `secret` once; asked again under
    the same press it does not, because it is kept nowhere."""
    access.require_administrator(by, by.city)
    named = wording.line(name, "name", 40)
    if not named:
        raise Invalid("invalid.empty", "name")
    good = tuple(dict.fromkeys(scopes))
    if not good or set(good) - set(access.SCOPES):
        raise Invalid("invalid.scopes", "scopes")
    ends = timezone.make_aware(datetime.combine(ends_on, time(23, 59, 59)))
    if not at < ends <= at + LONGEST:
        raise Invalid("invalid.key_end", "ends_on")
    places = _places(good, by.city, desk, unit)
    key = _new(by.city, named, list(good), ends, None, places, by=by, at=at)
    stream_event(f"keys:{by.city}", "key.made", by=by, at=at, key=key.pk, named=named, scopes=list(good), ends_on=ends_on,
                 desk=desk, to_unit=unit)  # fmt: skip
    return key


@action
def rotate(key: SystemKey, *, by: Actor, at: datetime) -> SystemKey:
    """The next key of the same system, good for the same scopes and as long as this one was given for; this one ends
    after `OVERLAP`. One that ran out may still be replaced for KEY_KEPT. Conflict after that, when it was revoked, or was
    replaced already."""
    access.require_administrator(by, key.city)
    standing = SystemKey.objects.filter(pk=key.pk, revoked_at=None, replaced_at=None, ends_at__gt=at - KEY_KEPT)
    if standing.update(replaced_at=at, ends_at=Least("ends_at", at + OVERLAP)) != 1:
        raise Conflict("conflict.key_over")
    ends_on = timezone.localtime(at + (key.ends_at - key.made_at)).date()
    ends = min(timezone.make_aware(datetime.combine(ends_on, time(23, 59, 59))), at + LONGEST)
    fresh = _new(key.city, key.name, key.scopes, ends, key.system, {"desk": key.desk, "unit": key.unit}, by=by, at=at)
    stream_event(f"keys:{key.city}", "key.rotated", by=by, at=at, key=fresh.pk, before=key.pk, named=key.name,
                 ends_on=ends_on)  # fmt: skip
    return fresh


def _places(scopes: tuple[str, ...], city: str, desk: str, unit: str) -> dict[str, Desk | Unit | None]:
    """The desk and the unit that these scopes act for: each is named exactly when one of them does."""
    wanted = {access.PLACED[scope] for scope in scopes if scope in access.PLACED}
    if wanted != {name for name, code in (("desk", desk), ("unit", unit)) if code}:
        raise Invalid("invalid.key_place", "unit" if "unit" in wanted else "desk")
    desks = Desk.objects.filter(city=city, code=desk).exclude(platform="duty")
    if "dispatches" in scopes:
        desks = desks.filter(platform="110")
    found = {"desk": desks.first() if desk else None,
             "unit": Unit.objects.filter(city=city, code=unit, retired=False).first() if unit else None}  # fmt: skip
    if wanted != {name for name, row in found.items() if row}:
        raise Invalid("invalid.key_place", "unit" if found["desk"] or not desk else "desk")
    return found


def _new(city: str, name: str, scopes: list[str], ends: datetime, root: int | None, places: dict[str, Desk | Unit | None],
         *, by: Actor, at: datetime) -> SystemKey:  # fmt: skip
    secret = f"ld_{secrets.token_urlsafe(32)}"
    key = SystemKey.objects.create(city=city, name=name, begins=secret[:9], digest=digest(secret), scopes=scopes,
                                   made_by_id=by.person, made_at=at, ends_at=ends, root_id=root, **places)  # fmt: skip
    key.secret = secret
    return key


@action
def revoke(key: SystemKey, why: str, *, by: Actor, at: datetime) -> SystemKey:
    """From now on nothing is answered to this key, and why."""
    access.require_administrator(by, key.city)
    reason = wording.reason(why)
    if SystemKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at) != 1:
        raise Conflict("conflict.key_revoked")
    stream_event(f"keys:{key.city}", "key.revoked", by=by, at=at, key=key.pk, named=key.name, private={"why": reason})
    key.refresh_from_db()
    return key


def known(secret: str, *, at: datetime) -> SystemKey | None:
    """The key this secret is, when it is good now; notes its use, at most once a minute."""
    return known_of([secret], at=at)[0]


def known_of(given: Sequence[str], *, at: datetime) -> list[SystemKey | None]:
    """As `known` for several at once, each in its place."""
    digests = [digest(secret) for secret in given]
    good = {key.digest: key for key in SystemKey.objects.raw(_KNOWN, [digests, at])}
    for key in good.values():
        if key.used_at is None or key.used_at < at - _USED_EVERY:
            SystemKey.objects.filter(pk=key.pk).update(
                used_at=at
            )  # one by one: two lookups of the same keys wait for no circle
    return [good.get(one) for one in digests]


def digest(secret: str) -> str:
    """What is kept of a key: it has 256 random bits, so one pass is enough."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
