"""What a seat has done today, counted from the Events like every other figure."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from liandong.queries.desk.parts import local
from liandong.records.models import Event, Transfer
from liandong.rules.access import Actor

THREE_RINGS = 9.0  # seconds


@dataclass(frozen=True, slots=True)
class Done:
    """An act of this seat today, for the course below."""

    at: datetime
    kind: str
    title: str
    matter: UUID | None


def _today(viewer: Actor, now: datetime) -> QuerySet[Event]:
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Event.objects.filter(at__gte=day, topics__contains=[f"seat:{viewer.seat}"])


def tally(viewer: Actor, now: datetime) -> dict[str, int]:
    """Calls answered, answered within three rings; offers given, taken at once; offers of others taken."""
    if not viewer.seat:
        return dict.fromkeys(("answered", "quick", "given", "given_at_once", "taken"), 0)
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    answers = _today(viewer, now).filter(kind="contact.answered").values_list("body", flat=True)
    mine = [body for body in map(json.loads, answers) if body["by"].get("work_no") == viewer.work_no]
    gave, took = Q(from_seat_id=viewer.seat), Q(to_seat_id=viewer.seat, state="accepted")
    offers = Transfer.objects.filter(gave | took, offered_at__gte=day).aggregate(
        given=Count("pk", filter=gave), given_at_once=Count("pk", filter=gave & Q(state="accepted", rings=1)),
        taken=Count("pk", filter=took),
    )  # fmt: skip
    quick = sum(body.get("waited_s", 0.0) <= THREE_RINGS for body in mine)
    return {"answered": len(mine), "quick": quick, **offers}


_SHOWN = (
    "matter.recorded",
    "matter.closed",
    "transfer.offered",
    "transfer.accepted",
    "order.assigned",
    "matter.answered",
    "matter.archived",
    "dispatch.sent",
    "dispatch.done",
    "conference.settled",
)


def done(viewer: Actor, now: datetime, *, most: int = 8) -> tuple[Done, ...]:
    """The last matters this seat worked on today with its last act on each, the oldest first."""
    if not viewer.seat:
        return ()
    rows = _today(viewer, now).filter(kind__in=_SHOWN).select_related("matter").order_by("-id")[: most * 5]
    last = {e.matter_id: e for e in reversed(rows)}
    newest = sorted(last.values(), key=lambda e: e.pk)[-most:]
    return tuple(Done(local(e.at), e.kind, e.matter.title if e.matter else "", e.matter_id) for e in newest)
