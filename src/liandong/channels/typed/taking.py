"""A letter or a visit as it is typed in at a desk."""

from datetime import datetime

from liandong.actions import letters
from liandong.actions.intake import Arrival
from liandong.channels.measures import MESSAGES
from liandong.records.models import Desk, Matter
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.say import Invalid

KINDS = ("letter", "visit")


def take(fields: dict[str, str], desk: Desk, *, by: Actor, at: datetime, key: str) -> Matter:
    """Its matter, on the list of the desk that typed it. Raises Invalid by the field."""
    kind = fields.get("kind", "")
    if kind not in KINDS:
        raise Invalid("invalid.form", "kind")
    number = wording.telephone(fields.get("number", "")[:40], "number")
    place = wording.line(fields.get("place", ""), "place", letters.MOST_PLACE)
    name = wording.line(fields.get("name", ""), "name", 60)
    arrival = Arrival(kind, desk.platform, number, place, None, fields.get("district", ""), fields.get("said", ""))
    matter = letters.type_in(arrival, desk, name, by=by, at=at, key=key, in_secret=fields.get("secret") == "yes")
    MESSAGES.labels(kind, "in", "taken").inc()
    return matter
