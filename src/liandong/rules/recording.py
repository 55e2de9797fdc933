"""录音: which desks record a talk, and why a recording ends. 12345's ends when 110 has taken everything the call is about; the
police side keeps its own from the moment its seat is in the talk."""

from collections.abc import Collection

POLICE = "110:"
ENDINGS = ("police", "left", "over", "failed")
"""Taken by 110; nobody of the desk is in the talk any more; the call is over; the exchange ended it by itself."""


def wanted(desks: Collection[str], holders: Collection[str]) -> frozenset[str]:
    """Which of the desks with a seat in a talk record it. `desks` and `holders` are codes: who holds what the call is
    about. Of a call about nothing there is nothing to keep a recording with."""
    if not holders:
        return frozenset()
    taken = all(code.startswith(POLICE) for code in holders)
    return frozenset(code for code in desks if code.startswith(POLICE) or not taken)


def because(code: str, desks: Collection[str], alive: bool) -> str:
    """Why the recording of desk `code` ends; `alive`: the call goes on."""
    if not alive:
        return "over"
    return "police" if code in desks else "left"
