"""The Panzhihua pack against the text of 攀办发〔2018〕25号."""

import re
from collections import Counter
from datetime import date

import pytest

from liandong.packs import load, shipped
from tests.packs.notices import folded, notice, pieces, uncovered

PACK = load(shipped()["panzhihua_2018"])
TEXT = notice("panzhihua")
ANNEX = TEXT[TEXT.index("一、市政府总值班室（3324600") :]
# number of the body, its name, its numbers: counted from annex 2 by hand
DIRECTORY = [
    (1, "市政府总值班室", "3324600 3332828"), (2, "市中级人民法院", "12368"), (3, "市委群工局", "12345"),
    (4, "市发展改革委", "12358"), (5, "市委编办", "12310"), (6, "市科技和知识产权局", "8887110"),
    (7, "市司法局", "12348"), (8, "市人力资源社会保障局", "12333 3335765"), (9, "市国土资源局", "12336"),
    (10, "市环境保护局", "12369"), (11, "市质量技术监督局", "96933 12365"), (12, "市文化广电新闻出版局", "12318"),
    (13, "市卫生计生委", "120 12356"), (14, "市城市管理局", "12319"), (15, "市工商局", "12315"),
    (16, "市食品药品监督管理局", "12331"), (17, "市安全监管局", "12350"), (18, "市旅游局", "12301"),
    (19, "市国税局", "12366"), (20, "攀枝花海关", "12360"), (21, "市烟草专卖局", "12313"),
    (22, "市政务服务中心", "96196"), (23, "市总工会", "12351"), (24, "团市委", "12355"), (25, "市妇联", "12338"),
    (26, "市林业局", "12119"), (27, "市水务集团公司", "3332183 2270579 2908711 2908712 5558121 13320723755"),
    (28, "国网攀枝花供电公司", "95598"), (29, "市煤气总公司", "3333077"), (30, "三强液化气公司", "2900560"),
    (31, "华润公司", "6666188"), (32, "中国电信攀枝花分公司", "10000"), (33, "中国移动攀枝花分公司", "10086"),
    (34, "中国联通攀枝花分公司", "10010"), (35, "四川广电网络攀枝花分公司", "96655"),
]  # fmt: skip
ALWAYS = {1, 3, 7, 10, 12, 16, 30, 31}
# Words of the sentences that join items or set a condition on them, and name no matter of their own.
JOINS = {
    *("和", "等", "及", "以及", "受理", "涉及", "及其", "集中受理", "受理发生", "等危急情况", "等行为能力"),
    *("辨别能力差的", "威胁公共安全", "需要公安机关紧急救助", "需要公安机关先期紧急处置"),
    *("需要公安机关在一定范围内帮助查找", "公众生命或者财产安全和生产生活秩序"),
    *("警务类公共服务平台（110", "119", "122）按照职责", "非警务类公共服务平台按照职责"),
}


def body_text(number: int) -> str:
    """The sentence of a body in annex 2."""
    name = next(name for n, name, _ in DIRECTORY if n == number)
    start = re.search(rf"、{re.escape(name)}（", ANNEX).start() + 1
    ends = [
        m.start() for m in re.finditer(r"。[一二三四五六七八九十]+、|。其他公共服务平台", ANNEX) if m.start() > start
    ]
    return ANNEX[start : min(ends, default=len(ANNEX) - 1)]


def bodies():
    return [body for body in PACK.bodies if body.number]


def test_the_directory_is_annex_two_body_by_body() -> None:
    told = [(body.number, body.name, " ".join(line.number for line in body.lines)) for body in bodies()]
    assert sorted(told) == DIRECTORY
    assert sum(len(body.lines) for body in PACK.bodies) == 44


@pytest.mark.parametrize("body", bodies(), ids=lambda b: b.code)
def test_a_body_has_the_numbers_of_its_own_sentence_and_no_other(body) -> None:
    sentence = body_text(body.number)
    digits = set(re.findall(r"(?<!\d)\d{3,}(?!\d)", sentence))
    assert digits == {line.number for line in body.lines}


@pytest.mark.parametrize("body", bodies(), ids=lambda b: b.code)
def test_hours_are_what_the_sentence_says(body) -> None:
    sentence = body_text(body.number)
    said = "24h" if "24小时" in sentence else "workday" if "工作日" in sentence else "unstated"
    assert {line.hours for line in body.lines} == {said}


def test_eight_bodies_answer_day_and_night_and_one_on_workdays() -> None:
    assert {body.number for body in bodies() if body.lines[0].hours == "24h"} == ALWAYS
    assert Counter(body.lines[0].hours for body in bodies()) == {"24h": 8, "workday": 1, "unstated": 26}


