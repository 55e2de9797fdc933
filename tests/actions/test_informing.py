"""险情报总值班室: ticked beside 119, told once, seen by somebody in post, else by telephone (J1, J2, P二(三))."""

from datetime import timedelta

import pytest

from liandong.actions import beside, crews, danger, informing
from liandong.jobs.deadlines import Deadlines
from liandong.queries import stuck
from liandong.records.models import Demand, Desk, Informing, Matter, Partner, Seat, Sheet
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

OFFICE = "duty:532300"


@pytest.fixture
def gas(cast) -> Matter:
    return cast.call(cast.lin, "楼下有人吵架", district="532301", place="鹿城路 8 号")


@pytest.fixture
def officer(cast) -> Actor:
    desk = cast.desk(OFFICE)
    seat = Seat.objects.filter(desk=desk).first() or Seat.objects.create(desk=desk, number="01")
    return Actor(
        "duty_officer", cast.zhou.person, work_no="9002", desk=OFFICE, seat=seat.pk, seat_no=seat.number, city="532300"
    )


def told(cast, matter, by=None, **more) -> Informing:
    cast.act(danger.raise_danger, matter, "燃气泄漏", by=by or cast.lin, duty=True, **more)
    return matter.informings.get(state="told")


def test_a_tick_is_in_the_offices_list_at_once_with_who_told_it_and_its_sight_comes_back(cast, gas, officer):
    row = told(cast, gas, also=("119",))
    assert (row.desk.code, row.told_by.code, row.due_at - cast.clock.now) == (
        OFFICE,
        cast.lin.desk,
        timedelta(minutes=2),
    )
    assert Demand.objects.get(matter=gas).also == ["119"], "what 110 is asked for knows no office"
    event = gas.events.get(kind="duty.informed")
    assert {f"desk:{OFFICE}", f"desk:{cast.lin.desk}"} <= set(event.topics)
    listed = next(d for d in stuck.in_danger(officer) if d.id == gas.pk)
    assert (listed.told.by, listed.told.seat, listed.told.seen_at) == (row.told_by.short, cast.lin.seat_no, None)
    for _ in range(2):
        cast.act(informing.see, row, by=officer)
    assert gas.events.filter(kind="duty.seen").count() == 1
    assert f"desk:{cast.lin.desk}" in gas.events.get(kind="duty.seen").topics
    assert next(d for d in stuck.in_danger(officer) if d.id == gas.pk).told.seen_at is not None


def test_both_desks_tick_and_it_is_told_once_and_told_anew_of_a_new_danger(cast, gas):
    row = told(cast, gas)
    cast.act(crews.dispatch, gas, "东瓜所 1 车", by=cast.yue, duty=True)
    cast.act(beside.call, gas, by=cast.yue, duty=True)
    assert gas.informings.count() == 1
    cast.act(danger.lower, row.demand, "已关阀", by=cast.yue)
    assert told(cast, gas).pk != row.pk


def test_who_may_tell_it_and_who_may_say_that_it_was_seen(cast, gas, officer):
    with pytest.raises(Forbidden):
        cast.act(danger.raise_danger, gas, "起火", by=cast.duan, duty=True)
    with pytest.raises(Forbidden):
        told(cast, gas, by=cast.he)
    row = told(cast, gas)
    for by in (cast.lin, Actor("duty_officer", officer.person, desk=OFFICE, city="532300"), cast.gao):
        with pytest.raises(Forbidden):
            cast.act(informing.see, row, by=by)


def test_a_slip_is_taken_back_by_the_desk_that_ticked_within_seconds_and_while_nobody_has_seen_it(cast, gas, officer):
    row = told(cast, gas)
    with pytest.raises(Forbidden):
        cast.act(informing.untick, row, by=cast.yue)
    assert cast.act(informing.untick, row, by=cast.lin).state == "void"
    row = told(cast, gas)
    cast.clock.on(seconds=11)
    with pytest.raises(Conflict) as late:
        cast.act(informing.untick, row, by=cast.lin)
    assert late.value.say.code == "conflict.duty_told"
    cast.act(informing.see, row, by=officer)
    with pytest.raises(Conflict) as seen:
        cast.act(informing.untick, row, by=cast.lin)
    assert seen.value.say.code == "conflict.informing"


@pytest.mark.parametrize("ends", [danger.undo, lambda d, **by: danger.lower(d, "烧纸", **by)])
def test_danger_that_is_over_before_anybody_looked_leaves_the_list(cast, gas, officer, ends):
    row = told(cast, gas)
    cast.act(ends, row.demand, by=cast.lin if ends is danger.undo else cast.yue)
    row.refresh_from_db()
    assert (row.state, [d.id for d in stuck.in_danger(officer)]) == ("void", [])


def test_not_seen_in_time_it_is_a_call_sheet_at_the_desk_that_told_it(cast, gas):
    row = told(cast, gas)
    cast.clock.on(minutes=2)
    Deadlines().sweep(cast.clock.now)
    row.refresh_from_db()
    sheet = Sheet.objects.get(matter=gas)
    assert (row.state, sheet.body, sheet.line, sheet.desk.code) == ("lapsed", row.desk.short, "", cast.lin.desk)
    assert sheet.ask == "鹿城路 8 号，燃气泄漏"


def test_after_110_has_sent_more_is_called_without_asking_110_again(cast, gas):
    cast.act(danger.raise_danger, gas, "燃气泄漏", by=cast.lin)
    cast.act(crews.dispatch, gas, "东瓜所 1 车", by=cast.yue)
    cast.act(beside.call, gas, ("119",), by=cast.yue, duty=True)
    demand = Demand.objects.get(matter=gas)
    assert (demand.state, demand.also) == ("met", ["119"])
    assert gas.sheets.get().line == "119" and gas.informings.get().told_by.code == "110:532301"
    with pytest.raises(Invalid):
        cast.act(beside.call, gas, by=cast.yue)
    with pytest.raises(Forbidden):
        cast.act(beside.call, gas, ("120",), by=cast.bai)
    cast.act(danger.lower, demand, "已关阀", by=cast.yue)
    with pytest.raises(Conflict):
        cast.act(beside.call, gas, ("120",), by=cast.yue)


def test_an_office_of_another_node_is_told_by_telephone_and_a_secret_matter_stays_a_heading(cast, gas, officer):
    secret = cast.call(cast.lin, "举报有人贩毒", nature="report", number="13900000009")
    Matter.objects.filter(pk=secret.pk).update(secret=True)
    told(cast, secret)
    listed = next(d for d in stuck.in_danger(officer) if d.id == secret.pk)
    assert (listed.number, listed.means) == ("", "") and listed.told is not None
    there = Partner.objects.create(node="duty.b", name="总值班室", city="532300", added_at=cast.clock.now)
    Desk.objects.filter(code=OFFICE).update(partner=there)
    cast.act(danger.raise_danger, gas, "燃气泄漏", by=cast.lin, duty=True)
    assert not gas.informings.exists() and gas.sheets.get().body == cast.desk(OFFICE).short
