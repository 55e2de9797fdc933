"""What happened, by cursor: nothing twice, nothing left out, nothing of others; and the numbers of the directory."""

import json

import pytest
from django.db import connection

from liandong.actions import handle, joining, unsealing
from liandong.queries import machine_events
from liandong.records.models import Event, FindingMark, Matter, Unit
from liandong.rules.access import Actor
from tests.api.conftest import Machine, key_of, why
from tests.api.test_matters import LAMP, sends
from tests.cast import CHUXIONG, PANZHIHUA


@pytest.fixture
def final():
    """Everything that was written is final; in a test's one transaction the worker's own mark would stand still."""

    def mark():
        FindingMark.objects.update_or_create(pk=1, defaults={"upto": newest(), "ahead": newest()})

    return mark


def newest() -> int:
    """The last Event so far: other tests' ids went before, thousands of them."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.fixture(autouse=True)
def begin(db) -> int:
    """Where these tests read on from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM records_event_id_seq")
        return cursor.fetchone()[0]


def everything(machine: Machine, begin: int, limit: int = 2) -> list[dict]:
    found, after, more = [], begin, True
    while more:
        page = machine.get("events", after=after, limit=limit).json()
        assert page["after"] > after or not page["more"]
        found, after, more = found + page["events"], page["after"], page["more"]
    return found


def test_a_system_reads_what_happened_to_its_own_matters_in_order_and_once(cast, machine, final, begin):
    cast.call(cast.lin, "锦和里二期工地欠薪四个月")
    pk = sends(machine).json()["id"]
    final()
    own = Machine(key_of(CHUXIONG, "events", "matters.read", name="乙").secret)
    assert everything(own, begin) == []
    got = everything(machine, begin)
    assert [e["kind"] for e in got if e["matter"] == pk] == ["matter.opened", "matter.written"]
    assert [e["id"] for e in got] == sorted({e["id"] for e in got})
    by = {e["kind"]: e["by"] for e in got if e["matter"] != pk}
    assert (by["matter.opened"], by["matter.recorded"]) == (
        {"role": "system"}, {"role": "operator", "desk": "12345:532300"})  # fmt: skip
    text = json.dumps(got, ensure_ascii=False)
    assert not any(word in text for word in ("路灯", '"5307"', "13887801234", "欠薪", "政务服务平台"))


def test_an_event_is_handed_out_once_no_earlier_one_can_come(machine, final, begin):
    sends(machine)
    FindingMark.objects.update_or_create(pk=1, defaults={"upto": 0, "ahead": 0})
    assert machine.get("events", after=begin).json() == {"events": [], "after": begin, "more": False}
    final()
    assert len(machine.get("events", after=begin).json()["events"]) == 2


def test_the_cursor_moves_on_where_nothing_is_the_caller_s_and_never_back(cast, machine, final, begin, monkeypatch):
    monkeypatch.setattr(machine_events, "SPAN", 3)
    for n in range(3):
        cast.call(cast.lin, f"路灯坏了 {n}")
    pk = sends(machine).json()["id"]
    final()
    own = Machine(key_of(CHUXIONG, "events", "matters.read", name="政务服务平台").secret)
    assert everything(own, begin) == []
    assert pk in {e["matter"] for e in everything(machine, begin, limit=1)}
    assert machine.get("events", after=10**12).json()["after"] == 10**12


def test_nothing_of_110_of_a_secret_or_of_another_city_leaves(cast, machine, final, begin):
    sends(machine, text="我家楼上有人拿刀砍人，救命。")
    sends(machine, key="k2", their_id="2", secret=True)
    final()
    assert {e["kind"] for e in everything(machine, begin)} == {"matter.opened", "matter.written"}
    assert len({e["matter"] for e in everything(machine, begin)}) == 1
    assert everything(Machine(key_of(PANZHIHUA).secret), begin) == []


def test_of_two_linked_matters_the_sender_of_one_learns_nothing_of_the_other(cast, final, begin):
    own = Machine(key_of(CHUXIONG, "events", "matters.read", "matters.write").secret)
    one, other = Matter.objects.get(pk=sends(own).json()["id"]), cast.call(cast.lin, "锦和里二期工地欠薪四个月")
    cast.act(joining.link, one, other, "同一个工地", by=cast.lin)
    final()
    got = everything(own, begin)
    assert {e["matter"] for e in got} == {str(one.pk)} and "matter.linked" not in {e["kind"] for e in got}
    assert other.number not in json.dumps(got)


def test_of_a_call_that_was_split_no_other_matter_s_number_leaves_and_an_order_says_whether_it_leads(
    cast, machine, final, begin
):
    matter = Matter.objects.get(pk=sends(machine).json()["id"])
    part = cast.act(joining.split, matter, "还有一件：工地欠薪", by=cast.lin)
    cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    final()
    got = {e["kind"]: e["facts"] for e in everything(machine, begin) if e["matter"] == str(matter.pk)}
    assert "matter.split" in got and part.number not in json.dumps(got)
    assert got["order.assigned"]["part"] == "lead"


def test_who_opened_a_matter_while_it_was_secret_does_not_leave_afterwards(cast, machine, final, begin):
    matter = Matter.objects.get(pk=sends(machine, secret=True).json()["id"])
    cast.act(unsealing.opened, matter, "督查", by=Actor(role="supervisor", person=cast.lin.person, city=CHUXIONG))
    Matter.objects.filter(pk=matter.pk).update(secret=False)
    final()
    assert [e["kind"] for e in everything(machine, begin)] == ["matter.opened", "matter.written"]


def test_a_cursor_that_is_none_is_refused(machine):
    for wrong in ({"after": -1}, {"after": 2**63}, {"after": "x"}, {"limit": 0}, {"limit": 501}):
        assert why(machine.get("events", **wrong)) == "invalid.api_fields", wrong


def test_the_directory_is_the_city_s_own_and_says_who_answers_now(cast, machine):
    lines = machine.get("directory/lines").json()["lines"]
    assert {"12345", "119"} <= {line["number"] for line in lines}
    found = machine.get("directory/lines", q="法律援助").json()["lines"]
    assert found and len(found) < len(lines)
    assert machine.get("directory/lines", q="没有的词").json()["lines"] == []
    far = Machine(key_of(PANZHIHUA).secret).get("directory/lines").json()["lines"]
    assert far != lines
    districts = machine.get("directory/districts").json()["districts"]
    assert LAMP["district"] in {d["code"] for d in districts} and len(districts) == 10
