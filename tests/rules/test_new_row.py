"""A new verb or state is one row of the table (and a migration): everything else is read off it."""

import pytest
from django.db import connection, models

from liandong.ops import diagram
from liandong.records.columns import due_index, state_is_known, waits_with_a_due_time
from liandong.rules import access, flows
from liandong.rules.say import Forbidden
from liandong.rules.steps.step import Step
from liandong.words import states as words

PARKED = Step("order", "park", ("signed",), "parked", ("clerk",), "order.parked", "order.suspend", "unpark")
UNPARK = Step("order", "unpark", ("parked",), "signed", ("clerk", "system"), "order.unparked", "order.answer", "remind")


@pytest.fixture
def one_more(monkeypatch):
    """The table with an order that may be parked, and the words of the new state and verbs."""
    monkeypatch.setattr(flows, "TABLE", (*flows.TABLE, PARKED, UNPARK))
    monkeypatch.setitem(words.STATES, "parked", "搁置")
    monkeypatch.setitem(words.VERBS, "park", "搁置")
    monkeypatch.setitem(words.VERBS, "unpark", "捡起")


def test_its_states_waits_and_buttons_follow(one_more):
    assert "parked" in flows.states("order")
    assert "parked" in flows.waiting("order"), "no end unless it is said to be one"
    assert PARKED in flows.allowed("order", "signed", "clerk")
    assert flows.allowed("order", "parked", "clerk") == (UNPARK,)
    assert flows.allowed("order", "parked", "operator") == ()
    assert flows.step("order", "park") is PARKED


def test_who_may_take_it_follows(one_more):
    clerk = access.Actor(role="clerk", unit="a")
    assert access.require(clerk, "order", "park") is PARKED
    with pytest.raises(Forbidden):
        access.require(access.Actor(role="operator", desk="12345:532300"), "order", "park")


def test_what_happens_by_itself_follows(one_more):
    from liandong.jobs.deadlines import STEPS, next_verb

    assert next_verb("order", "parked") == "unpark"
    assert ("order", "unpark") not in STEPS, "the one thing that is written by hand: the step itself"


def test_the_diagram_and_its_table_follow(one_more):
    page = diagram.section("order", "工单", {"order.parked"})
    for line in ("parked : parked 搁置", "signed --> parked : park", "parked --> signed : unpark", "| `park` 搁置 |"):
        assert line in page, line


def test_without_the_row_none_of_it_is_there():
    assert "parked" not in flows.states("order")
    assert "parked" not in diagram.diagram("order", [row for row in flows.TABLE if row.machine == "order"])
    with pytest.raises(KeyError):
        flows.step("order", "park")


def sql_of(constraint: models.BaseConstraint) -> str:
    with connection.schema_editor(collect_sql=True) as editor:
        from liandong.records.models import Order

        return str(constraint.constraint_sql(Order, editor))


@pytest.mark.django_db
def test_the_databases_own_checks_follow(one_more):
    assert "parked" in sql_of(state_is_known("order"))
    assert "parked" not in sql_of(waits_with_a_due_time("order")), "a wait is what is no end: its due time is demanded"
    assert "parked" in str(due_index("order").condition)


@pytest.mark.django_db
def test_the_database_of_today_refuses_a_state_that_no_row_names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'order_state_is_known'")
        told = cursor.fetchone()[0]
    assert all(f"'{state}'" in told for state in flows.states("order"))
    assert "parked" not in told
