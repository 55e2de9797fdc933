"""A call as the simulator knows it."""

from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from uuid import UUID

from liandong.telephony import wav


@dataclass
class Bridge:
    """One call: the outside party, who is in the talk, and until when which phone rings."""

    call: UUID
    number: str
    line: str
    inside: dict[str, bool] = field(default_factory=dict)  # extension -> muted
    ringing: dict[str, float] = field(default_factory=dict)  # extension -> stops at
    held: bool = False
    listening: dict[str, None] = field(default_factory=dict)  # in the order they came
    dialled: tuple[float, float] | None = None  # rung out: picks up at, given up at
    asking: set[str] = field(default_factory=set)  # phones whose transfer key was pressed
    said: tuple[Path, ...] = ()  # what was said last
    said_since: float | None = None  # while it is being said

    def played(self, now: float) -> tuple[int, bool]:
        """How many of the sounds have been heard to their end by `now`, and whether that is all of them."""
        ends = list(accumulate(map(wav.seconds, self.said), initial=self.said_since or 0.0))[1:]
        heard = sum(end <= now for end in ends)
        return heard, heard == len(ends)
