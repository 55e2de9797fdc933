"""What a channel is given while it runs: where it brings what came, what it is to send, whom it tells what became of it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from liandong.actions import channels, outgoing
from liandong.actions.messages import Came
from liandong.channels.arriving import arrive
from liandong.channels.measures import CHANNEL_UP, MESSAGES
from liandong.records.models import ChannelMessage
from liandong.rules import access, written
from liandong.rules.access import Actor
from liandong.rules.say import Conflict

REST = 0.5
TICK = 30.0
"""Seconds between two looks for what has waited too long."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to send: its own name, where to, the words, the matter's number, what it answers to."""

    id: str
    to: str
    words: str
    number: str
    line: str
    row: ChannelMessage


class Line:
    """Of one channel, in one thread. `stopping` is set when the process ends."""

    rest = REST

    def __init__(self, name: str, stopping: threading.Event) -> None:
        self.name, self.stopping = name, stopping
        self.ticked: datetime | None = None

    def now(self) -> datetime:
        return timezone.now()

    def arrive(self, came: Came) -> ChannelMessage:
        """Take a message in; durable when this returns."""
        return arrive(came, at=self.now())

    def stands(self, up: bool, detail: str = "") -> None:
        """The connection stands, or not and why."""
        CHANNEL_UP.labels(self.name).set(int(up))
        channels.stands(self.name, up, detail, at=self.now())

    def owed(self, most: int = 20, without: Iterable[str] = ()) -> list[Owed]:
        """What is to be sent now, the oldest first, but not those that are on their way, nor what has waited too long."""
        at = self.now()
        due = self._mine().filter(state="waiting", next_at__lte=at, made_at__gte=at - written.GIVES_UP)
        found = []
        for row in due.exclude(pk__in=list(without)).order_by("next_at", "pk")[:most]:
            if to := outgoing.reach(row.contact, self.name):
                found.append(Owed(str(row.pk), to, row.words, row.matter.number, row.line, row))
            else:  # erased meanwhile
                self._quietly(outgoing.failed, row, "erased")
        return found

    def sent(self, owed: Owed, ids: list[str], *, receipts: bool) -> None:
        """The other side has it, under these names."""
        self._quietly(outgoing.sent, owed.row, ids, receipts=receipts)

    def again(self, owed: Owed, reason: str, *, counts: bool = True) -> None:
        """Not now; `counts`: refused for what it says, and after a few times failed."""
        self._quietly(outgoing.again, owed.row, reason, counts=counts)

    def never(self, owed: Owed, reason: str) -> None:
        """It cannot be sent this way at all."""
        self._quietly(outgoing.failed, owed.row, reason)

    def receipt(self, ids: Iterable[str], arrived: bool, reason: str = "") -> bool:
        """The other side says what became of a part of a message, by any of the names it may have. False: none we wait for."""
        for one in dict.fromkeys(ids):
            sent = self._mine().filter(state="sent", ids__contains=[one])
            row = (sent.filter(ended_at=None) if arrived else sent).order_by("-pk").first()
            if row is not None:
                self._quietly(*((outgoing.arrived, row, one) if arrived else (outgoing.failed, row, reason)))
                return True
        return False

    def tick(self) -> None:
        """Now and then: what has waited too long comes to its end."""
        at = self.now()
        if self.ticked is None or (at - self.ticked).total_seconds() >= TICK:
            self.ticked = at
            outgoing.expire(self.name, at=at)

    def _mine(self) -> QuerySet[ChannelMessage]:
        return ChannelMessage.objects.filter(channel=self.name, way="out").select_related("contact", "matter")

    def _by(self, row: ChannelMessage) -> Actor:
        return access.system(f"channel.{self.name}", row.city)

    def _quietly(self, do, row: ChannelMessage, *more, **named) -> None:
        """Somebody else, or an earlier word, may have been first."""
        try:
            row = do(row, *more, by=self._by(row), at=self.now(), **named)
        except Conflict:
            return
        MESSAGES.labels(self.name, "out", row.state).inc()
