"""Time left as the page says it."""

from datetime import datetime

from liandong.web.templatetags import times
from tests.cast import SHANGHAI


def told(due: datetime, now: datetime) -> dict:
    return times.left(due, now)


def test_a_limit_that_ends_in_a_year_not_yet_published_says_that_weekends_were_counted():
    now = datetime(2099, 12, 28, 9, tzinfo=SHANGHAI)
    shown = told(datetime(2100, 1, 8, 17, 30, tzinfo=SHANGHAI), now)
    assert (shown["unsure"], shown["left"].unit) == (True, "个工作日")


def test_a_limit_in_a_published_year_says_nothing_of_it():
    now = datetime(2026, 9, 28, 9, tzinfo=SHANGHAI)
    assert not told(datetime(2026, 10, 12, 17, 30, tzinfo=SHANGHAI), now)["unsure"]
