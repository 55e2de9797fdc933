"""Which calls are about the same thing: our own sentences, by number, place, time and words."""

from datetime import UTC, datetime, timedelta

import pytest

from liandong.rules.likeness import RECENT, Told, houses, likeness, overlap

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
LAMP = Told("13800000001", "532301", "鹿城镇桥头", "桥头的路灯六盏都不亮，晚上看不见路", NOON)


def told(words: str, *, number: str = "13800000002", district: str = "532301", place: str = "",
         later: float = 1.0) -> Told:  # fmt: skip
    return Told(number, district, place, words, NOON + timedelta(hours=later))


@pytest.mark.parametrize("other", [
    told("鹿城镇桥头路灯六盏不亮", place="鹿城镇桥头"),
    told("还是那几盏路灯，晚上看不见路，桥头六盏都不亮"),
    told("到现在没人来", number="13800000001"),
    told("刚才断线了", number="13800000001", later=0.05),
    told("桥头路灯六盏都不亮", district="", later=48),
])  # fmt: skip
def test_what_is_about_the_same_is_proposed(other):
    assert likeness(LAMP, other).proposed, likeness(LAMP, other)


@pytest.mark.parametrize("other", [
    told("小区停水一整天了"),
    told("鹿城镇桥头有人卖假药", place="鹿城镇桥头"),
    told("桥头的路灯六盏都不亮，晚上看不见路", district="532302"),
    told("到现在没人来", number="13800000001", later=73),
    told("来电不说话", number="", place=""),
])  # fmt: skip
def test_what_is_not_is_not(other):
    assert not likeness(LAMP, other).proposed, likeness(LAMP, other)


def test_the_hundredth_call_of_a_collapse_about_the_building_beside_it_is_not_a_repeat():
    first = told("康乐小区三号楼塌了一角", place="康乐小区三号楼")
    same = told("康乐小区三号楼塌了", number="13800000136", place="康乐小区三号楼")
    other = told("康乐小区六号楼塌了", number="13800000137", place="康乐小区六号楼")
    assert likeness(first, same).proposed
    assert not likeness(first, other).proposed
    assert houses("六栋二单元") == {"六", "二"}


def test_the_reasons_stand_with_the_strongest_first():
    again = likeness(LAMP, told("桥头路灯六盏不亮", number=LAMP.number, place="鹿城镇桥头"))
    assert [say.code for say in again.reasons] == ["repeat.number", "repeat.words", "repeat.place"]
    assert likeness(LAMP, told("刚断了", number=LAMP.number, later=0.1)).reasons[0].code == "repeat.redialled"


def test_likeness_is_the_same_both_ways_and_never_leaves_its_range():
    for other in (told("桥头路灯不亮"), told("", number=""), LAMP):
        assert likeness(LAMP, other).score == likeness(other, LAMP).score
        assert 0 <= likeness(LAMP, other).score <= 1


def test_two_days_later_counts_less_than_an_hour_later():
    sooner, later = (likeness(LAMP, told("桥头路灯六盏都不亮", later=h)).score for h in (1, 60))
    assert later < sooner
    assert timedelta(hours=72) == RECENT


def test_punctuation_and_blanks_do_not_make_words_different():
    assert overlap("桥头 路灯，不亮。", "桥头路灯不亮") == 1.0
    assert overlap("", "桥头") == 0.0
