"""Due times with make-up days and natural hours."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from liandong.packs.calendar import is_published, is_workday
from liandong.rules.pack import Limit, Source
from liandong.rules.workdays import due_at, working_days_left

ZONE = ZoneInfo("Asia/Shanghai")
SOURCE = Source("test", "project-default")


def limit(amount, unit, clock) -> Limit:
    return Limit("any", amount, unit, clock, SOURCE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("amount", "unit", "clock", "start", "due"),
    [
        (25, "second", "natural", "2026-11-18T23:59:50", "2026-11-19T00:00:15"),
        (24, "hour", "natural", "2026-10-01T10:00", "2026-10-02T10:00"),
        (1, "day", "working", "2026-11-20T16:00", "2026-11-23T17:30"),
        (3, "day", "working", "2026-09-29T09:00", "2026-10-09T17:30"),
        (1, "day", "working", "2026-10-09T20:00", "2026-10-10T17:30"),
        (2, "hour", "working", "2026-11-20T16:30", "2026-11-23T09:30"),
        (30, "minute", "working", "2026-11-21T12:00", "2026-11-23T09:00"),
    ],
)
def test_a_limit_runs_out_at_the_right_moment(amount, unit, clock, start, due):
    assert due_at(limit(amount, unit, clock), at(start), is_workday) == at(due)


def test_working_days_left_counts_the_make_up_saturday():
    assert working_days_left(at("2026-10-08T10:00"), at("2026-10-12T17:30"), is_workday) == 3


def test_a_year_not_yet_published_counts_weekends_and_says_so():
    assert not is_published(2099)
    assert is_workday(date(2099, 1, 1)) == (date(2099, 1, 1).weekday() < 5)
