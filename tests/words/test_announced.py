"""Sentences said to callers, as they sound."""

import pytest

from liandong.rules.announcing import MOST
from liandong.rules.say import Say
from liandong.words.announced import PARTS, all_parts, counted, parts


def whole(said: Say) -> str:
    return "".join(part.text for part in parts(said))


def test_the_sentences():
    assert whole(Say("recorded")) == "您好，本次通话会录音。"
    closed = Say("closed", {"line": "12348", "name": "12348法律援助", "instead": "12345"})
    assert whole(closed).startswith("您拨打的是幺二三四八法律援助，现在不在上班时间。")
    assert whole(closed).endswith("现在由幺二三四五为您接听。")
    assert [part.name for part in parts(closed)] == ["line-12348", "closed-12345"]
    assert whole(Say("ahead", {"many": 12})) == "您前面还有十二位，请不要挂机。"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (2, "两"), (10, "十"), (11, "十一"), (12, "十二"), (20, "二十"), (99, "九十九")]
)
def test_numbers_are_said_as_people_count_each_other(number, said):
    assert counted(number) == said


def test_every_part_a_city_would_record_is_named_once():
    names = [part.name for part in all_parts()]
    assert len(names) == len(set(names)) == len(PARTS) - 3 + 2 + MOST
    assert {f"number-{n}" for n in range(1, MOST + 1)} < set(names)
