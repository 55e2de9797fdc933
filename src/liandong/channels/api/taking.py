"""A matter as another system sends it, made safe to keep."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liandong.actions import letters, sending
from liandong.actions.intake import Arrival
from liandong.channels.measures import MESSAGES
from liandong.queries.public.cities import LINE
from liandong.records.models import Desk, Matter
from liandong.rules import wording
from liandong.rules.access import Actor


def take(desk: Desk, sent: Mapping[str, Any], *, by: Actor, at: datetime, key: str) -> Matter:
    """The matter of this key: made now, or when it was first asked for. Raises Unable as `sending.send`."""
    number = wording.telephone(sent["number"] or "", "number")
    place = wording.line(sent["place"] or "", "place", letters.MOST_PLACE)
    arrival = Arrival("api", LINE, number, place, None, sent["district"] or "", sent["text"])
    matter = sending.send(arrival, desk, sent["their_id"] or "", by=by, at=at, key=key, no_call_back=sent["no_call_back"],
                          in_secret=sent["secret"])  # fmt: skip
    MESSAGES.labels("api", "in", "taken").inc()
    return matter
