"""What the seats of one desk are shown alike, read once for all of them.

Fifty colleagues look at the same rows within the same seconds. One statement says what stands there now
(`pulse.stands`); as long as it says the same, this process shows what it read last.
"""

from collections.abc import Callable
from typing import Any

from liandong.queries.desk.pulse import stands

_kept: dict[str, tuple[str, Any]] = {}


def kept(desk: str, read: Callable[[], Any]) -> tuple[str, Any]:
    """What stood there before it was read, and what `read` gives for this desk, from memory while nothing of it has
    changed. What changes while it is read is kept for nobody."""
    before = stands(desk)
    known = _kept.get(desk)
    if known and known[0] == before:
        return known
    rows = read()
    if stands(desk) == before:
        _kept[desk] = (before, rows)
    return before, rows
