"""Who takes it: T1–T7 on the small city."""

from datetime import datetime

import pytest

from liandong.rules.evidence import Evidence
from liandong.rules.opening import CHINA
from liandong.rules.routing import decide
from liandong.triage import read
from liandong.words.routing import SENTENCES
from tests.small_city import small_city

CITY = small_city()
WEDNESDAY = datetime(2026, 11, 18, 14, 32, tzinfo=CHINA)
NIGHT = datetime(2026, 11, 18, 21, 0, tzinfo=CHINA)


def desk(code):
    return CITY.row(code)


def decided(text, at="12345:539900", *, answers=None, place="", now=WEDNESDAY, workday=None, city=CITY):
    given = {"answers": answers or {}, "place_district": place, "now": now, "workday": workday}
    return decide(read(text, city), pack=city, at_desk=city.row(at), **given)


def test_danger_goes_to_the_110_of_the_place_first():
    d = decided("东山县有人要跳楼")
    assert (d.act, d.platform, d.desk, d.urgent, d.kind, d.item) == (
        "transfer",
        "110",
        "110:539901",
        True,
        "p2",
        "p2.1",
    )
    assert d.also == ("119", "120")


def test_danger_at_110_is_kept():
    d = decided("有人要跳楼", "110:539901")
    assert (d.act, d.desk, d.urgent) == ("keep", "110:539901", True)


def test_danger_of_unknown_place_goes_to_the_prefectures_110():
    assert decided("着火了").desk == "110:539900"


def test_a_wage_dispute_with_a_threat_to_jump_is_urgent_and_keeps_its_other_part():
    d = decided("老板拖欠工资，工友站在青石镇工地的楼顶，再不给工钱就跳")
    assert (d.act, d.desk, d.urgent) == ("transfer", "110:539901", True)
    assert d.parts == (("p2", "110"), ("h3", "12345"))
    assert d.units == ("u-labour",)
    assert d.ask.id == "height.edge" and d.ask.danger
    assert d.advice


def test_danger_wins_however_much_else_is_said():
    assert decided("路灯不亮，积水，路面坑洼，拖欠工资，讨薪，公积金，假货，着火").platform == "110"


def test_police_matters_go_to_the_110_of_the_district():
    d = decided("西水县白沙乡手机被偷了，遇到诈骗")
    assert (d.act, d.platform, d.desk, d.urgent) == ("transfer", "110", "110:539902", False)


def test_the_place_given_wins_over_the_place_read():
    assert decided("西水县手机被偷了", place="539901").desk == "110:539901"


def test_a_county_110_hands_another_countys_matter_to_its_110():
    d = decided("西水县有人跳楼", "110:539901")
    assert (d.act, d.desk) == ("transfer", "110:539902")


def test_12345_matters_reach_the_prefectures_12345_from_any_110():
    d = decided("路灯不亮", "110:539902")
    assert (d.act, d.platform, d.desk) == ("transfer", "12345", "12345:539900")


def test_12345_keeps_its_own_and_names_units():
    d = decided("东山县路灯不亮，路面坑洼")
    assert (d.act, d.desk, d.kind, d.units) == ("keep", "12345:539900", "h1", ("u-road",))


def test_110_keeps_its_own():
    assert decided("手机被偷", "110:539900").act == "keep"


def test_complaints_about_police_are_110s():
    d = decided("派出所一直不管，民警态度差")
    assert (d.platform, d.kind) == ("110", "p4")


def test_a_dispute_at_110_is_not_handed_on_before_first_handling():
    d = decided("邻居吵架，地界纠纷", "110:539901")
    assert (d.act, d.platform, d.ask.id) == ("keep", "110", "dispute.handled")
    assert any(r.say.code == "routing.because.first_handling" and r.clause for r in d.reasons)


def test_a_dispute_handled_by_police_goes_on_to_12345():
    d = decided("邻居吵架，地界纠纷", "110:539901", answers={"dispute.handled": "yes"})
    assert (d.act, d.desk) == ("transfer", "12345:539900")


def test_a_dispute_that_turns_violent_goes_from_12345_to_110():
    d = decided("邻居吵架，正在打")
    assert (d.act, d.platform, d.urgent) == ("transfer", "110", True)


def test_a_matter_of_both_is_talked_over_on_one_line():
    d = decided("有人打架赌博，也拖欠工资")
    assert (d.act, d.urgent, d.ask.id) == ("three_way", False, "clear.now")
    assert {p for _, p in d.parts} == {"110", "12345"}
    assert d.cite.say.code == "routing.unclear.first_receiver" and d.cite.clause


def test_who_decides_the_unclear_is_pack_data():
    d = decided("有人打架赌博，也拖欠工资", city=small_city("duty_office"))
    assert d.cite.say.code == "routing.unclear.duty_office"


def test_an_answer_of_yes_to_harm_now_makes_it_danger():
    d = decided("有人打架赌博，也拖欠工资", answers={"clear.now": "yes"})
    assert (d.act, d.platform, d.urgent, d.sureness) == ("transfer", "110", True, "high")


def test_an_answer_of_no_to_harm_now_settles_it():
    assert decided("有人打架赌博，也拖欠工资", answers={"clear.now": "no"}).act != "three_way"


def test_answers_of_no_never_lower_a_standing_sign():
    answers = {"height.edge": "no", "height.weapon": "no", "height.crowd": "no"}
    d = decided("有人要跳楼", answers=answers)
    assert d.urgent and d.act == "transfer" and d.ask is None


