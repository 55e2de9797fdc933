"""The Chuxiong pack against the text of 楚政办函〔2022〕57号."""

from collections import Counter
from dataclasses import replace

import pytest

from liandong.packs import load, shipped
from liandong.packs.compare import compare
from liandong.packs.load import read_folder
from liandong.packs.overlay import described
from liandong.rules.evidence import Span
from liandong.rules.rows import SHORTEST
from liandong.triage import lexicon
from liandong.words.administration import LIMITS
from tests.packs.notices import folded, notice, pieces, uncovered

PACK = load(shipped()["chuxiong_2022"])
TEXT = notice("chuxiong")
ITEMS = {
    "110-1": 3, "110-2": 3, "110-3": 6, "110-4": 9, "110-5": 8, "110-6": 8, "110-7": 6, "110-8": 5,
    "12345-1": 12, "12345-2": 10, "12345-3": 6, "12345-4": 6, "12345-5": 6, "12345-6": 7, "12345-7": 1, "12345-8": 5,
}  # fmt: skip
# Words of the lists that join items or set a condition on them, and name no matter of their own.
JOINS = {
    *("和", "等", "或", "发生", "以及", "遇到", "或者", "涉及", "等情形", "等行为能力", "辨别能力差的"),
    *("威胁公共安全", "等自然灾害险情", "公安机关管辖的", "人身或者财产安全", "等危及人身安全状况"),
    *("需要公安机关紧急救助的", "需要公安机关参与紧急救助的", "需要公安机关参与紧急处置的"),
    *("公安机关及其人民警察正在发生的", "需要公安机关派警联动处置的事项"),
    *("需要公安机关在一定范围内帮助查找的", "以及12345成员单位在工单办理中"),
}


@pytest.mark.parametrize("name", shipped())
def test_every_row_of_the_lists_has_a_name_of_one_line_that_no_other_of_its_sort_has(name: str) -> None:
    pack = load(shipped()[name])
    for rows in (pack.kinds, [i for k in pack.kinds for i in k.items], pack.scopes):
        called = [pack.called(row.code) for row in rows]
        assert not [name for name in called if not 1 < len(name) <= SHORTEST]
        assert len(set(called)) == len(called)
    units, words = [u.short for u in pack.units], described(read_folder(shipped()[name])[0])
    limits = [LIMITS.get(limit.key) or words.get(limit.key) for limit in pack.limits]
    assert len(set(units)) == len(units), "two in one chooser cannot be told apart"
    assert len(set(limits)) == len(limits), [n for n, many in Counter(limits).items() if many > 1]


def test_danger_that_is_an_item_of_the_list_is_named_shortly_and_each_once() -> None:
    item = next(i for k in PACK.kinds for i in k.items if i.short and i.short != i.text)
    listed, own = (Span(0, 1, "词", "danger", item.code, means) for means in (item.text, "燃气泄漏"))
    assert PACK.meant([listed, own, listed]) == f"{item.short}；燃气泄漏"


def test_of_a_long_cell_only_what_differs_is_compared() -> None:
    first = PACK.kinds[0]
    item = replace(first.items[0], words=(*first.items[0].words[:-1], "窨井盖被偷"))
    quote = replace(PACK.mechanisms[0], text=f"{'同一段话' * 30}甲")
    old = replace(PACK, mechanisms=(quote, *PACK.mechanisms[1:]))
    new = replace(old, kinds=(replace(first, items=(item, *first.items[1:])), *PACK.kinds[1:]),
                  mechanisms=(replace(quote, text=f"{quote.text[:-1]}乙"), *PACK.mechanisms[1:]))  # fmt: skip
    inside = replace(quote, text=f"开头{quote.text[:-1]}乙{'结尾一样的话' * 9}")
    (middle,) = compare(
        replace(old, mechanisms=(replace(inside, text=inside.text.replace("乙", "甲")), *PACK.mechanisms[1:])),
        replace(old, mechanisms=(inside, *PACK.mechanisms[1:])),
    )
    assert middle.cells[0][1:] == (
        "…段话同一段话同一段话甲结尾一样的话结尾一样…",
        "…段话同一段话同一段话乙结尾一样的话结尾一样…",
    )
    words, told = compare(old, new)
    assert words.cells == (("words", first.items[0].words[-1], "窨井盖被偷"),)
    assert [cell[1:] for cell in told.cells] == [("…段话同一段话同一段话甲", "…段话同一段话同一段话乙")]


