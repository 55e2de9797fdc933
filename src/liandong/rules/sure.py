"""Whose matter a text is and how likely that is right, as a number: only for measuring and for machines (people read
words, and a desk that sees danger is shown 110)."""

from liandong.rules.decision import Decision
from liandong.rules.weigh import Tally

_LEAST, _MOST = 0.3, 0.99
BESIDE = 0.38  # where less than this share speaks for 110, danger is beside a matter of somebody else's


def whose(tally: Tally, decision: Decision) -> str:
    """The platform whose matter it is. Danger runs in parallel and moves no holder (C二(二)1): in a ticket about a tree
    with a word of danger in it 110 is sent at once, and the tree stays the hotline's."""
    whole = sum(tally.platforms.values())
    if decision.urgent and whole and tally.platforms.get("110", 0.0) < BESIDE * whole:
        return max(tally.platforms, key=tally.platforms.__getitem__)
    return decision.platform


def confidence(tally: Tally, platform: str) -> float:
    """0 to 1: this platform's share of the weight; never surer than that, also where one decides without asking."""
    whole = sum(tally.platforms.values())
    if not whole:
        return _LEAST
    return round(min(_MOST, max(_LEAST, tally.platforms.get(platform, 0.0) / whole)), 3)
