"""One way for all messages into the house: taken once, counted, and acknowledged on the way it came."""

from datetime import datetime

from django.db import transaction

from liandong.actions import messages, outgoing
from liandong.actions.messages import Came
from liandong.channels.measures import MESSAGES
from liandong.queries.public.track import shown_code
from liandong.records.models import ChannelMessage, Desk
from liandong.rules import access
from liandong.words.written import receipt


def arrive(came: Came, *, at: datetime) -> ChannelMessage:
    """Durable when this returns. A new matter is acknowledged: with its number and code; in danger with its number and what
    to tell. Raises Unable as `messages.take`."""
    city = city_of(came.desk)
    by = access.system(f"channel.{came.channel}", city)
    with transaction.atomic():
        row = messages.take(came, by=by, at=at)
        fresh = row.made_at == at
        if fresh and row.state == "taken":
            matter = row.matter
            words = receipt(
                matter.holder.short, matter.number, shown_code(matter.query_code), matter.danger == "raised"
            )
            outgoing.acknowledge(matter, words, by=by, at=at)
    MESSAGES.labels(came.channel, "in", row.state if fresh else "again").inc()
    return row


def city_of(desk: str) -> str:
    """The city of a desk by its code; its administrator sees what is refused there."""
    return Desk.objects.filter(code=desk).values_list("city", flat=True).first() or desk.partition(":")[2]


def refuse(channel: str, city: str, reason: str, *, at: datetime, line: str = "", id: str = "") -> None:
    """Nobody we know, or nothing that can be read: kept, counted and shown."""
    messages.refuse(channel, city, reason, by=access.system(f"channel.{channel}", city), at=at, line=line, id=id)
    MESSAGES.labels(channel, "in", "refused").inc()
