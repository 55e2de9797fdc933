"""对账: two lists side by side."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.rules import flows, reconcile
from liandong.rules.crossing import GIVER, TAKER
from liandong.rules.exchange import Refused
from liandong.rules.reconcile import Row

OFFER, MATTER = "0b7c7f0e-3b51-4f0e-9a55-2f6d0f1a7c11", "5f0c2a1e-3b51-4f0e-9a55-2f6d0f1a7c12"
GIVEN = Row(OFFER, MATTER, GIVER, "offered", True, 3, 2)


def mirrored(row: Row, state: str, *, holds: bool) -> Row:
    return replace(row, side=TAKER, state=state, holds=holds, said=row.heard, heard=row.said)


def whats(ours: list[Row], theirs: list[Row], *, whole: bool = True) -> set[str]:
    return {found.what for found in reconcile.compare(ours, theirs, whole=whole)}


@pytest.mark.parametrize(("giver", "takers"), list(reconcile.AGREE.items()))
def test_what_either_side_may_say_of_one_offer_is_the_same_from_both_sides(giver, takers):
    holds = giver != "accepted"
    for taker in flows.states("transfer"):
        ours = replace(GIVEN, state=giver, holds=holds)
        theirs = mirrored(ours, taker, holds=not holds)
        expected = set() if taker in takers else {"state"}
        assert whats([ours], [theirs]) == whats([theirs], [ours]) == expected


def test_every_state_that_a_giver_between_nodes_can_have_has_its_row():
    assert set(reconcile.AGREE) == {"offered", "led", "accepted", "recalled", "lapsed", "declined"}


def test_an_offer_that_one_side_lacks_two_holders_and_lost_messages_are_named():
    theirs = mirrored(GIVEN, "offered", holds=False)
    assert whats([GIVEN], []) == {"missing_there"}
    assert whats([GIVEN], [], whole=False) == set()  # it may be among what was left out
    assert whats([], [theirs]) == {"missing_here"}
    assert whats([GIVEN], [replace(theirs, holds=True)]) == {"two_holders"}
    assert whats([GIVEN], [replace(theirs, heard=2)]) == {"order"}
    assert whats([GIVEN], [replace(theirs, side=GIVER)]) == {"state"}


ROWS = st.builds(Row, st.uuids().map(str), st.uuids().map(str), st.sampled_from([GIVER, TAKER]),
                 st.sampled_from(list(reconcile.AGREE)), st.booleans(), st.integers(0, 9), st.integers(0, 9))  # fmt: skip


@given(st.lists(ROWS, max_size=5), st.booleans())
def test_what_is_written_is_read_back(rows, whole):
    assert reconcile.read(reconcile.write(rows, whole=whole)) == (tuple(rows), whole)


@pytest.mark.parametrize(
    "changed", [{"offers": {}}, {"whole": 1}, {"more": 1}, {"offers": [[]]}, {"offers": [{"offer": "x"}]}]
)
def test_an_answer_that_is_not_of_its_form_is_refused(changed):
    with pytest.raises(Refused):
        reconcile.read(json.dumps({"offers": [], "whole": True} | changed).encode())


@pytest.mark.parametrize(
    "changed", [{"said": True}, {"said": "3"}, {"side": "both"}, {"state": "x" * 61}, {"holds": 1}]
)
def test_a_row_that_is_not_of_its_form_is_refused(changed):
    told = json.loads(reconcile.write([GIVEN], whole=True))
    told["offers"][0] |= changed
    with pytest.raises(Refused):
        reconcile.read(json.dumps(told).encode())


def test_a_question_says_to_whom_and_since_when():
    since = datetime(2026, 11, 26, 4, tzinfo=UTC)
    asked = reconcile.question("police.b", since)
    assert reconcile.read_question(asked, here="police.b") == since
    for bad in (
        b'{"recipient":"police.b"}',
        b'{"recipient":"police.b","since":7}',
        asked.replace(b"police.b", b"police.z"),
    ):
        with pytest.raises(Refused):
            reconcile.read_question(bad, here="police.b")
