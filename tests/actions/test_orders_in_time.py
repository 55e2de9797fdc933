"""H1, J1, X6: clocks of orders, hand-backs that end, bodies told by telephone."""

from datetime import timedelta

import pytest

from liandong.actions import clocks, closing, crews, handle, ruling, sheets, transfer
from liandong.records.models import Designation, Dispatch, Matter, Order, Sheet, Unit
from liandong.rules.access import Actor, system
from liandong.rules.say import Conflict, Forbidden, Invalid


@pytest.fixture
def order(cast) -> Order:
    """Signed by Duan's unit."""
    matter = cast.call(cast.lin, "工地半夜打桩，睡不着", nature="complaint")
    row = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    return cast.act(handle.sign, row, by=cast.duan)


def test_an_extension_is_asked_with_a_reason_and_granted_by_the_desk(cast, order):
    before, promised = order.answer_due_at, order.matter.answer_due_at
    row = cast.act(clocks.ask_extension, order, 5, "等检测报告", by=cast.duan)
    with pytest.raises(Conflict):
        cast.act(clocks.ask_extension, order, 5, "再等", by=cast.duan)
    with pytest.raises(Forbidden):
        cast.act(clocks.decide_extension, row, True, by=cast.yue)
    cast.act(clocks.decide_extension, row, True, by=cast.lin)
    order.refresh_from_db()
    assert order.answer_due_at >= before + timedelta(days=5)
    assert Matter.objects.get(pk=order.matter_id).answer_due_at == promised


def test_an_extension_nobody_decides_is_not_granted(cast, order):
    row = cast.act(clocks.ask_extension, order, 5, "等检测报告", by=cast.duan)
    before = order.answer_due_at
    assert cast.act(clocks.lapse_extension, row, by=system("deadline")).state == "refused"
    order.refresh_from_db()
    assert order.answer_due_at == before


def test_an_order_past_its_limit_is_told_to_the_duty_office_once_for_each_limit(cast, order):
    with pytest.raises(Conflict) as early:
        cast.act(clocks.report, order, by=cast.lin)
    assert early.value.say.code == "conflict.not_late"
    cast.clock.now = order.answer_due_at
    with pytest.raises(Forbidden):
        cast.act(clocks.report, order, by=cast.yue)
    told = cast.act(clocks.report, order, by=cast.duan)  # its own unit may, as its desk may
    assert (told.reported_at, told.reported_by, told.state) == (cast.clock.now, cast.duan.unit, "signed")
    event = order.matter.events.get(kind="order.reported")
    assert "desk:duty:532300" in event.topics and Matter.objects.get(pk=order.matter_id).holder.code == cast.lin.desk
    with pytest.raises(Conflict) as twice:
        cast.act(clocks.report, order, by=cast.lin)
    assert twice.value.say.code == "conflict.reported"
    row = cast.act(clocks.ask_extension, order, 2, "等检测报告", by=cast.duan)
    cast.clock.now = cast.act(clocks.decide_extension, row, True, by=cast.lin).order.answer_due_at
    cast.act(clocks.report, order, by=cast.lin)
    assert order.matter.events.filter(kind="order.reported").count() == 2
    Matter.objects.filter(pk=order.matter_id).update(secret=True)
    with pytest.raises(Invalid):
        cast.act(clocks.report, order, by=cast.lin)


@pytest.mark.parametrize("days", [0, -1, 31])
def test_an_extension_of_impossible_length_is_refused(cast, order, days):
    with pytest.raises(Invalid):
        cast.act(clocks.ask_extension, order, days, "等", by=cast.duan)


def test_a_suspension_has_a_reason_and_an_end_and_resumes_by_itself_with_the_time_given_back(cast, order):
    before = order.answer_due_at
    with pytest.raises(Invalid):
        cast.act(clocks.suspend, order, cast.clock.now - timedelta(days=1), "等法院", by=cast.duan)
    row = cast.act(clocks.suspend, order, cast.clock.now + timedelta(days=3), "等法院判决", by=cast.duan)
    assert row.due_at == cast.clock.now + timedelta(days=3)
    cast.clock.on(days=3)
    row = cast.act(clocks.resume, row, by=system("order.resume"))
    assert (row.state, row.answer_due_at) == ("signed", before + timedelta(days=3))


def test_a_second_hand_back_goes_to_the_duty_office_and_never_round_in_a_circle(cast, order):
    matter = order.matter
    cast.act(handle.hand_back, order, "not_our_duty", cast.lei.unit, "归另一家", by=cast.duan)
    duan_unit, lei_unit = (Unit.objects.get(code=a.unit) for a in (cast.duan, cast.lei))
    with pytest.raises(Conflict) as told:
        cast.act(handle.assign, matter, duan_unit, by=cast.lin)
    assert told.value.say.code == "conflict.circle"
    second = cast.act(handle.assign, matter, lei_unit, by=cast.lin)
    cast.act(handle.hand_back, second, "duties_overlap", cast.duan.unit, "两家都管", by=cast.lei)
    asked = Designation.objects.get(matter=matter, state="asked")
    duty = Actor(role="duty_officer", person=cast.gao.person, desk="duty:532300", city="532300", work_no="9001")
    cast.act(ruling.rule, asked, matter.holder, "噪声由你局牵头", by=duty, lead=duan_unit, assist=(lei_unit,))
    named = Order.objects.get(matter=matter, state="assigned", part="lead")
    assert (named.designated, named.part) == (True, "lead")
    assert Order.objects.get(matter=matter, part="assist").unit == lei_unit
    with pytest.raises(Forbidden):
        cast.act(handle.hand_back, named, "not_our_duty", cast.lei.unit, "还是不管", by=cast.duan)


