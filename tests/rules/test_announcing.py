"""What a caller who waits is told, and when."""

import pytest

from liandong.rules.announcing import AGAIN, MOST, SOONEST, Told, Waiting, next_said, notice
from liandong.rules.say import Say

RECORDED = Say("recorded")


def heard(*ahead, line="12345", first=(RECORDED,), again=30.0, apart=5.0):
    """What is said at looks `apart` seconds from each other, by code and number."""
    told, said = Told(), []
    for n, place in enumerate(ahead):
        now, told = next_said(Waiting(line, place, first), told, n * apart, again)
        said.append([one.params.get("many", one.code) for one in now])
    return said


def test_the_notice_is_said_once_as_the_call_comes_in_while_the_phone_rings():
    assert heard(None, None, None) == [["recorded"], [], []]


def test_who_waits_hears_the_notice_and_the_place_at_once():
    assert heard(3) == [["recorded", 3, "in_danger"]]


def test_a_better_place_is_told_soon_and_the_same_one_when_its_time_has_come():
    assert heard(3, 3, 2, 2, 2, 2, 2, 2, 2) == [["recorded", 3, "in_danger"], [], [2], [], [], [], [], [], [2]]
    assert heard(1, 0, apart=SOONEST) == [["recorded", 1, "in_danger"], ["next"]]


def test_the_queue_may_move_faster_than_sentences_are_said():
    assert heard(9, 8, 7, 6, 5, apart=SOONEST / 4) == [["recorded", 9, "in_danger"], [], [], [], [5]]


def test_a_place_that_gets_worse_is_told_late_and_with_its_reason():
    assert heard(1, 2, 2, apart=15) == [["recorded", 1, "in_danger"], [], ["urgent_first", 2]]
    assert heard(1, 2, 1, apart=15) == [["recorded", 1, "in_danger"], [], [1]]


def test_a_long_queue_is_not_counted_out():
    assert heard(MOST + 1, MOST + 9, MOST, apart=SOONEST) == [["recorded", "many", "in_danger"], [], [MOST]]


def test_a_place_beyond_what_is_counted_is_worse_too_and_has_its_reason():
    assert heard(MOST, MOST + 1, MOST + 2, apart=30) == [
        ["recorded", MOST, "in_danger"],
        ["urgent_first", "many"],
        ["many"],
    ]


@pytest.mark.parametrize(("played", "answered", "here", "how"), [
    (2, False, True, "whole"), (2, True, True, "whole"), (3, False, False, "whole"), (1, True, True, "answered"),
    (0, False, False, "hung_up"), (1, False, True, "failed"), (None, False, True, "unknown"), (None, False, False, "unknown"),
])  # fmt: skip
def test_how_the_notice_was_heard(played, answered, here, how):
    assert notice(played, 2, answered=answered, here=here) == how


@pytest.mark.parametrize("line", ["110", "119", "120", "122"])
def test_nothing_is_ever_said_on_a_line_for_danger(line):
    assert heard(None, 3, 2, 0, 0, line=line, apart=AGAIN) == [[]] * 5


def test_who_was_told_by_an_earlier_process_hears_the_place_after_a_while_and_no_notice_again():
    told = Told(first=True, at=100.0)
    call = Waiting("12345", 2, (RECORDED,))
    assert next_said(call, told, 101.0, AGAIN)[0] == ()
    assert next_said(call, told, 100.0 + SOONEST, AGAIN)[0] == (Say("ahead", {"many": 2}), Say("in_danger"))


def test_when_the_phone_stops_ringing_in_vain_the_place_is_told():
    assert heard(None, None, 0, apart=12) == [["recorded"], [], ["next", "in_danger"]]
