"""What matters count for, read from their records as they are now. Who keeps the days' counts and who reads them past
the last Events both ask here."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from liandong.records.models import Matter, Order, Transfer
from liandong.rules import tally
from liandong.rules.tally import Offered, Ordered, Share

_OFFER = ("matter_id", "offered_at", "to_desk_id", "state", "decline_code")
_ORDER = ("matter_id", "unit_id", "state", "sign_due_at", "signed_at", "answer_due_at", "ended_at", "hand_back_cause",
          "reminded", "supervised_at")  # fmt: skip


def shares(matters: Collection[UUID]) -> dict[UUID, tuple[str, Counter[Share]]]:
    """Of each its city and what it counts for; a secret matter counts for nothing."""
    offers: dict[UUID, list[Offered]] = defaultdict(list)
    for pk, at, desk, state, cause in Transfer.objects.filter(matter__in=matters).values_list(*_OFFER):
        offers[pk].append(Offered(_day(at), desk, state, cause))
    orders: dict[UUID, list[Ordered]] = defaultdict(list)
    for pk, *told, supervised in Order.objects.filter(matter__in=matters).values_list(*_ORDER):
        orders[pk].append(Ordered(*told, supervised is not None))
    rows = Matter.objects.filter(pk__in=matters).values_list("pk", "city", "secret", "received_at", "first_receiver_id")
    return {
        pk: (city, Counter() if secret else tally.shares(_day(at), desk, offers[pk], orders[pk]))
        for pk, city, secret, at, desk in rows
    }


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