@pytest.mark.parametrize("name", shipped())
def test_short_names_are_no_words_that_are_looked_for(name: str) -> None:
    pack = load(shipped()[name])
    kinds = tuple(replace(k, short="", items=tuple(replace(i, short="") for i in k.items)) for k in pack.kinds)
    bare = replace(pack, kinds=kinds, scopes=tuple(replace(s, short="") for s in pack.scopes), digest="bare")
    assert list(lexicon._rows(bare)) == list(lexicon._rows(pack))


def test_there_are_eight_and_eight_kinds_with_every_item() -> None:
    assert {kind.code: len(kind.items) for kind in PACK.kinds} == ITEMS


@pytest.mark.parametrize("kind", PACK.kinds, ids=lambda k: k.code)
def test_a_kind_quotes_its_whole_sentence_of_the_notice(kind) -> None:
    quote = folded(kind.source.quote)
    assert quote in TEXT
    assert quote.startswith(kind.title) and quote.endswith("。")
    assert TEXT[TEXT.index(quote) + len(quote)] in "（二四抄", "the sentence goes on in the notice"


@pytest.mark.parametrize("kind", PACK.kinds, ids=lambda k: k.code)
def test_every_item_is_in_the_notices_own_words(kind) -> None:
    for item in kind.items:
        assert pieces(item.text, folded(kind.source.quote)), item.text


@pytest.mark.parametrize("kind", PACK.kinds, ids=lambda k: k.code)
def test_no_word_of_a_sentence_is_left_out_of_the_items(kind) -> None:
    quote = folded(kind.source.quote).removeprefix(kind.title)
    left = set(uncovered(quote, [item.text for item in kind.items])) - JOINS
    assert not left


def test_the_two_lists_hold_nothing_but_the_quoted_sentences() -> None:
    annex = TEXT[TEXT.rindex("一、110接受12345分流转办") : TEXT.index("抄送")]
    for kind in PACK.kinds:
        annex = annex.replace(folded(kind.source.quote), "", 1)
    numbers = "".join(f"（{n}）" for n in "一二三四五六七八")
    assert annex == (
        f"一、110接受12345分流转办的涉及公安的诉求和紧急求助事项{numbers}"
        f"二、12345接受110分流转办的非紧急政务服务事项{numbers}"
    )


def test_both_scopes_stand_word_for_word_in_the_notice() -> None:
    quotes = [folded(scope.source.quote) for scope in PACK.scopes if scope.source.quote]
    assert len(quotes) == 2 and all(quote in TEXT for quote in quotes)
    for platform, quote in zip(("12345", "110"), quotes, strict=True):
        texts = [scope.text for scope in PACK.scopes if scope.platform == platform]
        assert all(pieces(text, quote) for text in texts)
        rest = set(uncovered(quote, texts)) - {"企业和群众关于", "等", "等领域", "以及", "受理范围为", "以及其他", "的"}
        assert not rest
    assert Counter(scope.platform for scope in PACK.scopes) == {"12345": 5, "110": 9}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("unclear", "first_receiver"),
        ("offer.lapsed", "first_receiver"),
        ("district", "area_110"),
        ("district.12345", "prefecture_12345"),
        ("danger", "110_first"),
        ("dispute", "after_first_handling"),
        ("stability", "110_at_once"),
        ("unit.in_danger", "110_sends"),
        ("neither", "guide"),
    ],
)
def test_the_mechanisms_are_the_notices(key: str, value: str) -> None:
    row = next(m for m in PACK.mechanisms if m.key == key)
    assert row.value == value
    assert row.source.grade == "notice" and folded(row.text) in TEXT


def test_only_disputes_wait_for_first_handling() -> None:
    assert [kind.code for kind in PACK.kinds if kind.after_first_handling] == ["12345-7"]


def test_ten_counties_have_their_own_110_and_all_townships() -> None:
    assert len(PACK.districts) == 10
    assert sum(len(district.townships) for district in PACK.districts) == 103
    for district in PACK.districts:
        assert PACK.desk_for("110", district.code).code == f"110:{district.code}"
        assert PACK.desk_for("12345", district.code).code == "12345:532300"
    assert PACK.row("duty:532300").source.grade == "project-default", "the notice names no duty office"


@pytest.mark.parametrize("district", ["532301", "532322", ""])
def test_every_item_of_list_two_has_a_unit(district: str) -> None:
    for kind in PACK.kinds:
        if kind.platform == "12345":
            for item in kind.items:
                assert PACK.units_for(item.code, district), item.code


def test_the_districts_unit_for_the_very_item_comes_first() -> None:
    assert PACK.units_for("12345-1.5", "532301")[0].code == "532301-urban"
    assert PACK.units_for("12345-1.1", "532301")[0].code == "532301-tap"
    assert PACK.units_for("12345-1.5", "532322")[0].code == "532322-government"
