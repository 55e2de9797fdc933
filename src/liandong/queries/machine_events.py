"""What has happened, in the order it became final, for another system that reads on from where it was."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from liandong.queries.sight import in_sight
from liandong.records.models import Event, FindingMark
from liandong.rules.access import Actor

SPAN = 5_000
"""Events looked at in one call; the cursor moves on also where none of them is this system's."""
KINDS = ("matter.", "transfer.", "order.", "designation.", "conference.")
"""Never what 110 did, who looked at a number, or who listened."""
NEVER = ("matter.linked", "matter.unsealed")
"""Nor which other matter, perhaps of somebody else, it was linked to; nor who looked at a secret one."""
FACTS = ("desk", "to", "holder", "to_unit", "closing", "clause", "channel")
FACTS_OF_ORDERS = ("part",)
"""Lead or assist; the `part` of a call that was split is another matter's number."""
_WHO = ("role", "desk", "unit")


@dataclass(frozen=True, slots=True)
class Happened:
    """One Event. `by` and `facts` hold codes only: no work number, no seat, no words."""

    id: int
    kind: str
    at: datetime
    matter: UUID
    number: str
    seq: int
    by: dict[str, str]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """What happened behind a cursor, the cursor to go on with, and whether there is more already."""

    events: tuple[Happened, ...]
    after: int
    more: bool


def final() -> int:
    """Up to which Event no earlier one can still come."""
    return FindingMark.objects.filter(pk=1).values_list("upto", flat=True).first() or 0


def events(viewer: Actor, after: int, most: int) -> Read:
    """Events behind `after`, the oldest first. One is handed out as soon as no earlier one can still come: the mark of
    the index says so (docs/adr/0010-finding-index.md), usually within two seconds."""
    sure = final()
    last = min(sure, after + SPAN)
    rows = Event.objects.filter(
        pk__gt=after, pk__lte=last, matter__in=in_sight(viewer).filter(secret=False, source_hidden=False)
    )
    rows = rows.select_related("matter").only("id", "kind", "at", "seq", "body", "matter__number").order_by("pk")
    found = list(rows[:most])
    reached = found[-1].pk if len(found) == most else max(last, after)
    return Read(
        tuple(_happened(e) for e in found if e.kind.startswith(KINDS) and e.kind not in NEVER), reached, reached < sure
    )


def _happened(event: Event) -> Happened:
    body = json.loads(event.body)
    names = FACTS + FACTS_OF_ORDERS if event.kind.startswith("order.") else FACTS
    return Happened(event.pk, event.kind, event.at, event.matter_id, event.matter.number, event.seq,
                    {name: body["by"][name] for name in _WHO if body["by"].get(name)},
                    {name: body[name] for name in names if name in body})  # fmt: skip
