"""Every code that is said, every Event, state, verb and wait has its words, and no words are left over."""

import ast
import functools
import re
from pathlib import Path

import pytest

from liandong.rules import flows
from liandong.rules.say import Say
from liandong.words import course, fault, states, tell
from liandong.words.telling import FAULTS
from tools import reference
from tools.reference import SOURCE

OPEN = re.compile(r'"(\w+)": \w+\.(\w+)\.filter')
REFUSALS = ("invalid", "conflict", "forbidden")
CODE = re.compile(r"(invalid|conflict|forbidden)\.[a-z_0-9]*[a-z0-9]")


@functools.cache
def trees() -> tuple[tuple[Path, ast.AST], ...]:
    files = [file for file in sorted(SOURCE.rglob("*.py")) if file.parent.name != "words"]
    return tuple((file, ast.parse(file.read_text("utf-8"))) for file in files)


@functools.cache
def written() -> list[reference.Written]:
    return reference.written()


def closings() -> set[str]:
    """What may still be open when somebody closes a matter: the names `refuse_while_open` goes through."""
    function = next(
        node for file, tree in trees() if file.stem == "closing" for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "refuse_while_open"
    )  # fmt: skip
    return {name for name, _ in OPEN.findall(ast.unparse(function).replace("'", '"'))}


def families() -> dict[str, set[str]]:
    """The codes that an f-string can become; a family that is not here fails the test below."""
    return {
        "conflict.{machine}": {f"conflict.{machine}" for machine in flows.ENDS},
        "conflict.open_{name}": {f"conflict.open_{name}" for name in closings()},
    }


@functools.cache
def said() -> set[str]:
    """Every code of a refusal that stands anywhere in the code, f-strings written out."""
    found = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                pattern = ast.unparse(node)[2:-1]
                if pattern.split(".")[0] in REFUSALS:
                    found |= families()[pattern]
            elif isinstance(node, ast.Constant) and CODE.fullmatch(str(node.value)):
                found.add(node.value)
    return found


def verbs_named() -> set[str]:
    """Verbs of the table, and those that a refusal names beside it (`verb="split"`)."""
    named = {row.verb for row in flows.TABLE}
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "verb" and isinstance(node.value, ast.Constant):
                named.add(node.value.value)
    return named


def causes_named() -> set[str]:
    """Why the duty office is asked: the constants handed to `ask_duty` and `do_next`."""
    found = set()
    for _, tree in trees():
        for call in ast.walk(tree):
            name = getattr(call.func, "attr", getattr(call.func, "id", "")) if isinstance(call, ast.Call) else ""
            if name in ("ask_duty", "do_next"):
                place = call.args[1 if name == "ask_duty" else 2]
                found |= {n.value for n in ast.walk(place) if isinstance(n, ast.Constant)}
    return found


def test_every_refusal_has_three_parts_and_none_is_left_over():
    assert len(said()) > 60
    assert (said() - set(FAULTS), set(FAULTS) - said()) == (set(), set())


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_refusal_says_what_happened_what_became_of_the_work_and_what_to_press_in_twenty_characters(code):
    told = fault(Say(code))
    assert told.what and told.work and told.press
    for part in FAULTS[code]:
        assert len(re.sub(r"{\w+}", "", part)) <= 20, part
        assert part.endswith("。") and not re.search(r"提交|确定|操作|请稍后|系统繁忙|[!！]", part), part


def test_every_event_has_its_line_in_the_course_and_none_is_left_over():
    kinds = {row.kind for row in written()} | {row.event for row in flows.TABLE}
    assert (kinds - set(course.COURSE), set(course.COURSE) - kinds) == (set(), set())


@pytest.mark.parametrize("kind", sorted(course.COURSE))
def test_a_line_of_the_course_names_only_facts_its_event_has(kind):
    """A fact that is never there would drop the words for ever."""
    row = course.COURSE[kind]
    named = {re.sub(r"_(name|word)$", "", name) for name in re.findall(r"{(\w+)}", row.word + row.more)}
    places = [w for w in written() if w.kind == kind]
    facts = {fact for w in places for fact in (*w.facts, *w.erasable)} | {"kind"}
    assert not places or named <= facts


def test_every_state_and_verb_has_a_name_and_none_is_left_over():
    known = {state for machine in flows.ENDS for state in flows.states(machine)}
    assert (known - set(states.STATES), set(states.STATES) - known) == (set(), set())
    assert (verbs_named() - set(states.VERBS), set(states.VERBS) - verbs_named()) == (set(), set())


def test_every_wait_says_what_happens_by_itself_and_none_is_left_over():
    waits = {f"next.{machine}.{state}" for machine in flows.ENDS for state in flows.waiting(machine)}
    assert (waits - set(course.SENTENCES), set(course.SENTENCES) - waits) == (set(), set())


def test_every_cause_for_the_duty_office_is_told():
    assert causes_named() == set(states.CAUSES)


def test_the_same_code_in_two_machines_reads_as_each_means_it():
    assert tell(Say("conflict.extension", {"state": "asked"})).startswith("这次延期等批准")
    assert tell(Say("conflict.joining", {"state": "asked"})).startswith("这次商请等答复")
    assert tell(Say("conflict.sheet", {"state": "reconciled", "verb": "tell"})).startswith("通报单已补记，没有通报")


def test_every_rule_the_machine_acts_under_has_a_name_that_people_read():
    """The full course says 没派警就上报, never demand.escalate."""
    named = {
        "channel.sms",
        "sms.receipt",
        "sms.late",
        *(f"{row.machine}.{row.then}" for row in flows.TABLE if row.then),
    }
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
                "system",
                "_free",
            ):
                named |= {
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value
                }
    assert len(named) > 40
    assert not sorted(name for name in named if not states.rule(name))
