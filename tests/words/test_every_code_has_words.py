"""Every code that anything in the house can say has a Chinese sentence, and every fault its three parts."""

import re
from pathlib import Path

import pytest

import liandong
from liandong.actions import talk
from liandong.rules import flows
from liandong.rules.questions import GENERAL, TOPICS
from liandong.rules.say import Say
from liandong.words import course, fault, spaced, states, tell
from liandong.words.telling import FAULTS, SENTENCES

HOUSE = Path(liandong.__file__).parent
SAID = re.compile(r'\b(Invalid|Forbidden|Conflict|Say|mechanism_reason)\(\s*(f?)"([^"]+)"')
REASON = re.compile(r'mechanism_reason\(\s*"[^"]*",\s*(f?)"([^"]+)"')
TEXT = "\n".join(p.read_text() for p in HOUSE.rglob("*.py"))


def expand(pattern: str) -> set[str]:
    """The codes an f-string can become; a new kind of hole fails here, so that it gets words."""
    holes = {
        "conflict.{machine}": {f"conflict.{m}" for m in flows.ENDS},
        "conflict.open_{name}": {f"conflict.open_{m}" for m in flows.ENDS if m not in ("matter", "transfer")}
        | {"conflict.open_offer"},
        "ask.{i}": {f"ask.{t.id}.{q}" for t in (*TOPICS, GENERAL) for q in t.questions},
        "advice.{topic.id}.{n}": {f"advice.{t.id}.{n}" for t in (*TOPICS, GENERAL) for n in range(1, t.advice + 1)},
        "next.{page.next.machine}.{page.next.state}": {
            f"next.{m}.{s}" for m in flows.ENDS for s in flows.waiting(m)
        },
        "next.{wait}": set(),
    }  # fmt: skip
    return holes[pattern]


def codes() -> set[str]:
    found = set()
    for kind, is_f, code in SAID.findall(TEXT):
        if kind != "mechanism_reason":
            found |= expand(code) if is_f else {code}
    for is_f, code in REASON.findall(TEXT):
        found |= set() if is_f else {code}
    return found | set(re.findall(r'"(routing\.[a-z_.]+[a-z])"', TEXT))


@pytest.mark.parametrize("code", sorted(codes()))
def test_a_code_that_is_said_has_a_sentence(code):
    assert re.search(r"[\u3000-\u9fff：]", SENTENCES[code])
    assert "{" not in tell(Say(code, {}))


@pytest.mark.parametrize("code", sorted(c for c in codes() if c.split(".")[0] in ("invalid", "conflict", "forbidden")))
def test_a_fault_says_what_happened_what_became_of_the_work_and_what_to_press(code):
    told = fault(Say(code, {}))
    assert told.what and told.work and told.press
    assert all(len(re.sub(r"{\w+}", "", part)) <= 20 for part in FAULTS[code]), FAULTS[code]


def test_desk_sentences_avoid_the_words_nobody_says():
    for code, words in SENTENCES.items():
        assert not re.search(r"提交|确定|操作|请稍后|系统繁忙|[!！]", words), (code, words)


def test_every_event_that_is_written_has_its_words_in_the_timeline():
    written = set(re.findall(r'write_event\(\s*(?:then_also\()?touched\)?,\s*"([a-z_.]+)"', TEXT))
    written |= {row.event for row in flows.TABLE}
    written |= {"transfer.delivered", "transfer.seen", *(f"talk.{what}" for what in talk.CONTROLS)}
    assert written - set(course.COURSE) == set()


def test_every_state_and_verb_of_the_flows_has_a_name():
    named = {s for machine in flows.ENDS for s in flows.states(machine)}
    assert named - set(states.STATES) == set()
    assert {row.verb for row in flows.TABLE} - set(states.VERBS) == set()
    assert set(flows.CLOSINGS) == set(states.CLOSINGS)
    assert set(flows.DECLINES) == set(states.DECLINES)


def test_a_missing_parameter_leaves_a_gap_and_never_fails_before_a_caller():
    assert tell(Say("invalid.number_short", {"missing": 4})).startswith("号码少了 4 位")
    assert "{" not in tell(Say("invalid.number_short"))


def test_a_timeline_line_without_its_fact_is_dropped():
    assert course.told("matter.opened", {}).more == ""
    assert course.told("transfer.declined", {"cause": "other_district", "proposed_name": "武定县 110"}).more == (
        "地点不归本地，该武定县 110"
    )
    assert course.told("something.new", {}).word == "something.new"


def test_chinese_and_figures_stand_apart():
    assert spaced("请楚雄市 110同在线上") == "请楚雄市 110 同在线上"
