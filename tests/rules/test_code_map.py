"""A partner's codes beside ours: both ways, and what is lost is named."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.rules import code_map
from liandong.rules.code_map import Loss, Wrong, lost, read
from tests.docs.tree import text

CODES = st.text("ABC123.-类", min_size=1, max_size=16)


def test_what_is_no_map_is_refused_with_its_place():
    for given_, place in (
        ({"kinds": {}}, "kinds"), ({"kind": {}}, "kind"), ({"kind": {"out": []}}, "kind.out"), ({"kind": {"to": {}}}, "kind"),
        ({"kind": {"out": {"a": 1}}}, "kind.out.a"), ({"kind": {"in": {"": "a"}}}, "kind.in."),
        ({"kind": {"out": {"a": "x" * 21}}}, "kind.out.a"), ({"state": {"in": {"x" * 17: "a"}}}, "state.in." + "x" * 17),
        ({"unit": {"out": {"a": "b\n"}}}, "unit.out.a"),
    ):  # fmt: skip
        with pytest.raises(Wrong) as wrong:
            read(given_)
        assert wrong.value.place == place


@given(st.dictionaries(CODES, CODES))
def test_a_code_that_is_one_there_comes_back_as_itself_and_every_other_is_named_as_lost(out):
    tables = read({"kind": {"out": out}})
    ways, named = tables["kind"], {loss.code for loss in lost(tables, {"kind": out}) if loss.what in ("joined", "back")}
    for ours, theirs in out.items():
        assert ways["out"][ours] == theirs and ways["in"][theirs] in out
        assert (ways["in"][theirs] == ours and list(out.values()).count(theirs) == 1) or ours in named


def test_the_worked_example_of_the_reference_loses_what_the_reference_says():
    example = next(block for block in re.findall(r"```toml\n(.*?)```", text("docs/reference/exchange.md"), re.DOTALL))
    tables = read(tomllib.loads(example))
    ours = {"kind": {"110-1", "110-1.1", "110-1.2", "110-8", "110-8.1", "110-2"}, "state": {"answered", "silent"}}
    assert lost(tables, ours) == [
        Loss("kind", "untold", "110-2"), Loss("kind", "joined", "110-8", "09"), Loss("kind", "joined", "110-8.1", "09"),
        Loss("kind", "back", "110-8.1", "110-8"), Loss("kind", "unheard", "110-1.2", "0103"), Loss("state", "untold", "silent"),
    ]  # fmt: skip
    assert ("unit", "532300-civil") in code_map.named(tables)
