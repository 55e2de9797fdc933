"""The one question asked is the one whose answers would change the decision most."""

from dataclasses import replace
from datetime import datetime

from liandong.rules.evidence import Evidence, Span
from liandong.rules.opening import CHINA
from liandong.rules.routing import decide
from tests.small_city import small_city

CITY = small_city()
AT = datetime(2026, 11, 18, 14, 30, tzinfo=CHINA)
TEXT = "有人要跳楼，楼顶那里在东山和西水交界的地方"
JUMP = Span(2, 5, "要跳楼", "danger", "p5.1", "高坠")


def decided(evidence, desk="12345:539900", **more):
    return decide(evidence, pack=CITY, at_desk=CITY.row(desk), now=AT, **more)


def test_where_it_is_comes_before_what_changes_nothing():
    open_place = Evidence(TEXT, spans=(JUMP,), kinds=(("p5.1", 3.0),), districts=("539901", "539902"))
    assert decided(open_place).ask.id.startswith("place.")  # which 110 sends depends on it
    known = replace(open_place, districts=(), district="539901")
    assert decided(known).ask.id == "height.edge"


def test_an_answered_question_gives_way_to_the_next():
    evidence = Evidence(TEXT, spans=(JUMP,), kinds=(("p5.1", 3.0),), districts=("539901", "539902"))
    asked, answers = [], {}
    while (question := decided(evidence, answers=answers).ask) is not None and len(asked) < 12:
        asked.append(question.id)
        answers[question.id] = "no"
    assert len(asked) == len(set(asked)) and "height.edge" in asked


def test_whether_it_happens_now_comes_before_the_place_when_it_would_send_somebody():
    both = Evidence("话" * 40, kinds=(("p1.1", 2.0), ("h1.1", 2.0)), districts=("539901", "539902"))
    assert decided(both).act == "three_way"
    assert decided(both).ask.id == "clear.now"


def test_a_doubted_word_of_danger_is_asked_about_and_never_passed_over():
    doubt = replace(JUMP, what="doubt")
    evidence = Evidence(TEXT, spans=(doubt,), kinds=(("h1.1", 3.0),))
    d = decided(evidence)
    assert (d.act, d.urgent, d.platform, d.ask.id) == ("wait", False, "12345", "clear.now")
    assert evidence.spans[d.reasons[0].spans[0]].text == "要跳楼"
    assert decided(evidence, answers={"clear.now": "yes"}).urgent
    assert decided(evidence, answers={"clear.now": "unsure"}).act == "three_way"
    assert decided(evidence, answers={"clear.now": "no"}).act in ("keep", "transfer")
