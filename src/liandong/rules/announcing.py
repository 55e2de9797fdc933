"""播报: what somebody who waits on the telephone is told, and when.

Nothing is said on the lines of those who help in danger: nothing stands between a call for help and its answer. Elsewhere it
is said while the phone rings, and nobody who answers waits for it. A place is a promise: it is told when it gets better, and
in between as often as the pack says; when somebody more urgent came before, that is said with it.
"""

from dataclasses import dataclass
from datetime import datetime

from liandong.rules.opening import opening
from liandong.rules.pack import Pack
from liandong.rules.say import Say
from liandong.rules.shifts import span

IN_DANGER = ("110", "119", "120", "122")
"""Lines on which nothing is said."""
HOTLINE = "12345"
"""Who takes a line outside its hours, by day and by night."""
SOONEST = 10.0
"""Seconds from one sentence to the next, however fast the queue moves."""
AGAIN = 30.0
"""Seconds after which a place is told again, in a pack without `wait.place`."""
MOST = 20
"""Callers ahead that are counted to somebody; beyond it there are "more than"."""
WHOLE, ANSWERED, HUNG_UP, FAILED, NO_VOICE, UNKNOWN = "whole", "answered", "hung_up", "failed", "no_voice", "unknown"
HEARD = (WHOLE, ANSWERED, HUNG_UP, FAILED, NO_VOICE, UNKNOWN)
"""How a caller heard the notice: to its end; cut short by whoever answered, or by hanging up; the exchange could not play it;
there is no voice; nobody knows, because the switch began while it was said."""
SPOKEN, SILENT = "spoken", "none"
"""Values of the mechanism `recorded.say`, and of `recorded.say.LINE` for one line."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a sentence, and the name under which a city may have recorded them."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on `line` whom nobody has answered. `ahead`: how many are answered before; None while a phone rings for them.
    `first`: what is to be said as they come in."""

    line: str
    ahead: int | None
    first: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller has been told: whether what comes first, the last place, and when, in seconds of a steady clock."""

    first: bool = False
    ahead: int | None = None
    at: float = float("-inf")


def next_said(call: Waiting, told: Told, now: float, again: float) -> tuple[tuple[Say, ...], Told]:
    """What is said to the caller now, one sentence after the other, and what they have been told then."""
    if call.line in IN_DANGER:
        return (), told
    first = () if told.first else call.first
    place = _place(call.ahead, told, now, again)
    if place and told.ahead is None and not any(one.code.startswith("closed") for one in call.first):
        place = (*place, Say("in_danger"))  # who has just learnt that they wait should not wait in danger
    if not first and not place:
        return (), Told(True, told.ahead, told.at)
    return (*first, *place), Told(True, call.ahead if place else told.ahead, now)


def notice(played: int | None, needed: int, *, answered: bool, here: bool) -> str:
    """How the notice was heard of which the sounds up to `needed` are a part: `played` of them to their end. `answered`: somebody
    is in the talk; `here`: the call goes on."""
    if played is not None and played >= needed:
        return WHOLE
    if played is None:
        return UNKNOWN
    return ANSWERED if answered else FAILED if here else HUNG_UP


def _place(ahead: int | None, told: Told, now: float, again: float) -> tuple[Say, ...]:
    if ahead is None:
        return ()
    better = told.ahead is None or ahead < told.ahead
    if now - told.at < (SOONEST if better else max(again, SOONEST)):
        return ()
    # beyond MOST one "more than" is no worse than another
    raised = told.ahead is not None and min(ahead, MOST + 1) > told.ahead
    place = Say("many") if ahead > MOST else Say("ahead", {"many": ahead}) if ahead else Say("next")
    return (*((Say("urgent_first"),) if raised else ()), place)


def first(line: str, pack: Pack, now: datetime, workday: bool | None, *, duty: bool = False) -> tuple[Say, ...]:
    """What is said as a call comes in. On a line of the directory outside its hours: which line it is, that nobody is there now,
    where to turn in danger, and who takes the call: the duty office when its telephone rings (`duty`), else 12345. `now` and
    `workday` as for `rules.opening`."""
    return (*closed(line, pack, now, workday, duty=duty), *recorded(line, pack))


def closed(line: str, pack: Pack, now: datetime, workday: bool | None, *, duty: bool = False) -> tuple[Say, ...]:
    """Said of no line whose hours the directory does not state; the duty office's telephone rings for such a call first, and a
    desk of 12345 holds what it is about (channels.phone.lines)."""
    found = None if line in IN_DANGER else pack.line(line)
    if not found or opening(found[1], now, workday) != "closed":
        return ()
    body, row = found
    told = {"line": line, "name": row.name or body.name}
    return (Say("closed_duty", told) if duty else Say("closed", told | {"instead": HOTLINE}),)


def recorded(line: str, pack: Pack) -> tuple[Say, ...]:
    """The notice that the call is recorded, unless the city has somebody else say it."""
    value = pack.mechanism(f"recorded.say.{line}", pack.mechanism("recorded.say", SPOKEN))
    return () if value == SILENT or line in IN_DANGER else (Say("recorded"),)


def again(line: str, pack: Pack) -> float:
    """Seconds after which a place is told again: `wait.place`, or `wait.place.LINE` for one line."""
    try:
        limit = pack.limit(f"wait.place.{line}")
    except KeyError:
        return AGAIN
    return span(limit).total_seconds()
