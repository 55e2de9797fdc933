"""The links to other organisations' nodes: whether they stand, what has not arrived, and how hand-overs went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Min

from liandong.packs.opened import opened
from liandong.queries import link_ways
from liandong.queries.desk.parts import local
from liandong.queries.ended import Ended, ended
from liandong.queries.link_ways import LOOKED_BACK, MOST, Way
from liandong.queries.sight import NotFound
from liandong.records.models import Matter, OutboxMessage, PackRelease, Partner, Reconciliation, Transfer, Unit
from liandong.rules import code_map, flows
from liandong.rules.access import Actor
from liandong.rules.code_map import Loss
from liandong.rules.messages import is_uuid

PAST_DUE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Differs:
    """One difference of the last 对账: of which matter (its number here), what, and what either side has."""

    number: str
    what: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Health:
    """One partner. Times are local; seconds are medians of 30 days, None without any; `up`: percent of them that the link stood;
    `there` and `here`: what we offered it, and it us; `late` are offers past their time without an end, of which there must be
    none."""

    name: str
    node: str
    heard_at: datetime | None
    answered_at: datetime | None
    down_at: datetime | None
    waiting: int
    oldest_at: datetime | None
    up: float | None
    there: Way
    here: Way
    delivered_s: float | None
    seen_s: float | None
    accepted_s: float | None
    late: int
    letters: tuple[OutboxMessage, ...]
    checked: Reconciliation | None
    differences: tuple[Differs, ...]
    codes: "Codes"
    revoked: tuple[Ended, ...] = ()  # the last keys that were revoked, by their names


@dataclass(frozen=True, slots=True)
class Codes:
    """A partner's map of codes: how many of ours it names, by section; and what it loses."""

    sections: tuple[tuple[str, int], ...] = ()
    losses: tuple[Loss, ...] = ()


def codes(partner: Partner, now: datetime) -> Codes:
    """What the map of this partner holds and loses, against the pack in force now."""
    release = PackRelease.objects.in_force(partner.city, local(now).date()) if partner.codes else None
    if release is None:
        return Codes()
    units = Unit.objects.filter(city=partner.city, retired=False).values_list("code", flat=True)
    many = tuple((section, len(ways["out"])) for section, ways in code_map.in_order(partner.codes))
    return Codes(many, tuple(code_map.lost(partner.codes, code_map.ours(opened(release), units))))


def health(viewer: Actor, now: datetime) -> tuple[Health, ...]:
    """Every partner of the viewer's city."""
    return tuple(_health(partner, now) for partner in Partner.objects.filter(city=viewer.city).order_by("name"))


def letter(viewer: Actor, pk: int) -> OutboxMessage:
    """A message to a partner of the viewer's city, to act on."""
    row = OutboxMessage.objects.select_related("partner").filter(pk=pk, partner__city=viewer.city).first()
    if row is None:
        raise NotFound
    return row


def _health(partner: Partner, now: datetime) -> Health:
    waiting = partner.outbox.filter(state="waiting").aggregate(n=Count("pk"), oldest=Min("made_at"))
    offers = Transfer.objects.filter(to_desk__partner=partner, offered_at__gt=now - LOOKED_BACK)
    late = offers.filter(state__in=flows.waiting("transfer"), due_at__lt=now - PAST_DUE)
    rows = list(
        offers.order_by("-offered_at").values_list("offered_at", "delivered_at", "seen_at", "ended_at", "state")[:MOST]
    )
    checked = partner.reconciliations.order_by("-on").first()
    return Health(
        name=partner.name, node=partner.node, heard_at=local(partner.heard_at), answered_at=local(partner.answered_at),
        down_at=local(partner.down_at), waiting=waiting["n"], oldest_at=local(waiting["oldest"]),
        up=link_ways.up(partner, now), there=link_ways.there(partner, now), here=link_ways.here(partner, now),
        delivered_s=_after((row[0], row[1]) for row in rows),
        seen_s=_after((row[0], row[2]) for row in rows),
        accepted_s=_after((row[0], row[3]) for row in rows if row[4] == "accepted"), late=late.count(),
        letters=tuple(partner.outbox.filter(state="dead").select_related("matter").order_by("made_at")[:50]),
        checked=checked, differences=differences(checked) if checked else (), codes=codes(partner, now),
        revoked=ended(f"partners:{partner.city}", "partner.key_revoked", "named", most=10, node=partner.node),
    )  # fmt: skip


def differences(checked: Reconciliation) -> tuple[Differs, ...]:
    """What differed, by the matters' numbers."""
    ids = [row[1] for row in checked.differences if is_uuid(row[1])]
    numbers = {str(pk): number for pk, number in Matter.objects.filter(pk__in=ids).values_list("pk", "number")}
    return tuple(
        Differs(numbers.get(matter, ""), what, ours, theirs) for what, matter, _, ours, theirs in checked.differences
    )


def _after(times: Iterable[tuple[datetime, datetime | None]]) -> float | None:
    """The median of seconds from the offer to a receipt, of those that have it."""
    seconds = [(then - first).total_seconds() for first, then in times if then]
    return round(median(seconds), 1) if seconds else None
