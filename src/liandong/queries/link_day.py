"""The day of a city's links to other organisations' nodes, for the command room: how often one broke, what was brought
afterwards, and what 对账 found."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from liandong.queries.desk.parts import local
from liandong.records.models import Desk, Event, OutboxMessage, Partner, Reconciliation
from liandong.records.models.exchange import WAITS

LOST = ("missing_there", "missing_here")
"""Differences of 对账 that mean that an offer is at one node only."""


@dataclass(frozen=True, slots=True)
class Break:
    """A link that was silent today: of which partner, and since when until when; no end while it still is."""

    partner: int
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkDay:
    """`breaks` today; matters told of while a link was down: `brought` afterwards, or still `waiting`; `lost`: offers that one node
    has and the other has not. The last three are of today's 对账: when (local, None: not yet), `differs` in how many places, and
    whether it `failed` with somebody. `broken` and `mended`: districts whose desk was cut off today, and is or is not still."""

    breaks: int
    brought: int
    waiting: int
    lost: int
    checked_at: datetime | None
    differs: int
    failed: bool
    broken: frozenset[str]
    mended: frozenset[str]


def link_day(city: str, today: datetime) -> LinkDay | None:
    """The day that began at `today`; None for a city that no other node is linked to."""
    partners = dict(Partner.objects.filter(city=city).values_list("node", "pk"))
    if not partners:
        return None
    broke = breaks(city, today, partners)
    told = (
        OutboxMessage.objects.filter(meanwhile(broke), state__in=["taken", *WAITS]).values_list("matter", "state")
        if broke
        else ()
    )
    waiting = {matter for matter, state in told if state in WAITS}
    brought = {matter for matter, state in told} - waiting
    down = {b.partner for b in broke if b.ended_at is None}
    cut = (
        set(Desk.objects.filter(partner__in=[b.partner for b in broke]).values_list("district", "partner"))
        if broke
        else set()
    )
    broken = frozenset(district for district, partner in cut if partner in down)
    rows = list(Reconciliation.objects.filter(partner__in=partners.values(), on=today.date()))
    found = [row for row in rows if not row.fault]
    differences = [difference for row in found for difference in row.differences]
    return LinkDay(
        breaks=len(broke), brought=len(brought), waiting=len(waiting),
        lost=len({d[2] or d[1] for d in differences if d[0] in LOST}),
        checked_at=local(max((row.at for row in rows), default=None)), differs=len(differences),
        failed=len(found) < len(rows), broken=broken,
        mended=frozenset(district for district, _ in cut) - broken,
    )  # fmt: skip


def breaks(city: str, today: datetime, partners: dict[str, int]) -> list[Break]:
    """From the Events of the links; one that began before `today` counts when it reached into it."""
    rows = Event.objects.filter(stream=f"partners:{city}", kind__in=["partner.silent", "partner.back"], at__gte=today)
    out: list[Break] = []
    open_since: dict[int, datetime] = {}
    for kind, at, body in rows.order_by("seq").values_list("kind", "at", "body"):
        partner = partners.get(json.loads(body).get("node", ""))
        if partner is None:
            continue
        if kind == "partner.silent":
            open_since[partner] = at
        else:
            out.append(Break(partner, open_since.pop(partner, today), at))
    down = Partner.objects.filter(pk__in=partners.values(), down_at__isnull=False).values_list("pk", "down_at")
    return out + [Break(pk, max(since, today), None) for pk, since in down]


def meanwhile(broke: Iterable[Break]) -> Q:
    """Messages that were written while a link was down."""
    out = Q()
    for b in broke:
        ended = Q(made_at__lt=b.ended_at) if b.ended_at else Q()
        out |= Q(partner=b.partner, made_at__gte=b.began_at) & ended
    return out
