"""Every wait ends by itself: past its due time the sweep takes the next step."""

import logging

import psycopg
import pytest
from django.db import DatabaseError, connection

from liandong.actions import confer, crews, danger, drafts, handle, receive, reply, transfer, untaken
from liandong.jobs import deadlines
from liandong.jobs.deadlines import RECORDS, STEPS, Deadlines, next_verb
from liandong.records.models import Designation, Event, Matter, Transfer, Unit
from liandong.rules import access, flows
from tests.cast import assemble

POLICE = "110:532301"


def sweep(cast, row=None, **later):
    """Let time pass until `row` is due (or by `later`), sweep, and read the row again."""
    if later:
        cast.clock.on(**later)
    else:
        row.refresh_from_db()
        cast.clock.now = max(cast.clock.now, row.due_at)
    Deadlines().sweep(cast.clock.now)
    if row is not None:
        row.refresh_from_db()
    return row


def last(matter):
    return Event.objects.filter(matter=matter).order_by("-seq").first()


@pytest.fixture
def matter(cast):
    return cast.call(cast.lin, "路灯不亮三天了", district="532301")


@pytest.fixture
def offer(cast, matter):
    return cast.act(transfer.offer, matter, cast.desk(POLICE), by=cast.lin, consent=True)


@pytest.fixture
def order(cast, matter):
    unit = Unit.objects.filter(city=matter.city).first()
    return cast.act(handle.assign, matter, unit, by=cast.lin)


@pytest.mark.parametrize("machine", sorted(RECORDS))
def test_every_waiting_state_has_a_step_that_the_sweep_can_take(machine):
    for state in flows.waiting(machine):
        assert (machine, next_verb(machine, state)) in STEPS


def test_no_machine_is_forgotten():
    assert {row.machine for row in flows.TABLE} == set(RECORDS)


def test_an_offer_rings_the_next_seat_then_the_leader_then_lapses_and_the_holder_never_let_go(cast, matter, offer):
    first = offer.to_seat_id
    sweep(cast, offer)
    assert (offer.state, offer.rings, offer.to_seat_id != first) == ("offered", 2, True)
    sweep(cast, offer)
    assert offer.state == "led"
    sweep(cast, offer)
    assert (offer.state, offer.due_at) == ("lapsed", None)
    matter.refresh_from_db()
    assert matter.holder.code == "12345:532300"
    kinds = list(Event.objects.filter(matter=matter).order_by("seq").values_list("kind", flat=True))
    assert kinds[-4:] == ["transfer.offered", "transfer.rang_next", "transfer.led", "transfer.lapsed"]


def test_an_offer_that_nobody_takes_in_danger_goes_to_the_prefectures_police(cast, matter, offer):
    cast.act(danger.raise_danger, matter, "有人持刀", by=cast.lin)
    for _ in range(3):
        sweep(cast, offer)
    assert offer.state == "lapsed"
    assert Transfer.objects.get(matter=matter, state="offered").to_desk.code == "110:532300"


def test_a_talk_that_settles_nothing_ends_where_the_pack_says(cast, matter):
    row = cast.act(confer.invite, matter, cast.desk(POLICE), by=cast.lin)
    sweep(cast, row)
    assert (row.state, row.due_at) == ("lapsed", None)
    matter.refresh_from_db()
    assert matter.holder.code == "12345:532300"


def test_a_demand_for_police_goes_up_level_by_level_and_never_stops(cast, matter):
    demand = cast.act(danger.raise_danger, matter, "有人持刀", by=cast.lin)
    assert demand.desk.code == POLICE
    for level, desk in ((1, POLICE), (2, "110:532300"), (3, "110:532300")):
        sweep(cast, demand)
        assert (demand.state, demand.level, demand.desk.code) == ("open", level, desk)
        assert demand.due_at > cast.clock.now


def test_a_crew_that_does_not_arrive_or_report_is_asked_after(cast, matter):
    cast.act(danger.raise_danger, matter, "有人持刀", by=cast.lin)
    row = cast.act(crews.dispatch, matter, "鹿城所 3 组", by=cast.yue)
    sweep(cast, row)
    assert (row.state, row.reminded) == ("sent", 1)
    cast.act(crews.arrive, row, by=cast.yue)
    sweep(cast, row)
    assert (row.state, row.reminded) == ("arrived", 2)
    assert row.due_at > cast.clock.now


def test_an_order_is_urged_while_it_is_not_signed_and_while_it_is_not_answered(cast, order):
    sweep(cast, order)
    assert (order.state, order.reminded) == ("assigned", 1)
    clerk = cast.act(handle.sign, order, by=_clerk(cast, order))
    sweep(cast, clerk)
    assert (clerk.state, clerk.reminded) == ("signed", 1)
    assert clerk.due_at > cast.clock.now


def _clerk(cast, order):
    duan = cast.duan
    return type(duan)(role="clerk", person=duan.person, unit=order.unit.code, city=duan.city)


def test_a_call_that_nobody_wrote_down_keeps_itself_with_what_was_typed(cast):
    matter = cast.call(cast.lin)
    drafts.keep(matter, "路灯不亮", {}, by=cast.lin, at=cast.clock.now)
    sweep(cast, matter)
    assert (matter.state, matter.said) == ("held", "路灯不亮")
    assert last(matter).kind == "matter.kept"


