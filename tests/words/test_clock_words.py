from datetime import datetime, timedelta

import pytest

from liandong.words import clock
from tests.cast import SHANGHAI

NOW = datetime(2026, 11, 18, 14, 32, 45, tzinfo=SHANGHAI)  # a Wednesday


def weekday(day) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("span", "words", "state"),
    [
        (timedelta(seconds=7), "剩 7 秒", "now"),
        (timedelta(minutes=12, seconds=3), "剩 12 分", "now"),
        (timedelta(hours=2), "剩 2 小时", "soon"),
        (timedelta(hours=22), "剩 22 小时", "far"),
        (timedelta(hours=24), "剩 24 小时", "far"),
        (timedelta(days=7), "剩 5 个工作日", "far"),
        (timedelta(hours=-26), "超 26 小时", "over"),
        (timedelta(hours=-71), "超 71 小时", "over"),
        (timedelta(hours=-103), "超 4 天", "over"),
        (timedelta(seconds=-3), "超 3 秒", "over"),
    ],
)
def test_time_is_told_as_time_left(span, words, state):
    left = clock.left(NOW + span, NOW, weekday)
    assert (str(left), left.state) == (words, state)


def test_without_a_due_time_nothing_is_said():
    assert clock.left(None, NOW, weekday) is None


def test_what_has_happened_is_told_by_the_clock():
    assert clock.when(NOW, NOW) == "14:32:45"
    assert clock.when(NOW - timedelta(days=1), NOW) == "17日 14:32"
    assert clock.when(NOW - timedelta(days=30), NOW) == "10月19日 14:32"
    assert clock.day(NOW) == "11月18日 周三"
    assert clock.running(timedelta(seconds=3725)) == "1 小时 2 分"
    long = [clock.long(timedelta(seconds=s)) for s in (52, 648, 3725)]
    assert long == ["52 秒", "10 分", "1 小时 2 分"], "10:48 beside clock times reads as a time of day"


def test_a_week_is_told_by_its_first_day():
    assert clock.week("2026-W48") == "11月23日起一周"