def test_lead_and_assisting_units_each_have_their_clock_and_only_the_lead_closes(cast, order):
    cast.clock.on(hours=20)
    helper = cast.act(handle.assign, order.matter, Unit.objects.get(code=cast.lei.unit), by=cast.lin, part="assist")
    assert helper.assigned_at > order.assigned_at and helper.sign_due_at > order.sign_due_at
    helper = cast.act(handle.sign, helper, by=cast.lei)
    cast.act(handle.resolve, helper, "已查", "已查", by=cast.lei)
    assert Matter.objects.get(pk=order.matter_id).state == "handling"


def test_a_utility_runs_in_minutes_on_natural_hours(cast):
    matter = cast.call(cast.lin, "停水一整天了", kind="12345-1", item="12345-1.1")
    assert matter.due_at - cast.clock.now == timedelta(hours=2)
    row = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    assert row.sign_due_at - cast.clock.now == timedelta(minutes=30)


def test_a_call_sheet_is_numbered_told_confirmed_and_reconciled_with_true_times(cast):
    matter = cast.call(cast.lin, "养老院门口的桥断了")
    first = cast.act(sheets.write, matter, "养老院", "3121212", "请先拦住老人", by=cast.lin)
    second = cast.act(sheets.write, matter, "公路段", "3131313", "请来人看桥", by=cast.lin)
    last = Sheet.objects.exclude(pk__in=[first.pk, second.pk]).count()  # a bridge down: services have theirs already
    assert [first.number, second.number] == [f"2026-{last + 1}", f"2026-{last + 2}"]
    told = cast.clock.now - timedelta(minutes=2)
    row = cast.act(sheets.tell, first, "王值班", told, by=cast.lin)
    assert (row.told_at, row.told_by) == (told, "07")
    cast.act(sheets.confirm, row, "王值班", by=cast.lin)
    with pytest.raises(Invalid):
        cast.act(sheets.reconcile, row, "已拦", by=cast.lin, finished_at=cast.clock.now + timedelta(hours=1))
    arrived, finished = cast.clock.now - timedelta(seconds=90), cast.clock.now - timedelta(seconds=30)
    row = cast.act(sheets.reconcile, row, "已拦", by=cast.lin, arrived_at=arrived, finished_at=finished)
    assert (row.state, row.arrived_at) == ("reconciled", arrived)


def test_a_crew_signs_leaves_arrives_clears_and_reports_and_several_crews_may_go(cast):
    matter = cast.call(cast.yue, "两伙人在广场打架，有人受伤", district="532301")
    first = cast.act(crews.dispatch, matter, "鹿城所 1 车 3 人", by=cast.yue)
    second = cast.act(crews.dispatch, matter, "特警 2 车 8 人", by=cast.yue)
    for step in (crews.sign, crews.leave, crews.arrive, crews.clear):
        cast.clock.on(minutes=2)
        first = cast.act(step, first, by=cast.yue)
    assert None not in (first.signed_at, first.left_at, first.arrived_at, first.cleared_at)
    cast.act(crews.report, first, "已分开", by=cast.yue, final_kind="110-1")
    assert Matter.objects.get(pk=matter.pk).danger == "raised", "another crew is still out"
    cast.act(crews.report, second, "带回两人", by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"
    assert not Dispatch.objects.exclude(state="done").exists()


def test_a_lead_told_in_confidence_goes_to_110_without_voice_and_without_its_source(cast):
    matter = cast.call(cast.lin, "听说下周有人组织去堵路", call=True, district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin, in_confidence=True)
    matter.refresh_from_db()
    assert (row.with_voice, matter.secret, matter.source_hidden) == (False, True, True)


def test_a_complaint_about_police_is_secret_and_goes_only_to_police_supervision(cast):
    matter = cast.call(cast.lin, "派出所民警收钱不办事", kind="110-7", district="532301")
    cast.act(transfer.accept, cast.act(transfer.offer, matter, cast.desk("110:532300"), by=cast.lin), by=cast.bai)
    matter.refresh_from_db()
    assert matter.secret
    with pytest.raises(Invalid) as told:
        cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.bai)
    assert told.value.say.code == "invalid.unit_supervision"
    unit = Unit.objects.get(code="532300-police-supervision")
    assert cast.act(handle.assign, matter, unit, by=cast.bai).unit == unit


def test_nothing_is_closed_while_a_sheet_s_matter_has_danger_with_nobody_sent(cast):
    matter = cast.call(cast.lin, "桥断了，有人掉下去了", district="532301")
    with pytest.raises(Conflict) as told:
        cast.act(closing.close, matter, "answered", answer="好", by=cast.lin)
    assert told.value.say.code == "conflict.open_demand"