def test_a_call_that_nobody_answered_becomes_one_to_ring_back_soon(cast):
    matter = cast.rings(call=True)
    cast.act(receive.end_call, matter, by=access.system("switch", matter.city))
    sweep(cast, matter)
    assert matter.state == "held"
    assert (matter.due_at - cast.clock.now).total_seconds() == 600
    sweep(cast, matter)
    assert last(matter).kind == "matter.reminded"


def test_a_matter_nobody_decides_is_shown_again_every_day(cast, matter):
    for times in (1, 2):
        sweep(cast, matter)
        assert (matter.state, matter.reminded) == ("held", times)
        assert matter.due_at > cast.clock.now


@pytest.mark.parametrize(("item", "said", "minutes"), [("12345-1.1", "停水一天了", 30), ("", "有人拿刀追人", 15)])
def test_what_people_wait_for_in_minutes_is_shown_again_in_minutes(cast, item, said, minutes):
    matter = cast.call(cast.lin, said, item=item, district="532301")
    sweep(cast, matter)
    assert (matter.state, matter.reminded) == ("held", 1)
    assert (matter.due_at - cast.clock.now).total_seconds() == minutes * 60


def test_a_matter_at_work_resolved_or_answered_is_shown_again_too(cast, matter, order):
    clerk = _clerk(cast, order)
    matter.refresh_from_db()
    sweep(cast, matter)
    assert (matter.state, matter.reminded) == ("handling", 1)
    cast.act(handle.sign, order, by=clerk)
    cast.act(handle.contact, order, "电话联系本人", by=clerk)
    cast.act(handle.resolve, order, "已修好", "路灯修好了", by=clerk)
    sweep(cast, matter)
    assert (matter.state, matter.reminded) == ("resolved", 1)
    cast.act(reply.tell, matter, "路灯修好了", "", by=cast.lin)
    sweep(cast, matter)
    assert (matter.state, matter.reminded) == ("answered", 1)
    assert Matter.objects.get(pk=matter.pk).due_at > cast.clock.now


def test_a_duty_office_that_has_not_designated_is_told_again(cast, matter):
    row = Designation.objects.create(matter=matter, asked_desk=cast.desk("duty:532300"), state="asked",
                                     cause="unclear", asked_at=cast.clock.now, due_at=cast.clock.now)  # fmt: skip
    sweep(cast, row)
    assert (row.state, row.reminded) == ("asked", 1)
    assert row.due_at > cast.clock.now


def test_what_is_not_due_is_left_alone(cast, matter, offer):
    assert Deadlines().sweep(cast.clock.now) == 0


def test_a_step_is_taken_once_however_often_the_sweep_comes(cast, offer):
    cast.clock.now = offer.due_at
    assert [Deadlines().sweep(cast.clock.now) for _ in range(3)] == [1, 0, 0]


def test_one_row_that_fails_rests_and_the_others_go_on(cast, matter, offer, order_elsewhere, monkeypatch, caplog):
    sweeper = Deadlines()

    def broken(row, **_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setitem(STEPS, ("transfer", "next_seat"), broken)
    cast.clock.now = max(offer.due_at, order_elsewhere.due_at)
    with caplog.at_level(logging.ERROR):
        sweeper.sweep(cast.clock.now)
    assert "left alone for 5 s" in caplog.text
    offer.refresh_from_db()
    order_elsewhere.refresh_from_db()
    assert (offer.state, order_elsewhere.reminded) == ("offered", 1)
    caplog.clear()
    sweeper.sweep(cast.clock.now)
    assert caplog.text == ""
    monkeypatch.undo()
    sweeper.failed = {key: (times, 0.0) for key, (times, _) in sweeper.failed.items()}
    sweeper.sweep(cast.clock.now)
    offer.refresh_from_db()
    assert offer.state == "led"  # by now no other page has said that it is alive
    assert sweeper.failed == {}


@pytest.fixture
def order_elsewhere(cast):
    matter = cast.call(cast.zhou, "井盖坏了")
    unit = Unit.objects.filter(city=matter.city).first()
    return cast.act(handle.assign, matter, unit, by=cast.zhou)


def test_somebody_who_was_first_is_no_error(cast, offer, monkeypatch, caplog):
    def late(row, *, by, at):
        cast.act(transfer.recall, row, by=cast.lin)
        return untaken.ring_further(row, by=by, at=at)

    monkeypatch.setitem(STEPS, ("transfer", "next_seat"), late)
    cast.clock.now = offer.due_at
    with caplog.at_level(logging.WARNING):
        assert Deadlines().sweep(cast.clock.now) == 0
    assert caplog.text == ""


def test_a_lost_database_is_not_mistaken_for_a_bad_row(cast, offer, monkeypatch):
    def lost(row, **_):
        raise deadlines.DATABASE_LOST[0]("gone")

    monkeypatch.setitem(STEPS, ("transfer", "next_seat"), lost)
    sweeper = Deadlines()
    with pytest.raises(DatabaseError):
        sweeper._one("transfer", offer.pk, offer.matter_id, offer.due_at)
    assert sweeper.failed == {}


def test_a_matter_somebody_is_at_is_not_waited_for(own_database):
    cast = assemble()
    matter = cast.call(cast.lin, "路灯不亮", district="532301")
    cast.clock.now = Matter.objects.get(pk=matter.pk).due_at
    with psycopg.connect(own_database) as other:
        other.execute("UPDATE records_matter SET seq = seq WHERE id = %s", [matter.pk])
        assert Deadlines().sweep(cast.clock.now) == 0
        other.rollback()
        assert Deadlines().sweep(cast.clock.now) == 1
