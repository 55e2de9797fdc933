"""Sentences of our own in many registers, read by the shipped pack: which desk, and whether it is danger."""

from datetime import datetime
from pathlib import Path

import pytest

from liandong.packs.load import load, shipped
from liandong.rules.opening import CHINA
from liandong.rules.routing import decide
from liandong.triage import read

NOW = datetime(2026, 11, 18, 14, 30, tzinfo=CHINA)
LINES = Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines()
SENTENCES = [line.split(" ", 1) for line in LINES if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def chuxiong():
    return load(shipped()["chuxiong_2022"])


@pytest.mark.parametrize(("mark", "text"), SENTENCES)
def test_a_sentence_lights_the_right_desk(mark, text, chuxiong):
    evidence = read(text, chuxiong, letters=False)
    decision = decide(evidence, pack=chuxiong, at_desk=chuxiong.desk_for("12345"), now=NOW)
    assert (decision.platform, decision.urgent) == (mark.rstrip("u"), mark.endswith("u")), evidence.spans


def test_the_notices_story_reads_as_on_the_desks_picture(chuxiong):
    text = "他在东瓜镇锦和里二期做木工，工钱拖了四个多月。一个工友现在站在6号楼楼顶边上，说再不给钱就跳下去。"
    evidence = read(text, chuxiong)
    decision = decide(evidence, pack=chuxiong, at_desk=chuxiong.desk_for("12345"), now=NOW)
    assert (decision.act, decision.desk, decision.urgent) == ("transfer", "110:532301", True)
    assert decision.ask.id == "height.edge"
    assert "12345" in {platform for _, platform in decision.parts}
    assert evidence.township == "东瓜镇"
