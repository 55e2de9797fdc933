"""The reader's suggestions on stored matters against what people chose, by week."""

from datetime import timedelta

import pytest

from liandong.actions import danger
from liandong.ops.triage import evaluate_stored
from liandong.queries import drift
from tests.cast import CHUXIONG

LAMP = "鹿城镇集镇路灯六盏不亮，晚上看不见路"
FIRE = "我家厨房着火了，烟大得很"


@pytest.fixture
def told(cast):
    """A week of four: two as suggested, one that a person put under another kind, one danger that was none."""
    start = cast.clock.now
    cast.call(cast.lin, LAMP, kind="12345-1", nature="complaint")
    cast.call(cast.lin, "小区停水两天了没人修", kind="12345-1", nature="complaint")
    cast.call(cast.lin, "集镇路灯坏了半年没有人来换灯泡", kind="110-3", nature="complaint")
    burned = cast.call(cast.yue, FIRE, kind="110-4")
    cast.act(danger.lower, burned.demands.get(), "孩子打错了", by=cast.yue)
    cast.clock.on(days=7)
    cast.call(cast.lin, LAMP + "，还是那里", kind="12345-1", nature="complaint")
    return start


def stored(cast, start, **more):
    cast.clock.on(days=1)
    return drift.weeks(CHUXIONG, start, cast.clock.now, **more)


def test_every_week_has_its_own_scorecard_the_newest_first(cast, told):
    newest, first = stored(cast, told)
    assert (newest.count, first.count) == (1, 4)
    assert newest.name > first.name and first.name[4:6] == "-W"
    platform = first.card.rates["platform"]
    assert (platform.hits, platform.whole) == (3, 4)
    assert first.card.confusion["110", "12345"] == 1


def test_a_danger_lowered_before_anybody_was_sent_was_a_false_alarm(cast, told):
    precision = stored(cast, told)[1].card.rates["urgent precision"]
    assert (precision.hits, precision.whole) == (0, 1)


def test_the_stored_words_can_be_read_again_with_the_present_model(cast, told):
    again = stored(cast, told, again=True)
    assert [w.count for w in again] == [1, 4]
    assert again[1].card.rates["platform"].hits == 3


def test_secret_matters_and_records_of_before_are_not_counted(cast, told):
    cast.call(cast.yue, "我要举报有人吸毒", kind="110-1", nature="report")
    assert [w.count for w in stored(cast, told)] == [1, 4]


def test_a_page_draws_a_week_once_in_some_minutes(cast, told):
    drift.forget()
    cast.clock.on(days=1)

    def page():
        return drift.drawn(CHUXIONG, told, told + timedelta(days=60), cast.clock.now, 300)

    assert page() == drift.weeks(CHUXIONG, told, cast.clock.now)
    cast.call(cast.lin, LAMP + "，第三次打来", kind="12345-1", nature="complaint")
    assert [w.count for w in page()] == [1, 4]
    cast.clock.on(minutes=10)
    assert [w.count for w in page()] == [2, 4]
    assert [w.count for w in drift.drawn(CHUXIONG, told, told + timedelta(days=60), cast.clock.now, 3)] == [2, 3], (
        "no more than asked"
    )
    drift.forget()


def test_the_command_prints_a_card_a_week(cast, told, capsys):
    assert evaluate_stored(CHUXIONG, 8000, again=False) == 0
    out = capsys.readouterr().out
    assert out.count("urgent recall") == 2 and LAMP not in out
    assert evaluate_stored("000000", 8, again=False) == 1
