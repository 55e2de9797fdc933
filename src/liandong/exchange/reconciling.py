"""对账 with one partner, by day: both sides' offers are laid side by side twice, a minute apart. What differs both times is kept,
since a message that is just under way makes no difference."""

import logging
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from liandong.exchange import https, keyring
from liandong.records.models import Partner, Reconciliation, SharedMatter, Transfer
from liandong.records.sealed import Broken, NoKey
from liandong.rules import crossing, exchange, flows, reconcile
from liandong.rules.messages import is_uuid
from liandong.rules.reconcile import Difference, Row

HOUR = 4
"""Of the local clock: from then on the day's is due."""
APART = timedelta(minutes=1)
OURS, THEIRS = timedelta(days=1), timedelta(days=3)
"""How far back an ended offer of ours must still be listed there, and how far back they are asked."""
LOOK_EVERY, TRY_AGAIN = 10.0, 600.0
"""Seconds between two looks at the clock, and after nobody answered."""
_log = logging.getLogger(__name__)
Post = Callable[[str, bytes, exchange.Signature], https.Answer]


class Unanswered(Exception):
    """There is nothing to compare with: `why` is `unreached`, `no_key`, `own_key`, `no_address`, or a reason of rules.exchange."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why[:30]


def standing(partner: Partner, since: datetime, also: tuple[str, ...] = ()) -> tuple[list[Row], bool]:
    """Our side of the offers to and from this partner that are open, have ended since, or are named; and whether that is all."""
    between = Q(from_desk__partner=partner, to_desk__partner=None) | Q(
        to_desk__partner=partner, from_desk__partner=None
    )
    wanted = Q(state__in=flows.waiting("transfer")) | Q(ended_at__gte=since) | Q(pk__in=also)
    offers = (
        Transfer.objects.filter(between, wanted)
        .select_related("from_desk", "matter__holder")
        .order_by("-offered_at", "pk")
    )
    found = list(offers[: reconcile.MOST + len(also) + 1])
    shared = SharedMatter.objects.filter(partner=partner, matter__in=[row.matter_id for row in found])
    counts = {row.matter_id: (row.said, row.heard) for row in shared}
    rows = [Row(str(row.pk), str(row.matter_id), crossing.TAKER if row.from_desk.partner_id else crossing.GIVER, row.state,
                row.matter.holder.partner_id is None, *counts.get(row.matter_id, (0, 0))) for row in found]  # fmt: skip
    most = reconcile.MOST + len(also)
    return rows[:most], len(rows) <= most


def ask(partner: Partner, post: Post, *, at: datetime) -> tuple[int, frozenset[Difference]]:
    """How many of their offers were compared, and what differs just now. Raises Unanswered."""
    if not partner.url:
        raise Unanswered("no_address")
    key = keyring.signing_key(partner.pk, at=at)
    if key is None:
        raise Unanswered("no_key")
    try:
        secret = keyring.secret_of(key)
    except (NoKey, Broken):
        raise Unanswered("own_key") from None
    body = reconcile.question(partner.node, at - THEIRS)
    try:
        answer = post(urljoin(partner.url, "open"), body, exchange.sign(secret, settings.NODE, key.key, body, at=at))
    except https.Unreached:
        raise Unanswered("unreached") from None
    if answer.status != 200:
        raise Unanswered(https.plain(answer.told.get("type", "")).rpartition(":")[2] or str(answer.status))
    try:
        signed = exchange.read_signature(answer.signature)
        if (signed.node, signed.key) != (partner.node, key.key):
            raise exchange.Refused("sender")
        exchange.verify(signed, secret, answer.raw, at=timezone.now())
        theirs, whole = reconcile.read(answer.raw)
    except exchange.Refused as refused:
        raise Unanswered(refused.reason) from None
    ours, _ = standing(partner, at - OURS, tuple(row.offer for row in theirs if is_uuid(row.offer)))
    return len(theirs), reconcile.compare(ours, theirs, whole=whole)


def keep(partner: Partner, on: date, *, at: datetime, offers: int = 0, differences: frozenset[Difference] = frozenset(),
         fault: str = "") -> Reconciliation:  # fmt: skip
    """The day's result; a later one of the same day takes its place."""
    rows = [
        [d.what, d.subject, d.offer, d.ours, d.theirs]
        for d in sorted(differences, key=lambda d: (d.what, d.subject, d.offer))
    ]
    result = {"at": at, "offers": offers, "differences": rows, "fault": fault}
    return Reconciliation.objects.update_or_create(partner=partner, on=on, defaults=result)[0]


def both(partner: Partner, post: Post, wait: float) -> Reconciliation:
    """Both looks, `wait` seconds apart where the first finds something, and the result kept."""
    first, on = timezone.now(), timezone.localdate()
    try:
        offers, found = ask(partner, post, at=first)
        if found:
            time.sleep(wait)
            offers, again = ask(partner, post, at=timezone.now())
            found &= again
    except Unanswered as unanswered:
        return keep(partner, on, at=timezone.now(), fault=unanswered.why)
    return keep(partner, on, at=timezone.now(), offers=offers, differences=found)


class Reconciler:
    """Remembers what the first look of the day found, and when to look again."""

    def __init__(self, partner: int, post: Post) -> None:
        self.partner, self.post = partner, post
        self.first: frozenset[Difference] | None = None
        self.again_at: datetime | None = None
        self.rest_until = 0.0

    def look(self, at: datetime) -> Reconciliation | None:
        """Do what is due now; the day's result when it stands."""
        local = timezone.localtime(at)
        if local.hour < HOUR or time.monotonic() < self.rest_until or (self.again_at and at < self.again_at):
            return None
        self.rest_until = time.monotonic() + LOOK_EVERY
        if Reconciliation.objects.filter(partner=self.partner, on=local.date(), fault="").exists():
            return None
        partner = Partner.objects.get(pk=self.partner)
        if not partner.url:
            return None
        try:
            offers, found = ask(partner, self.post, at=at)
        except Unanswered as unanswered:
            self.rest_until = time.monotonic() + TRY_AGAIN
            return keep(partner, local.date(), at=at, fault=unanswered.why)
        if found and self.first is None:
            self.first, self.again_at, self.rest_until = found, at + APART, 0.0
            return None
        differences = found & self.first if self.first else frozenset()
        self.first = self.again_at = None
        if differences:
            _log.error("%s: %s offers differ on both sides", partner.node, len(differences))
        return keep(partner, local.date(), at=at, offers=offers, differences=differences)
