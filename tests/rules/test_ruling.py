"""The limit a ruling names: never later than the table's."""

from datetime import datetime, timedelta, timezone

import pytest

from liandong.rules.ruling import WITHIN, answer_by
from liandong.rules.say import Invalid

LOCAL = timezone(timedelta(hours=8))
NIGHT = datetime(2026, 11, 18, 23, 46, tzinfo=LOCAL)
TABLE = NIGHT + timedelta(days=15)


@pytest.mark.parametrize(
    ("within", "due"),
    [
        ("table", TABLE),
        ("half_hour", NIGHT + timedelta(minutes=30)),
        ("hour", NIGHT + timedelta(hours=1)),
        ("four_hours", NIGHT + timedelta(hours=4)),
        ("morning", datetime(2026, 11, 19, 8, 0, tzinfo=LOCAL)),
    ],
)
def test_the_limit_runs_from_the_ruling(within, due):
    assert answer_by(within, NIGHT, TABLE) == due


def test_before_eight_the_morning_is_the_same_day():
    assert answer_by("morning", NIGHT.replace(hour=3), TABLE) == datetime(2026, 11, 18, 8, 0, tzinfo=LOCAL)


def test_the_tables_nearer_limit_stays():
    soon = NIGHT + timedelta(minutes=10)
    assert {answer_by(within, NIGHT, soon) for within in WITHIN} == {soon}


def test_a_limit_nobody_offers_is_refused():
    with pytest.raises(Invalid):
        answer_by("soon", NIGHT, TABLE)
