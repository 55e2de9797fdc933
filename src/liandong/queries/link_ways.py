"""How the hand-overs of thirty days went between us and another organisation's node, each way for itself, and how long the
link stood: the same figures on both sides, each from its own rows."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet

from liandong.queries.link_day import breaks
from liandong.records.models import Desk, Partner, Transfer, Unit

LOOKED_BACK = timedelta(days=30)
MOST = 5000
"""Offers whose first answers are counted, the newest first."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" with its cause and whom it named instead (by name, "" where nobody), and how often it was said."""

    cause: str
    proposed: str
    times: int


@dataclass(frozen=True, slots=True)
class Way:
    """What one side offered the other. `first`: of `matters`, how many were taken at the first offer; `bounced`: how many were
    refused by who took them in the end, which counts on the side that refused (X5)."""

    offered: int
    accepted: int
    matters: int
    first: int
    refused: tuple[Refusal, ...]
    bounced: int


def there(partner: Partner, now: datetime) -> Way:
    """What we offered this partner."""
    return _way(Transfer.objects.filter(to_desk__partner=partner, from_desk__partner=None), partner, now)


def here(partner: Partner, now: datetime) -> Way:
    """What this partner offered us."""
    return _way(Transfer.objects.filter(from_desk__partner=partner, to_desk__partner=None), partner, now)


def _way(side: QuerySet[Transfer], partner: Partner, now: datetime) -> Way:
    offers = side.filter(offered_at__gt=now - LOOKED_BACK)
    states = dict(offers.order_by().values_list("state").annotate(n=Count("pk")))
    rows = offers.order_by("-offered_at").values_list("matter", "state")[:MOST]
    firsts = dict(rows)  # of each matter the last of these to be met, which is its first offer
    later = side.filter(matter=OuterRef("matter"), offered_at__gt=OuterRef("offered_at"), state="accepted")
    declined = offers.filter(state="declined").order_by()
    return Way(
        offered=sum(states.values()), accepted=states.get("accepted", 0), matters=len(firsts),
        first=Counter(firsts.values())["accepted"], refused=_refusals(declined, partner.city),
        bounced=declined.filter(Exists(later)).values("matter").distinct().count(),
    )  # fmt: skip


def _refusals(declined: QuerySet[Transfer], city: str) -> tuple[Refusal, ...]:
    rows = list(declined.values_list("decline_code", "proposed_owner").annotate(n=Count("pk")).order_by("-n"))
    codes = {code for _, code, _ in rows if code}
    names = dict(Unit.objects.filter(city=city, code__in=codes).values_list("code", "name"))
    names |= dict(Desk.objects.filter(city=city, code__in=codes).values_list("code", "short"))
    return tuple(Refusal(cause, names.get(code, code), n) for cause, code, n in rows)


def up(partner: Partner, now: datetime) -> float | None:
    """Percent of thirty days, or of the time since it was registered, that the link stood: one decimal, rounded down, so that
    a link that broke never reads 100. None on its first minute."""
    since = max(now - LOOKED_BACK, partner.added_at)
    whole = (now - since).total_seconds()
    if whole < 60:
        return None
    silent = sum(
        ((b.ended_at or now) - max(b.began_at, since)).total_seconds()
        for b in breaks(partner.city, since, {partner.node: partner.pk})
    )
    return math.floor(1000 * max(0.0, 1 - silent / whole)) / 10
