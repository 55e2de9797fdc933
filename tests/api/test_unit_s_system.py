"""A unit's own system works its orders; a 110 desk's own system says how far its crews are. Danger is lowered by people."""

import json

import pytest

from liandong.actions import crews, danger, handle
from liandong.records.models import Designation, Dispatch, Event, Matter, Order, Unit
from tests.api.conftest import Machine, key_of, why
from tests.cast import CHUXIONG

ACT = {"work_no": "U301"}
NUMBER = "13800002671"
"""Whom everybody of the cast calls from."""
ANSWER = ACT | {"findings": "换了灯泡", "answer": "路灯已修好。"}


@pytest.fixture
def unit(cast) -> Machine:
    """The own system of the unit that 段宁 works in."""
    return Machine(key_of(CHUXIONG, "orders", name="市政办公系统", unit=cast.duan.unit).secret)


@pytest.fixture
def order(cast) -> Order:
    matter = cast.call(cast.lin, "小区门口路灯坏了三盏", place="东兴路 12 号")
    return cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="三天内修")


def does(machine: Machine, what: str, body: dict | None = None, key: str = ""):
    return machine.post(what, ACT if body is None else body, **{"Idempotency-Key": key or what.replace("/", "-")})


def test_an_order_is_read_signed_answered_and_the_matter_goes_on_as_at_a_desk(cast, unit, order):
    where = f"orders/{order.pk}"
    read = unit.get(where).json()
    assert unit.get("orders").json() == {"orders": [read], "after": None}
    assert (read["state"], read["ask"], read["said"], read["place"]) == (
        "assigned",
        "三天内修",
        "小区门口路灯坏了三盏",
        "东兴路 12 号",
    )
    assert order.matter.contact.number == NUMBER and NUMBER not in json.dumps(read), "a number is nobody's to read here"
    assert why(does(unit, f"{where}/resolution", ANSWER, "early")) == "invalid.no_contact"
    signed = [does(unit, f"{where}/signature") for _ in range(2)]
    assert signed[0].content == signed[1].content and signed[0].json()["state"] == "signed"
    assert why(does(unit, f"{where}/resolution", ANSWER, "unheard")) == "invalid.no_contact"
    assert does(unit, f"{where}/contact", ACT | {"note": "联系了报修人"}).json()["contacted_at"]
    assert does(unit, f"{where}/resolution", ANSWER).json()["state"] == "resolved"
    assert why(does(unit, f"{where}/resolution", ANSWER, "again")) == "conflict.order"
    order.refresh_from_db()
    assert (order.findings, order.answer, Matter.objects.get().state) == ("换了灯泡", "路灯已修好。", "resolved")
    by = [json.loads(e.body)["by"] for e in Event.objects.filter(kind__startswith="order.").order_by("pk")][1:]
    assert by == [{"role": "machine", "unit": cast.duan.unit, "work_no": "U301", "rule": "市政办公系统"}] * 3
    assert unit.get("orders").json()["orders"] == []


def test_an_order_is_handed_back_with_a_cause_and_then_tells_no_words(cast, unit, order):
    where = f"orders/{order.pk}"
    back = ACT | {"cause": "not_our_duty", "proposed": cast.lei.unit, "note": "不归我们管"}
    assert why(does(unit, f"{where}/return", back | {"cause": "tired"})) == "invalid.api_fields"
    assert why(does(unit, f"{where}/return", back | {"proposed": "nobody"}, "a")) == "invalid.proposed_owner"
    assert why(does(unit, f"{where}/return", back | {"proposed": "a\0b"}, "n")) == "invalid.api_fields"
    told = does(unit, f"{where}/return", back, "b").json()
    assert (told["state"], told["said"]) == ("handed_back", None)
    assert Matter.objects.get().state == "held"


def test_a_secret_matter_s_order_is_handed_back_once_and_answered_alike_and_is_then_read_no_more(cast, unit, order):
    Matter.objects.update(secret=True)
    where, back = f"orders/{order.pk}", ACT | {"cause": "not_our_duty", "proposed": cast.lei.unit, "note": "不归我们管"}
    answers = [does(unit, f"{where}/return", back, "b") for _ in range(2)]
    assert answers[0].status_code == 200 and answers[0].content == answers[1].content
    assert why(unit.get(where)) == "invalid.api_unknown"
    assert why(does(unit, f"{where}/signature")) == "conflict.order"


