"""Whether the duty office works at this node, so that an order past its limit can be told to it by one press."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from liandong.records.models import Desk, Order
from liandong.records.models.places import DUTY_HERE
from liandong.rules import reminders


def duty_here(city: str | OuterRef) -> QuerySet[Desk]:
    """The duty office of a city, none where there is none or where it is another organisation's (`clocks.report`)."""
    return Desk.objects.filter(DUTY_HERE, city=city)


def told_of(order: Order, now: datetime) -> tuple[datetime | None, bool]:
    """When the duty office was told that the order's limit ran out, and whether it has."""
    limit = reminders.runs_to(order.state, order.sign_due_at, order.answer_due_at)
    told = order.reported_at if reminders.reported(limit, order.reported_at) else None
    return told and timezone.localtime(told), limit is not None and limit <= now
