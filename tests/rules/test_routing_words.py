"""Every sentence routing may say exists, fits its parameters, and holds for any evidence."""

import string
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.rules.evidence import Evidence
from liandong.rules.questions import GENERAL, TOPICS, advice_of, next_danger_question, raised_by, topic_of
from liandong.rules.routing import decide
from liandong.triage import read
from liandong.words.routing import SENTENCES
from tests.small_city import small_city

CITY = small_city()
NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
ROWS = [*(k.code for k in CITY.kinds), *(i.code for k in CITY.kinds for i in k.items), "scope-12345", "other", "gone"]
NUMBERS = [ln.number for b in CITY.bodies for ln in b.lines]
ANSWERS = st.dictionaries(
    st.sampled_from(["clear.now", "dispute.handled", "height.edge", "place.539901", "place.539902", "nonsense"]),
    st.sampled_from(["yes", "no", "unsure"]),
)
WORDS = ["着火", "跳楼", "路灯不亮", "打架", "拖欠工资", "东山县", "城关镇", "邻居吵架", "价格举报", "诉讼时效"]
TEXTS = st.lists(st.sampled_from([*WORDS, "，", "。", "没有", "hello", "质量投诉"]), max_size=8).map("".join)


def sentences_of(decision):
    yield from (r.say for r in decision.reasons)
    yield from decision.advice
    if decision.cite:
        yield decision.cite.say
    if decision.ask:
        yield decision.ask.say


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(CITY.desks), ANSWERS, st.sampled_from(["", "539901", "000000"]))
def test_every_decision_can_be_said_and_names_a_desk_of_the_pack(text, desk, answers, place):
    evidence = read(text, CITY)
    d = decide(evidence, pack=CITY, at_desk=desk, answers=answers, place_district=place, now=NOON)
    for say in sentences_of(d):
        assert SENTENCES[say.code].format(**say.params)
    assert CITY.row(d.desk) in CITY.desks
    assert d.act in {"wait", "transfer", "keep", "three_way", "redirect"}
    assert (d.act == "keep") <= (d.desk == desk.code)
    assert (d.act == "transfer") <= (d.desk != desk.code)
    assert d.urgent or not evidence.danger
    assert all(n < len(evidence.spans) for r in d.reasons for n in r.spans)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(ROWS), st.floats(0.1, 9)), unique_by=lambda r: r[0], max_size=6),
    st.lists(st.tuples(st.sampled_from([*NUMBERS, "000"]), st.floats(0.1, 9)), unique_by=lambda r: r[0], max_size=3),
    st.sampled_from(CITY.desks),
)
def test_any_evidence_gets_a_decision(kinds, lines, desk):
    ranked = tuple(sorted(kinds, key=lambda r: -r[1]))
    evidence = Evidence("话" * 40, kinds=ranked, lines=tuple(sorted(lines, key=lambda r: -r[1])))
    d = decide(evidence, pack=CITY, at_desk=desk, now=NOON)
    assert d.platform in {"110", "12345", "other"} and d.reasons and not d.urgent


def test_every_question_and_advice_has_its_sentence():
    for topic in (*TOPICS, GENERAL):
        assert all(f"ask.{topic.id}.{q}" in SENTENCES for q in topic.questions)
        assert all(say.code in SENTENCES for say in advice_of(topic))


def test_desk_sentences_are_short():
    bare = {code: "".join(p[0] for p in string.Formatter().parse(text)) for code, text in SENTENCES.items()}
    assert not {code: text for code, text in bare.items() if len(text) > 20}


def test_topics_are_found_by_words_of_any_city():
    assert topic_of(["站在楼顶", "有人要跳楼"]).id == "height"
    assert topic_of(["煤气味", "燃气泄漏"]).id == "gas"
    assert topic_of(["山洪"]).id == "water"
    assert topic_of(["说不清的事"]).id == "general"
    assert topic_of([]).id == "general"


def test_a_yes_raises_and_a_no_or_unsure_does_not():
    assert raised_by({"fire.trapped": "yes", "gas.valve": "yes", "fire.gas": "no", "clear.now": "unsure"}) == (
        "fire.trapped",
    )


def test_a_topic_asked_to_the_end_asks_no_more():
    topic = topic_of(["着火"])
    assert next_danger_question(topic, {f"fire.{q}": "no" for q in topic.questions}) is None
