"""A call and its legs as the adapter keeps them, and the note each channel carries so that they are found again."""

import re
import time
from dataclasses import dataclass, field
from uuid import UUID

from liandong.telephony import port
from liandong.telephony.port import Talk

NOTE, MUTED, SAYING = "OUR_NOTE", "OUR_MUTED", "OUR_SAYING"
"""Variables on the channel: what it is, whether it is mute, and the playback of what is being said to it."""

WRITTEN = "CHANNEL(userfield)"
"""The call, as the exchange writes it into its own records (`call_records`)."""

PAGE = ".page"
"""Behind an extension: the phone in its page. Asterisk keeps it apart from the one on the desk; nobody else does."""

RING, JOIN, LISTEN, DIAL = "ring", "join", "listen", "dial"
"""What a leg was made for: to ring a phone, to bring it in by itself, to hear only, to ring somebody out from."""

# Causes of Q.850 as Asterisk gives them.
BUSY_CAUSES = {17, 19, 21}
"""Of a phone at a seat: in use, not to be disturbed, declined. Anything else: it could not be reached."""
NOBODY_CAUSES = {1, 16, 18, 19, 20, 22, 28, 31}
"""Of an outside number: nobody there, or no such number. Anything else is the line to it."""
LONGEST_LINE = 12
"""Characters of a dialled line that are kept; the dialplan lets any number in."""
PUT_DOWN_WITHIN = 5.0
"""Seconds. Many phones put themselves down as soon as their transfer key has been heard of, whatever comes of it: for so long that
does not end the call."""
GAVE_UP, NORMAL = 19, (0, 16, 32)
"""NORMAL: somebody put the telephone down, rather than died."""


@dataclass
class Leg:
    """One phone in a call. `name` is its extension; `until` when it stops ringing, seconds of the wall clock, so that
    the note is right for the next process; `up`: it is in the bridge. `coming`: the channel that will take the place of
    `channel`, which may be gone by then (""): a page that was loaded anew. `asks`: its own transfer key was `pressed`
    at that moment of the wall clock, and it waits for the answer."""

    channel: str
    name: str
    kind: str
    until: float = 0.0
    up: bool = False
    rang: bool = False
    muted: bool = False
    coming: str = ""
    asks: bool = False
    pressed: float = 0.0

    def note(self, call: UUID) -> str:
        return f"leg {call} {self.kind} {self.name} {self.until:.2f}"

    @property
    def left(self) -> float:
        return max(self.until - time.time(), 0.0)

    @property
    def gives_away(self) -> bool:
        """Whether putting it down now belongs to its transfer key."""
        return self.asks or time.time() - self.pressed < PUT_DOWN_WITHIN


@dataclass
class Call:
    """A call: the outside party at `caller` ("" while the phone it is dialled from comes up). `met`: that party has been
    answered, or has picked up. `music`: it is out of the bridge and hears music. `saying`: the playback of what is being said
    to it ("": nothing), `sounds` how many it has and `played` how many of them were heard to their end; None: nobody counted."""

    call: UUID
    number: str
    line: str
    caller: str
    dialled: bool = False
    until: float = 0.0
    rang: bool = False
    met: bool = False
    music: bool = False
    held: bool = False
    saying: str = ""
    sounds: int = 0
    played: int | None = None
    legs: dict[str, Leg] = field(default_factory=dict)

    @property
    def bridge(self) -> str:
        return self.call.hex

    def note(self) -> str:
        kind = "person" if self.dialled else "caller"
        return f"{kind} {self.call} {self.line or '-'} {self.number or '-'} {self.until:.2f}"

    @property
    def inside(self) -> tuple[str, ...]:
        return tuple(leg.name for leg in self.legs.values() if leg.kind == DIAL or (leg.up and leg.kind != LISTEN))

    def _not_up(self, kind: str) -> tuple[str, ...]:
        return tuple(leg.name for leg in self.legs.values() if leg.kind == kind and not leg.up)

    def talk(self) -> Talk:
        muted = tuple(leg.name for leg in self.legs.values() if leg.muted)
        listening = tuple(leg.name for leg in self.legs.values() if leg.kind == LISTEN and leg.up)
        return Talk(self.call, self.number, self.line, self.inside, self._not_up(RING), self.held, muted, listening,
                    self._not_up(JOIN), saying=bool(self.saying))  # fmt: skip


def cause_at_seat(cause: int) -> str:
    return port.BUSY if cause in BUSY_CAUSES else port.UNREGISTERED


def cause_outside(cause: int) -> str:
    if cause in (17, 21):
        return port.BUSY
    return port.NO_ANSWER if cause in NOBODY_CAUSES else port.TRUNK_DOWN


def dialled(extension: str) -> str:
    """The line that was dialled, as the network gave it: whatever stands there, no more of it than a record holds."""
    return re.sub(r"[^0-9A-Za-z+*#]", "", extension)[:LONGEST_LINE]


def clean(number: str) -> str:
    """A caller's number as the line gave it: at most 20 digits, perhaps after a plus; what is no number is none."""
    return number if re.fullmatch(r"\+?[0-9]{1,20}", number) else ""
