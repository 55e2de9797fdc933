"""离交班还剩: from the pack's two rows, and nothing where it has none."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from liandong.rules import shifts
from liandong.rules.pack import Limit
from tests.cast import SHANGHAI
from tests.small_city import HERE


def city(begin: int, length: int, unit: str = "hour") -> SimpleNamespace:
    return SimpleNamespace(limits=(Limit("shift.begin", begin, unit, "natural", HERE),
                                   Limit("shift.length", length, unit, "natural", HERE)))  # fmt: skip


def ends(pack, hour: int, minute: int = 0) -> str:
    return f"{shifts.ends_at(pack, datetime(2026, 11, 18, hour, minute, tzinfo=SHANGHAI)):%d %H:%M}"


@pytest.mark.parametrize(("pack", "at", "then"), [
    (city(8, 8), (14, 20), "18 16:00"), (city(8, 8), (16, 0), "19 00:00"), (city(8, 8), (3, 0), "18 08:00"),
    (city(510, 720, "minute"), (21, 0), "19 08:30"), (city(8, 10), (5, 0), "18 08:00"), (city(24, 8), (1, 0), "18 08:00"),
])  # fmt: skip
def test_the_shift_ends_at_the_next_change_also_over_midnight(pack, at, then):
    assert ends(pack, *at) == then


def test_a_city_that_has_not_said_has_no_shifts_to_count():
    assert (
        shifts.ends_at(SimpleNamespace(limits=city(8, 8).limits[:1]), datetime(2026, 11, 18, 9, tzinfo=SHANGHAI))
        is None
    )
