"""What happened to matters, by cursor."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liandong.api.door import SystemKey
from liandong.api.shapes import READ, Strict
from liandong.queries import machine_events

router = Router(tags=["events"])
MOST = 500


class Asked(Strict):
    after: int = Field(0, ge=0, le=2**63 - 1, description="0 at first, then as the answer before gave it")
    limit: int = Field(100, ge=1, le=MOST)


class EventOut(Schema):
    """docs/reference/events.md lists the kinds."""

    id: int
    kind: str
    at: datetime
    matter: UUID
    number: str
    seq: int
    by: dict[str, str]
    facts: dict[str, Any]


class EventsOut(Schema):
    events: list[EventOut]
    after: int = Field(description="to go on with, also when there are no events")
    more: bool = Field(description="whether there is more already")


@router.get(
    "", auth=SystemKey("events"), response={200: EventsOut, **READ}, url_name="api_events", operation_id="events"
)
def events(request: HttpRequest, asked: Query[Asked]) -> machine_events.Read:
    """What happened to the matters this key sees, in the order it became final. Scope: `events`, and `matters.read` or
    `matters.city` for which matters."""
    return machine_events.events(request.auth.actor, asked.after, asked.limit)
