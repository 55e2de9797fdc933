"""A text of any length costs no more than a long letter, and what was not read is said."""

import sys
from datetime import datetime

import pytest

from liandong.packs.load import load, shipped
from liandong.queries.triage import judge
from liandong.rules.opening import CHINA
from liandong.triage import read
from liandong.triage.fold import MOST, fold

AT = datetime(2026, 11, 18, 14, 30, tzinfo=CHINA)
TALK = "我家楼下的路灯坏了，"
WALLS = {
    "talk": TALK,
    "one word of danger": "着火",
    "one letter": "火",
    "denials": "没有",
    "sentences": "有人跳楼。路灯不亮。",
    "binary": "\x00\x01\xff\ud800",
    "digits": "1234567890",
    "spaces": " \t\n",
    "letters that are many": "\ufdfa",
}


@pytest.fixture(scope="module")
def chuxiong():
    return load(shipped()["chuxiong_2022"])


def wall(of, length):
    return (of * (length // len(of) + 1))[:length]


def steps(text, pack):
    """How many calls of functions, Python's and C's, it takes to judge a text."""
    count = 0

    def counted(*_):
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        judge(text, pack, at=AT)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", WALLS)
def test_a_text_twenty_times_as_long_takes_no_more_steps(name, chuxiong):
    long, longer = wall(WALLS[name], 2 * MOST), wall(WALLS[name], 40 * MOST)
    judge(long, chuxiong, at=AT)
    assert steps(longer, chuxiong) <= steps(long, chuxiong) * 1.01


@pytest.mark.parametrize("before", [True, False])
def test_a_cry_at_either_end_of_an_endless_text_is_heard(before, chuxiong):
    endless = wall(TALK, 5 * MOST)
    text = f"救命，有人跳楼。{endless}" if before else f"{endless}。救命，有人跳楼。"
    evidence = read(text, chuxiong)
    assert "跳楼" in {s.text for s in evidence.danger}
    assert all(text[s.start : s.end] == s.text for s in evidence.spans)


def test_what_was_not_read_is_said_and_makes_the_answer_unsure(chuxiong):
    decision = judge(wall(TALK, MOST + 1_234), chuxiong, at=AT)[1]
    assert [r.say.params for r in decision.reasons if r.say.code == "routing.because.unread"] == [{"count": 1_234}]
    assert decision.sureness == "low"


def test_a_text_of_the_most_is_read_whole(chuxiong):
    text = wall(TALK, MOST - 40) + "。救命，有人跳楼。" + TALK
    evidence = read(text, chuxiong)
    assert evidence.danger
    assert evidence.unread == 0


def test_the_two_ends_are_no_one_sentence():
    text = "没有" + wall("好", MOST) + "着火"
    folded = fold(text)
    assert folded.unread == 4
    assert folded.text.count("\n") == 1
    assert [text[i] for i in folded.at[-2:]] == ["着", "火"]
