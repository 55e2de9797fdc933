"""Every scenario of people at pages runs without a mouse, and a browser test that is none says why; no scenario reaches past the
two hands to a page; and a browser test that stands still ends, and says where."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hard_limit import ENDED

TREE = Path(__file__).parents[2]
BROWSER = TREE / "tests" / "browser"
SCENARIOS = sorted(BROWSER.glob("test_*.py"))
HANDS = {"KEYBOARD", "BOTH_HANDS"}
WITHOUT = "without_hands"
TOUCHES = {
    "check", "clear", "click", "dblclick", "dispatch_event", "drag_and_drop", "drag_to", "fill", "focus", "hover", "mouse",
    "press_sequentially", "scroll_into_view_if_needed", "select_option", "select_text", "set_checked", "set_input_files", "tap",
    "touchscreen", "uncheck",
}  # fmt: skip
"""What Playwright does to a page that no keyboard does."""
BY_SCRIPT = re.compile(r"\.(click|focus|submit|requestSubmit)\(|DragEvent|MouseEvent|PointerEvent")


def marks(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Each mark with its reason."""
    for one in node.elts if isinstance(node, ast.List | ast.Tuple) else [node]:
        reason = (
            one.args[0].value
            if isinstance(one, ast.Call) and one.args and isinstance(one.args[0], ast.Constant)
            else ""
        )
        named = one.func if isinstance(one, ast.Call) else one
        yield (named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")), str(reason)


def scenarios(source: str) -> dict[str, list[tuple[str, str]]]:
    """Test → the marks it stands under, those of its file among them."""
    body = ast.parse(source).body
    shared = [mark for node in body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "pytestmark"
              for mark in marks(node.value)]  # fmt: skip
    return {node.name: shared + [mark for one in node.decorator_list for mark in marks(one)]
            for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}  # fmt: skip


def unsaid(source: str) -> list[str]:
    """Tests that say neither with which hands they run nor, in words, why with none; or both."""
    wrong = []
    for name, said in scenarios(source).items():
        hands, reasons = [m for m, _ in said if m in HANDS], [why for m, why in said if m == WITHOUT]
        if len(hands) + len(reasons) != 1 or any(len(why.split()) < 3 for why in reasons):
            wrong.append(name)
    return wrong


def touches(source: str) -> list[str]:
    """Lines that do to a page what only a hand may do."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in TOUCHES:
            wrong.append(f"{node.lineno}: {node.attr}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and BY_SCRIPT.search(node.value):
            wrong.append(f"{node.lineno}: {BY_SCRIPT.search(node.value)[0]}")
    return wrong


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_browser_scenario_runs_without_a_mouse_or_says_why_nobody_does_anything_in_it(file):
    source = file.read_text("utf-8")
    assert scenarios(source)
    assert not unsaid(source)


@pytest.mark.parametrize("file", [*SCENARIOS, *(BROWSER / f"{name}.py" for name in ("people", "conftest", "watching"))],
                         ids=lambda file: file.stem)  # fmt: skip
def test_no_scenario_reaches_past_the_hands_to_a_page(file):
    source = file.read_text("utf-8")
    reads = scenarios(source) and all(mark == WITHOUT for said in scenarios(source).values() for mark, _ in said)
    assert reads or not touches(source)


@pytest.mark.parametrize(
    "said",
    [
        "def test_a(): ...",
        "@pytest.mark.without_hands()\ndef test_a(): ...",
        "@pytest.mark.without_hands('axe')\ndef test_a(): ...",
        "pytestmark = KEYBOARD\n@pytest.mark.without_hands('reads every page there is')\ndef test_a(): ...",
        "@pytest.mark.parametrize('key', ['F1'])\ndef test_a(key): ...",
    ],
)
def test_a_scenario_without_a_word_about_hands_is_found(said):
    assert unsaid(said) == ["test_a"]


@pytest.mark.parametrize(
    "line",
    ["lin.page.locator('#lit').click()", "page.mouse.move(1, 1)", "page.evaluate('document.activeElement.click()')",
     "page.set_input_files('#file', 'a')", "page.evaluate('new DragEvent(\"drop\")')"],
)  # fmt: skip
def test_a_reach_past_the_hands_is_found(line):
    assert touches(line)


STILL = """
import greenlet, sys, threading
from tests.hard_limit import hard_limit

def a_loop_that_waits():
    threading.Event().wait()

def a_test_that_waits_for_it():
    with hard_limit(0.3, "test_that_stands_still", lambda said: print(said, flush=True)):
        greenlet.greenlet(a_loop_that_waits).switch()

a_test_that_waits_for_it()
"""


def test_a_test_that_stands_still_ends_the_run_and_says_where_everybody_stood():
    run = subprocess.run([sys.executable, "-c", STILL], cwd=TREE, capture_output=True, text=True, timeout=60)
    assert run.returncode == ENDED
    for name in ("test_that_stands_still", "a_loop_that_waits", "a_test_that_waits_for_it"):
        assert name in run.stdout
