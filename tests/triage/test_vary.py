"""The corpus among words that say nothing: what was said stays, what stands around it is thrown the same everywhere."""

import re

import pytest

from liandong.triage.corpus import Utterance
from liandong.triage.vary import AROUND, VARIED, among, varied

PARTS = {"said", "title", "body", "first", "rest"}
SAID = {
    "note": "市民来电反映：路口的井盖翘起一角，骑车的人容易摔，请修。",
    "letter": "路灯不亮。三号路的灯坏了一个月，学生下晚自习只好打电筒。",
    "post": "水退了，大家平安",
    "speech": "路灯坏了",
}


def utterance(register, text=""):
    return Utterance(text or SAID[register], "12345-1", False, ("12345-2",), (), "", register, ("hint",), "a.txt:1")


def test_every_name_in_a_pattern_is_a_list_or_a_part():
    named = {name for some in AROUND.values() for pattern in some for name in re.findall(r"\{(\w+)\}", pattern)}
    assert named - PARTS <= set(AROUND)
    assert set(VARIED) <= set(AROUND)


KEPT = {"note": ["井盖翘起一角", "请修"], "letter": ["路灯不亮", "打电筒"], "post": ["大家平安"]}


@pytest.mark.parametrize(("register", "kept"), KEPT.items())
def test_a_copy_says_all_that_was_said_and_keeps_its_label(register, kept):
    one = utterance(register)
    (copy,) = varied([one])
    assert all(words in copy.text for words in kept)
    assert "{" not in copy.text
    assert copy.text != one.text
    assert (copy.kind, copy.alternatives, copy.tags, copy.where) == (one.kind, one.alternatives, one.tags, one.where)


def test_the_same_utterance_is_varied_the_same_on_every_machine():
    said = [utterance("note", f"市民来电反映：第{n}盏路灯不亮。") for n in range(30)]
    copies = [among(one) for one in said]
    assert copies == [among(one) for one in said]
    assert len({re.sub(r"第\d+盏路灯不亮", "", copy) for copy in copies}) > 20
    expected = "市民微信反映: 近期，路口的井盖翘起一角，骑车的人容易摔，请修，请相关部门核实处理。"
    assert among(utterance("note")) == expected


def test_a_question_stays_one_and_speech_is_left_as_it_was():
    asked = among(utterance("note", "市民来电咨询：补办证件要带什么。"))
    assert "咨询" in asked[:8]
    assert varied([utterance("speech")]) == []
