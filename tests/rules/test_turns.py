"""Who is answered next: danger, then who was given up on, then by time; who is on the register comes last."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from liandong.packs import load, shipped
from liandong.rules.opening import CHINA
from liandong.rules.turns import GIVEN_UP, TIMES, InLine, answered, given_up, turn

NOON = datetime(2026, 11, 30, 12, tzinfo=CHINA)


def call(name, minutes, **facts):
    return InLine(facts.pop("line", "12345"), NOON + timedelta(minutes=minutes), name, **facts)


IN_ORDER = (
    call("own danger", 9, danger=True),
    call("danger on the register", 10, danger=True, nuisance=True),
    call("dialled for danger", 8, line="119"),
    call("given up on", 7, given_up=TIMES),
    call("longest", 1, given_up=TIMES - 1),
    call("later", 2),
    call("on the register", 0, nuisance=True, given_up=9),
)


def test_danger_first_then_who_was_given_up_on_then_by_time_and_the_register_last():
    for some in permutations(IN_ORDER, 3):
        assert sorted(some, key=turn) == [one for one in IN_ORDER if one in some]


def test_each_says_why_it_does_not_simply_wait():
    assert [one.why for one in IN_ORDER] == ["danger", "danger", "line", "again", "", "", "last"]
    assert call("told in confidence", 0, danger=True, told=False).why == "urgent"


def test_whose_phone_rings_is_answered_before_those_who_wait_and_no_free_seat_goes_by_it():
    rings, danger = call("rings", 1, rings=True), call("danger", 2, danger=True)
    assert sorted([danger, rings], key=answered) == [rings, danger]
    assert sorted([rings, danger], key=turn) == [danger, rings]


@pytest.mark.parametrize(("minutes", "counted"), [(-16, 0), (-15, 1), (0, 1), (1, 0)])
def test_a_hang_up_counts_within_the_packs_time_before_the_call(minutes, counted):
    pack = load(shipped()["panzhihua_2018"])
    assert timedelta(minutes=15) == GIVEN_UP
    assert given_up([NOON + timedelta(minutes=minutes)], NOON, pack) == counted