def test_danger_questions_come_one_after_the_other():
    asked, answers = [], {}
    while (d := decided("站在青石镇楼顶", answers=answers)).ask:
        asked.append(d.ask.id)
        answers[d.ask.id] = "unsure"
    assert asked == ["height.edge", "height.weapon", "height.crowd"]


def test_no_danger_question_without_a_sign():
    for text in ("路灯不亮", "手机被偷", "你好", "有人打架赌博，也拖欠工资"):
        ask = decided(text).ask
        assert ask is None or not ask.danger


def test_two_counties_named_are_asked_for_and_the_answer_decides():
    d = decided("城关镇手机被偷")
    assert (d.desk, d.ask.id) == ("110:539900", "place.539901")
    assert decided("城关镇手机被偷", answers={"place.539901": "yes"}).desk == "110:539901"
    assert decided("城关镇手机被偷", answers={"place.539901": "no"}).desk == "110:539902"


@pytest.mark.parametrize("text", ["", "你好", "喂？"])
def test_too_little_said_waits_for_more(text):
    d = decided(text)
    assert (d.act, d.urgent, d.ask) == ("wait", False, None)


def test_much_said_without_a_known_word_is_talked_over():
    assert decided("我想说的这个情况比较复杂，一两句话讲不明白，你们那边能不能派个人听我慢慢说").act == "three_way"


def test_an_unreadable_text_asks_a_person_and_never_says_no_danger():
    d = decided("There is a fire in my house", "110:539900")
    assert (d.act, d.platform, d.sureness) == ("wait", "110", "low")
    assert d.ask.danger and d.reasons[0].say.code == "routing.unreadable"


def test_a_price_complaint_after_hours_is_guided():
    d = decided("我要价格举报，他们哄抬物价", now=NIGHT)
    assert (d.act, d.hotline, d.hotline_open, d.takes_now) == ("redirect", "12358", "closed", "12345")
    assert d.cite.say.code == "routing.line.closed"
    assert SENTENCES[d.cite.say.code].format(**d.cite.say.params) == "价格举报热线 12358 已下班，现在打 12345"


def test_a_price_complaint_in_office_hours_goes_to_its_line():
    d = decided("我要价格举报，他们哄抬物价")
    assert (d.hotline, d.hotline_open, d.takes_now) == ("12358", "open", "")


def test_a_line_leads_where_it_weighs_about_as_much_as_the_desks_and_a_hundredth_decides_nothing():
    kind = next(k.code for k in CITY.kinds if k.platform == "12345")

    def act(line: float) -> str:
        said = Evidence("涨价", kinds=((kind, 3.88),), lines=(("12358", line),))
        return decide(said, pack=CITY, at_desk=desk("12345:539900"), now=WEDNESDAY).act

    assert [act(3.89), act(3.87), act(3.5)] == ["redirect", "redirect", "keep"]


def test_the_calendar_wins_over_the_day_of_the_week():
    saturday = datetime(2026, 11, 21, 10, 0, tzinfo=CHINA)
    assert decided("价格举报", now=saturday).hotline_open == "closed"
    assert decided("价格举报", now=saturday, workday=True).hotline_open == "open"
    assert decided("价格举报", workday=False).hotline_open == "closed"


@pytest.mark.parametrize(
    ("text", "number", "state", "instead"),
    [
        ("自来水抢修", "3332183", "unstated", ""),
        ("法律援助", "12348", "open", ""),
        ("质量投诉热线", "12365", "open", "12315"),
    ],
)
def test_hours_and_successors_are_told(text, number, state, instead):
    d = decided(text)
    assert (d.hotline, d.hotline_open, d.takes_now) == (number, state, instead)


def test_a_line_that_helps_is_named_beside_danger():
    d = decided("煤气罐着火了")
    assert (d.urgent, d.hotline, d.hotline_open) == (True, "2900560", "open")


def test_what_is_neither_desks_is_explained():
    d = decided("请问律师，怎么起诉，诉讼时效多久")
    assert (d.act, d.platform, d.urgent) == ("redirect", "other", False)
    assert d.cite.say.code == "routing.neither" and d.cite.clause


def test_the_duty_office_hands_to_the_desk_whose_it_is():
    assert decided("路灯不亮", "duty:539900").desk == "12345:539900"
    assert decided("东山县着火了", "duty:539900").desk == "110:539901"


def test_reasons_point_at_words_and_carry_the_clause():
    evidence = read("东山县有人要跳楼", CITY)
    d = decide(evidence, pack=CITY, at_desk=desk("12345:539900"), now=WEDNESDAY)
    first = d.reasons[0]
    assert evidence.spans[first.spans[0]].text == "跳楼"
    assert (first.clause, first.quote) == ("清单", "原文")
    assert d.model.startswith("letters-1.")


def test_a_place_that_is_in_no_pack_is_said_and_not_followed():
    d = decided("手机被偷", place="999999")
    assert d.desk == "110:539900"
    assert any(r.say.code == "routing.because.place_unknown" for r in d.reasons)


@pytest.mark.parametrize(("now", "code"), [(WEDNESDAY, "routing.line.merged"), (NIGHT, "routing.line.closed")])
def test_a_merged_line_names_its_successor_day_and_night(now, code):
    d = decided("质量投诉热线", now=now)
    assert (d.cite.say.code, d.takes_now) == (code, "12315")