@pytest.mark.parametrize("body", bodies(), ids=lambda b: b.code)
def test_the_scope_rows_are_the_whole_sentence_of_the_body(body) -> None:
    sentence = body_text(body.number).replace("机电学院一仁和老街", "机电学院—仁和老街")
    rows = [folded(row) for line in body.lines for row in line.scope]
    assert rows and all(row in sentence or row.removeprefix("受理") in sentence for row in rows)
    for row in rows:
        sentence = sentence.replace(row, "")
    names = "|".join({body.name, *(line.name for line in body.lines)})
    rest = re.sub(rf"{names}|\d+|包括|营业性|[（）、，；：。]", "", sentence)
    assert rest == "", "words of the sentence that stand in no row"


def test_parts_of_town_stand_with_their_numbers() -> None:
    area = {line.number: line.area for body in bodies() for line in body.lines if line.area}
    assert area == {
        "3332183": "炳草岗",
        "2270579": "大渡口",
        "2908711": "仁和",
        "2908712": "仁和",
        "5558121": "西区",
        "13320723755": "西区",
        "3333077": "机电学院—仁和老街（江南片区）",
    }


def test_the_catch_all_row_has_no_number() -> None:
    row = next(body for body in PACK.bodies if not body.number)
    assert (row.name, row.lines) == ("其他公共服务平台", ())
    assert folded(row.name + "，" + row.scope[0]) in TEXT


def test_numbers_are_of_the_day_of_the_notice() -> None:
    assert {line.source.verified_on for body in bodies() for line in body.lines} == {date(2018, 2, 27)}


def test_merged_lines_name_a_successor_of_the_directory() -> None:
    lines = {line.number: line for body in bodies() for line in body.lines}
    assert {n for n in ("12358", "12365", "12331") if lines[n].successor == "12315"} == {"12358", "12365", "12331"}
    assert all(line.successor in lines for line in lines.values() if line.successor)


@pytest.mark.parametrize("kind", PACK.kinds, ids=lambda k: k.code)
def test_every_item_is_in_the_notices_own_words(kind) -> None:
    quote = folded(kind.source.quote)
    assert quote in TEXT
    assert all(pieces(item.text, quote) for item in kind.items)


@pytest.mark.parametrize("code", ["110-1", "110-2", "12345"])
def test_no_word_of_a_list_is_left_out_of_the_items(code: str) -> None:
    kinds = [kind for kind in PACK.kinds if kind.code.startswith(code)]
    quote = folded(kinds[0].source.quote).removeprefix("案（事）件受理范围：").removeprefix("紧急求助受理范围：")
    left = set(uncovered(quote, [item.text for kind in kinds for item in kind.items])) - JOINS
    assert not left


def test_terror_and_complaints_about_police_stand_only_in_the_body_of_the_notice() -> None:
    kind = PACK.row("110-3")
    assert [item.text for item in kind.items] == ["恐怖袭击", "投诉公安机关及其人民警察正在发生的违法违纪行为"]
    assert kind.source.clause == "二（一）"
    assert all(folded(item.text) not in TEXT[TEXT.index("附件1攀枝花市") :] for item in kind.items)


def test_scopes_are_the_two_sentences_row_by_row() -> None:
    for platform, count in (("110", 10), ("12345", 4)):
        rows = [scope for scope in PACK.scopes if scope.platform == platform]
        quote = folded(rows[0].source.quote)
        assert len(rows) == count and quote in TEXT
        assert all(folded(row.text) in quote for row in rows)
        assert not set(uncovered(quote, [row.text for row in rows])) - JOINS


def test_counts_of_items() -> None:
    assert {kind.code: len(kind.items) for kind in PACK.kinds} == {
        "110-1": 8, "110-2": 13, "110-3": 2, "12345-1": 1, "12345-2": 2, "12345-3": 2, "12345-4": 4,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["unclear", "offer.lapsed", "neither", "unlinked", "danger.inform", "danger"])
def test_mechanisms_quote_the_notice(key: str) -> None:
    assert folded(next(m.text for m in PACK.mechanisms if m.key == key)) in TEXT


def test_the_duty_office_decides_what_is_unclear() -> None:
    assert PACK.mechanism("unclear") == PACK.mechanism("offer.lapsed") == "duty_office"
    assert PACK.desk_for("duty").code == "duty:510400"
    assert PACK.unit_of("3324600").body == "body-1"


def test_five_districts_with_a_110_each_and_49_townships() -> None:
    assert len(PACK.districts) == 5
    assert sum(len(district.townships) for district in PACK.districts) == 49
    assert {PACK.desk_for("110", d.code).code for d in PACK.districts} == {f"110:{d.code}" for d in PACK.districts}


def test_every_body_is_a_unit_for_the_whole_city() -> None:
    assert {unit.body for unit in PACK.units if unit.body} == {body.code for body in bodies()}
    assert {unit.district for unit in PACK.units} == {""}
