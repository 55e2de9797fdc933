"""接 from another system: what it sends becomes a matter of the city's 12345 at once, and stays known as that system's."""

from datetime import datetime

from liandong.actions import letters
from liandong.actions.acting import action
from liandong.actions.intake import Arrival
from liandong.records.models import Desk, Matter, Sent
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict

MOST_THEIR_ID = 80


@action
def send(arrival: Arrival, desk: Desk, their_id: str, *, by: Actor, at: datetime, no_call_back: bool = False,
         in_secret: bool = False) -> Matter:  # fmt: skip
    """A system sends one matter, under its own number for it (`their_id`, may be empty). The same number again under
    another idempotency key is a Conflict: two matters of one there would be two answers owed to one person."""
    access.require_scope(by, "matters.write")
    number = wording.line(their_id, "their_id", MOST_THEIR_ID)
    matter = letters.take_in(arrival, desk, by=by, at=at, no_call_back=no_call_back, in_secret=in_secret)
    row = Sent(matter=matter, system_id=by.system, their_id=number, received_at=at)
    Sent.objects.bulk_create([row], ignore_conflicts=True)
    if number and not Sent.objects.filter(matter=matter).exists():
        raise Conflict("conflict.api_their_id", their_id=number)
    return matter
