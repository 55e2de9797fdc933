"""Kinds, lines, places, written forms and hostile input."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest

from liandong.triage import read


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("着 火 了", "着 火"),
        ("著火了", "著火"),
        ("有人要跳樓", "跳樓"),
        ("着\u200b火了", "着\u200b火"),
        ("着*火了", "着*火"),
        ("救\ufe0f命", "救\ufe0f命"),
        ("😀😀着火", "着火"),
        ("\x00着\x00火\x00", "着\x00火"),
    ],
)
def test_spans_point_into_the_text_as_typed(text, marked, city):
    (span,) = read(text, city).danger
    assert text[span.start : span.end] == span.text == marked


def test_full_width_numbers_are_the_same_numbers(city):
    assert read("１２３５８打不通", city).lines[0][0] == "12358"


def test_the_longest_word_wins(city):
    spans = read("路灯不亮", city).spans
    assert [s.text for s in spans] == ["路灯不亮"]


def test_spans_never_overlap_and_danger_is_never_hidden(city):
    evidence = read("东山县青石镇拖欠工资，再不给工钱就跳楼", city)
    edges = [(s.start, s.end) for s in evidence.spans]
    assert all(a[1] <= b[0] for a, b in pairwise(edges))
    assert evidence.danger and {s.what for s in evidence.spans} == {"danger", "place", "kind"}


def test_a_landmark_is_no_matter(city):
    assert not read("路灯旁边", city).kinds


@pytest.mark.parametrize(
    ("text", "district", "maybe", "township"),
    [
        ("东山县青石镇路灯不亮", "539901", (), "青石镇"),
        ("青石镇", "539901", (), "青石镇"),
        ("城关镇", "", ("539901", "539902"), ""),
        ("西水城关镇", "539902", (), "城关镇"),
        ("东山和西水交界", "", ("539901", "539902"), ""),
        ("不知道在哪", "", (), ""),
    ],
)
def test_places_are_read_and_doubt_is_kept(text, district, maybe, township, city):
    evidence = read(text, city)
    assert (evidence.district, evidence.districts, evidence.township) == (district, maybe, township)


def test_a_district_already_known_is_not_doubted(city):
    assert read("城关镇", city, district="539902").district == "539902"


def test_a_district_that_does_not_exist_is_not_taken_over(city):
    assert read("青石镇", city, district="000000").district == "539901"


def test_directory_lines_are_found_by_words_and_numbers(city):
    assert read("我要物价举报", city).lines[0][0] == "12358"


def test_a_complaint_about_police_is_found_across_words_between(city):
    assert read("派出所就是不管", city).kinds[0][0] == "p4.1"


@pytest.mark.parametrize("text", ["", " \n\t", "12358", "路灯不亮"])
def test_short_and_empty_texts_are_readable(text, city):
    assert read(text, city).readable


@pytest.mark.parametrize("text", ["Help, there is a fire", "Пожар в доме", "ᥘᥣᥭᥰ", "مدد", "😀😀", "\x00\x01\x02"])
def test_a_text_without_chinese_is_not_readable(text, city):
    assert not read(text, city).readable


@pytest.mark.parametrize(
    "text", ["着火" * 500_000, "a" * 1_000_000, "路" * 1_000_000, "没有" * 400_000 + "着火", "\x00" * 1_000_000]
)
def test_a_megabyte_gets_an_answer(text, city):
    before = time.perf_counter()
    evidence = read(text, city)
    assert time.perf_counter() - before < 8
    assert len(evidence.spans) <= 60


def test_danger_at_the_end_of_a_flood_is_found(city):
    assert [s.text for s in read("路灯不亮" * 20_000 + "。有人跳楼", city).danger] == ["跳楼"]


def test_a_second_pack_has_its_own_words(city):
    other = replace(city, digest="other", dangers=())
    assert read("着火了", city).danger and not read("着火了", other).danger


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("{人}…{掉}…{水}", "有个女的在桥下掉进了河里", True),
        ("{人}…{掉}…{水}", "手机掉进了河里", False),
        ("{人}…{掉}…{水}", "有个女的来了。手机掉进河里", False),
        ("站在…塔吊", "站在那个很高的塔吊", True),
        ("站在…塔吊", "站在路边看见很远很远的地方有一个塔吊", False),
        ("{没有这一组}…河", "什么河", False),
        ("河…{没有这一组}", "河什么", False),
    ],
)
def test_words_with_gaps_and_classes(word, text, found, city):
    danger = replace(city.dangers[0], text=word)
    pack = replace(city, digest=word, dangers=(danger,))
    assert bool(read(text, pack).danger) == found