def test_what_two_units_hand_back_lies_before_the_duty_office_whoever_handed_it_back(cast, unit, order):
    back = ACT | {"cause": "duties_overlap", "proposed": cast.lei.unit, "note": "两家都管"}
    does(unit, f"orders/{order.pk}/return", back)
    other = Machine(key_of(CHUXIONG, "orders", name="乙", unit=cast.lei.unit).secret)
    again = cast.act(handle.assign, Matter.objects.get(), Unit.objects.get(code=cast.lei.unit), by=cast.lin)
    assert (
        does(other, f"orders/{again.pk}/return", back | {"proposed": cast.duan.unit}).json()["state"] == "handed_back"
    )
    assert Designation.objects.get().cause == "handed_back_twice"


def test_another_unit_s_orders_are_not_there(cast, unit, order):
    other = Machine(key_of(CHUXIONG, "orders", name="乙", unit=cast.lei.unit).secret)
    where = f"orders/{order.pk}"
    assert other.get("orders").json() == {"orders": [], "after": None}
    for answer in (other.get(where), does(other, f"{where}/signature"), does(other, f"{where}/contact", ACT | {"note": "x"}),
                   does(other, f"{where}/resolution", ANSWER),
                   does(other, f"{where}/return", ACT | {"cause": "not_our_duty", "proposed": cast.duan.unit, "note": "x"})):  # fmt: skip
        assert (answer.status_code, why(answer)) == (404, "invalid.api_unknown")
    cast.act(handle.assign, order.matter, Unit.objects.get(code=cast.lei.unit), by=cast.lin, part="assist")
    assert why(other.get(where)) == "invalid.api_unknown", "not even of a matter it assists in"
    assert len(other.get("orders").json()["orders"]) == 1


def test_orders_are_read_page_by_page_without_a_gap_or_a_repeat(cast, unit):
    mine = Unit.objects.get(code=cast.duan.unit)
    made = [str(cast.act(handle.assign, cast.call(cast.lin, f"路灯坏了{n}"), mine, by=cast.lin).pk) for n in range(5)]
    seen, after = [], {}
    while after is not None:
        page = unit.get("orders", limit=2, **after).json()
        seen += [row["id"] for row in page["orders"]]
        after = {"after": page["after"]} if page["after"] else None
    assert sorted(seen) == sorted(made) and len(seen) == 5
    theirs = cast.act(handle.assign, cast.call(cast.lin, "路灯坏了"), Unit.objects.get(code=cast.lei.unit), by=cast.lin)
    for none in (theirs.pk, Matter.objects.first().pk):
        assert why(unit.get("orders", after=none)) == "invalid.api_cursor"


@pytest.fixture
def police(cast) -> tuple[Machine, Dispatch]:
    """The own system of the desk that 岳峰 sits at, and a crew sent from there to a matter in danger."""
    matter = cast.call(cast.lin, "有人受伤", district="532301")
    cast.act(danger.raise_danger, matter, "有人受伤", by=cast.lin)
    crew = cast.act(crews.dispatch, Matter.objects.get(pk=matter.pk), "一组", by=cast.yue)
    return Machine(key_of(CHUXIONG, "dispatches", name="市局指挥系统", desk=cast.yue.desk).secret), crew


def test_a_crew_signs_leaves_arrives_is_done_and_reports_and_danger_stays_for_a_person_to_lower(cast, police):
    machine, crew = police
    where = f"dispatches/{crew.pk}"
    assert [row["id"] for row in machine.get("dispatches").json()["dispatches"]] == [str(crew.pk)]
    states = [
        does(machine, f"{where}/{step}").json()["state"] for step in ("signature", "departure", "arrival", "clearing")
    ]
    assert states == ["signed", "left", "arrived", "cleared"]
    assert why(does(machine, f"{where}/departure", key="late")) == "conflict.dispatch"
    told = does(machine, f"{where}/report", ACT | {"findings": "已送医", "no_offence": True}).json()
    assert told["state"] == "done" and told["danger"], "only a named dispatcher lowers it"
    assert machine.get("dispatches").json() == {"dispatches": [], "after": None}
    demand = Matter.objects.get(pk=crew.matter_id).demands.get()
    cast.act(danger.lower, demand, "已送医", by=cast.yue)
    assert machine.get(where).json()["danger"] is False
    by = json.loads(Event.objects.get(kind="dispatch.done").body)["by"]
    assert by == {"role": "machine", "desk": cast.yue.desk, "work_no": "U301", "rule": "市局指挥系统"}


def test_another_desk_s_crews_are_not_there(cast, police):
    _, crew = police
    other = Machine(key_of(CHUXIONG, "dispatches", name="州局", desk="110:532300").secret)
    for answer in (other.get(f"dispatches/{crew.pk}"), does(other, f"dispatches/{crew.pk}/arrival")):
        assert (answer.status_code, why(answer)) == (404, "invalid.api_unknown")
    assert other.get("dispatches").json()["dispatches"] == []
