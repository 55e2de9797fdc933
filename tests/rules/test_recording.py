"""Which desks record a talk, and why a recording ends."""

import pytest

from liandong.rules.recording import because, wanted

CITY, COUNTY, ABOVE = "12345:532300", "110:532301", "110:532300"


@pytest.mark.parametrize(("inside", "holders", "record"), [
    ({CITY}, {CITY}, {CITY}),
    ({CITY, COUNTY}, {CITY}, {CITY, COUNTY}),
    ({CITY, COUNTY}, {COUNTY}, {COUNTY}),
    ({CITY}, {COUNTY}, set()),
    ({CITY, COUNTY}, {CITY, COUNTY}, {CITY, COUNTY}),  # a call with two matters, one of them still 12345's
    ({CITY, COUNTY}, {COUNTY, ABOVE}, {COUNTY}),
    ({COUNTY}, {COUNTY}, {COUNTY}),
    (set(), {CITY}, set()),
    ({CITY}, set(), set()),
])  # fmt: skip
def test_12345_records_until_110_has_taken_all_of_it_and_the_police_side_keeps_its_own(inside, holders, record):
    assert wanted(inside, holders) == record


def test_why_a_recording_ends_is_said():
    assert because(CITY, {CITY, COUNTY}, alive=True) == "police"
    assert because(CITY, {COUNTY}, alive=True) == "left"
    assert because(CITY, {CITY}, alive=False) == "over"
