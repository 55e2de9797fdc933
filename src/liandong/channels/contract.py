"""What a channel is: a way in, and mostly a way out, for people and devices. A folder beside this file with `channel.toml` (its
name for people, whether it answers, its settings) and `channel.py` (one `channel`, below). Nothing else names it.

In: a channel makes a `Came` of what reaches it and gives it to its `Line`, which answers when the matter is durable; only then
does the channel acknowledge to the other side. Out: it asks its line what is owed and says what became of it; states and tries
are kept by the actions, as Events on the matter. It runs in a thread of the worker, one in the whole city at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liandong.channels.line import Line, Owed


class Refused(Exception):
    """The other side refuses this message for what it says; `reason` is a word or two. Tried a few times, then failed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Refused):
    """The other side does not take this message at the moment (greylisting, a fault of its own while it had it): tried again
    without being counted, and nothing else waits for it."""


class Away(Exception):
    """The other side cannot be reached, or has no place for messages now: nothing is counted, all of it waits."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A request at the channel's address, unread: exact bytes, headers with small names, where it comes from."""

    body: bytes
    headers: Mapping[str, str]
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What is answered to a knock."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)


class Channel:
    """One way. `settings` are those of its `channel.toml`, read by the node. A channel that only answers requests has a `door`
    and nothing else; one that sends by itself has `send`; one with a connection of its own has `run`."""

    runs = False
    """Whether `run` wants a thread though nothing is ever sent: it listens."""
    receipts = False
    """Whether the other side says later that a message has arrived."""

    def __init__(self, name: str, settings: Mapping[str, Any]) -> None:
        self.name, self.settings = name, settings

    def faults(self, at: datetime) -> list[tuple[str, str]]:
        """What is wrong with its settings or what they name: (what, what to do), for `liandong doctor`."""
        return []

    def door(self, knock: Knock) -> Answered:
        """Answer a request at `/channels/<name>/`."""
        return Answered(404)

    def send(self, owed: "Owed") -> list[str]:
        """Send one message; returns what the other side calls it. Raises Refused, Later or Away."""
        raise NotImplementedError

    def give(self, line: "Line", owed: "Owed") -> None:
        """Send one message and write down what came of it."""
        try:
            line.sent(owed, self.send(owed), receipts=self.receipts)
        except Refused as why:
            line.again(owed, why.reason, counts=not isinstance(why, Later))

    def run(self, line: "Line") -> None:
        """Until the line stops: what came, and what is owed. Any exception ends it; it is begun again after a pause."""
        up = False
        while not line.stopping.wait(line.rest):
            for owed in line.owed():
                self.give(line, owed)
            if not up:
                line.stands(True)
                up = True
            line.tick()
