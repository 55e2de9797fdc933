"""One call, several parts, one answer (A1): who tells the person, what is told now, what still waits, when at the latest.

A part is decided, agreed and held on its own; the person hears of all of them from one desk, by one call-back. Nobody
waits for ever: what is not done when the shared limit comes is told as still under way, by whom and until when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

TOLD_ON_THE_LINE = ("answered", "redirected")
"""Closings after which the person knows: they heard it while they were speaking."""
KNOWN_NOT_TOLD = ("handled",)
"""Closings whose outcome nobody has told yet: the police are done at the scene, the person may have been elsewhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a call as far as telling goes. `holder` is a desk's code; `confidential`: secret, or told in
    confidence; `danger`: was ever raised; `promised_at`: the citizen's clock; `told`: its outcome has been told."""

    id: str
    state: str
    holder: str
    closing: str = ""
    confidential: bool = False
    danger: bool = False
    promised_at: datetime | None = None
    told: bool = False


def teller(first: str, root: str, parts: Iterable[Part]) -> str:
    """Which desk owes the person the one answer: the first receiver (首接) while it still holds a part; the desk of all
    the parts when there is only one; else the holder `root` of what the person began with."""
    holders = {part.holder for part in parts}
    if first in holders:
        return first
    return holders.pop() if len(holders) == 1 else root


def standing(part: Part, desk: str) -> str:
    """Where a part stands before the answer that `desk` will give.

    "ready": its sentence is there; "known": ended without the person's knowledge; "open": still under way; "told";
    "apart": confidential and held elsewhere, so that its own holder tells it; "elsewhere": told with what it was merged
    into.
    """
    if part.state == "merged":
        return "elsewhere"
    if part.state == "answered" or part.told:
        return "told"
    if part.state == "archived" and part.closing not in KNOWN_NOT_TOLD:
        return "told"
    if part.confidential and part.holder != desk:
        return "apart"
    return {"archived": "known", "ready": "ready"}.get(part.state, "open")


def complete(parts: Iterable[Part], desk: str) -> bool:
    """Whether nothing that belongs into the answer is still under way."""
    return all(standing(part, desk) != "open" for part in parts)


def may_tell_alone(part: Part, others: Iterable[Part], desk: str, at: datetime) -> bool:
    """Whether the holder of a part may tell it before the others: it was about danger, its own promised time is here,
    it is confidential, or nothing else of the call waits to be told and its holder is who tells the person anyway."""
    early = part.danger or (part.promised_at is not None and part.promised_at <= at)
    if early or standing(part, desk) == "apart":
        return True
    waits = any(standing(other, desk) in ("ready", "known", "open") for other in others)
    return part.holder == desk and not waits


def latest(limit: datetime, ready: Iterable[Part], at: datetime) -> datetime:
    """When the answer is due at the latest, whatever is still under way: the shared limit, or, if earlier, the time
    promised for a part whose sentence is there already; never before now."""
    promised = [part.promised_at for part in ready if part.promised_at is not None]
    return max(at, min([limit, *promised]))


def under_way(who: str, until: datetime | None) -> str:
    """What the person is told of a part that is not done: still being handled, by whom, and until when at the latest."""
    by_when = f"，最迟 {until.month} 月 {until.day} 日答复" if until else "，办好就告诉您"
    return f"还在办，由{who}办理{by_when}"
