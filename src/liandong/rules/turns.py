"""先后: who of those that wait on the telephone at one desk is answered next.

Danger first, then who was given up on before, then who has waited longest. A number on the register of nuisance callers comes
last and is never refused; danger always passes (C三(二)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from liandong.rules.announcing import IN_DANGER
from liandong.rules.pack import Pack
from liandong.rules.shifts import span

GIVEN_UP = timedelta(minutes=15)
"""How far back a hang-up before the answer counts, in a pack without `wait.given_up`."""
TIMES = 2
"""So many hang-ups make the next call of that number one that is answered sooner."""


@dataclass(frozen=True, slots=True)
class InLine:
    """A call nobody has answered. `danger`: the matter itself, or an open one of this number, has danger raised; `told` whether
    the desk may be told so. `given_up`: how often this number hung up unanswered shortly before. `rings`: at a seat."""

    line: str
    since: datetime
    number: str = ""
    danger: bool = False
    told: bool = True
    given_up: int = 0
    nuisance: bool = False
    rings: bool = False

    @property
    def why(self) -> str:
        """Why it does not simply wait its turn: danger, line (dialled for danger), urgent (not to be told), again, last; or ""."""
        if self.danger:
            return "danger" if self.told else "urgent"
        if self.line in IN_DANGER:
            return "line"
        if self.nuisance:
            return "last"
        return "again" if self.given_up >= TIMES else ""


def turn(call: InLine) -> tuple:
    """The order in which calls are given to free seats; the smallest is next."""
    again = call.given_up >= TIMES
    return (
        not call.danger,
        call.line not in IN_DANGER,
        call.nuisance,
        not again,
        call.since,
        call.number,
    )


def answered(call: InLine) -> tuple:
    """The order in which callers may expect to be answered: those whose phone rings already, then as `turn`."""
    return (not call.rings, *turn(call))


def given_up(ended: Iterable[datetime], since: datetime, pack: Pack) -> int:
    """How many of these hang-ups lie in the pack's time before a call that came in at `since`."""
    begin = since - within(pack)
    return sum(begin <= at <= since for at in ended)


def within(pack: Pack) -> timedelta:
    """How far back a hang-up counts: `wait.given_up`."""
    try:
        return span(pack.limit("wait.given_up"))
    except KeyError:
        return GIVEN_UP
