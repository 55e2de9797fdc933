"""How likely a decision's platform is right, as a number: only for measuring and for machines (people read words)."""

from liandong.rules.decision import Decision
from liandong.rules.weigh import Tally

_LEAST, _MOST = 0.3, 0.99


def confidence(tally: Tally, decision: Decision) -> float:
    """0 to 1: the share of the decided platform's weight; a decision that asks is never surer than its share."""
    whole = sum(tally.platforms.values())
    if not whole:
        return _LEAST
    return round(min(_MOST, max(_LEAST, tally.platforms.get(decision.platform, 0.0) / whole)), 3)
