"""The table of steps, as properties: no state without an exit."""

import pytest

from liandong.rules import flows
from liandong.rules.access import ROLES
from liandong.rules.steps.step import POLICE

MACHINES = tuple(flows.ENDS)


def _reach(machine: str, state: str) -> set[str]:
    seen, todo = {state}, [state]
    while todo:
        now = todo.pop()
        for row in flows.TABLE:
            if row.machine == machine and now in row.sources and row.target and row.target not in seen:
                seen.add(row.target)
                todo.append(row.target)
    return seen


@pytest.mark.parametrize("machine", MACHINES)
def test_every_open_state_can_end(machine):
    for state in flows.waiting(machine):
        assert _reach(machine, state) & flows.ENDS[machine], state


def test_the_limit_of_a_state_is_that_of_the_step_into_it_and_not_of_a_reminder():
    assert [flows.limit("sheet", state) for state in ("written", "told", "confirmed")] == [
        "sheet.tell", "sheet.confirm", "sheet.reconcile"]  # fmt: skip
    with pytest.raises(KeyError):
        flows.limit("sheet", "void")


@pytest.mark.parametrize("machine", MACHINES)
def test_every_waiting_state_is_entered_with_a_due_limit_and_a_next_step_the_machine_may_take(machine):
    for state in flows.waiting(machine):
        entries = [r for r in flows.TABLE if r.machine == machine and r.target == state and state not in r.sources]
        assert entries, state
        for row in entries:
            assert row.due and row.then, (row.verb, state)
            following = flows.step(machine, row.then)
            assert "system" in following.who, (row.verb, row.then)
            assert state in following.sources, (row.verb, row.then)


def test_only_acceptance_settlement_designation_and_an_agreed_joining_move_the_holder():
    assert {(r.machine, r.verb) for r in flows.TABLE if r.moves == "holder"} == {
        ("transfer", "accept"), ("transfer", "accept_there"), ("transfer", "confirm"),
        ("conference", "settle_to"), ("designation", "designate"),
        ("joining", "agree")}  # fmt: skip


def test_every_role_of_the_table_is_known_and_every_event_is_dotted_past_tense():
    for row in flows.TABLE:
        assert set(row.who) <= {*ROLES, "system", "citizen", "machine"}, row
        assert row.event.count(".") == 1, row


def test_verbs_are_unique_within_a_machine():
    rows = [(r.machine, r.verb) for r in flows.TABLE]
    assert len(rows) == len(set(rows))


def test_only_110_sends_people_and_lowers_danger():
    assert flows.step("dispatch", "dispatch").who == POLICE
    assert flows.step("demand", "lower").who == POLICE


def test_allowed_gives_the_buttons_of_a_state_and_role():
    assert {r.verb for r in flows.allowed("order", "assigned", "clerk")} == {"sign", "hand_back", "report"}
