"""Neighbours: a boundary, and a noise that neither list names."""

import pytest

from liandong.actions import closing, confer, crews, handle, ruling, transfer
from liandong.records.models import Designation, Order
from liandong.rules.say import Conflict
from tests.scenarios.day import assign, at, clerk, decided, desk, does, duty, fresh, in_order, kinds, time_passes, told


def test_neighbours_fight_over_a_boundary_findings_then_joint_mediation(cast):
    said = "隔壁砌墙砌到我家地界上来了，两家吵得凶，话越说越难听"
    d = decided(cast, "110:532301", said, district="532301")
    assert (d.act, d.platform, d.kind, d.ask.id) == ("keep", "110", "12345-7", "dispute.handled")
    matter = cast.call(cast.yue, said, district="532301", kind=d.kind, item=d.item)
    with pytest.raises(Conflict) as refused:
        cast.act(transfer.offer, matter, desk("12345:532300"), by=cast.yue)
    assert refused.value.say.code == "conflict.first_handling"
    crew = cast.act(crews.dispatch, matter, "鹿城所 2 人", by=cast.yue)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(crews.report, crew, "双方已劝开，无人动手，不构成案件", by=cast.yue, no_offence=True)
    d = decided(cast, "110:532301", said, district="532301", answers={"dispute.handled": "yes"})
    assert (d.act, d.desk) == ("transfer", "12345:532300")
    cast.act(transfer.accept, cast.act(transfer.offer, matter, desk(d.desk), by=cast.yue), by=cast.lin)
    lead = assign(cast, matter, "532301-justice", by=cast.lin, ask="牵头调解")
    helper = assign(cast, matter, "532301-town", by=cast.lin, ask="带土地证存根到场", part="assist")
    cast.act(handle.sign, helper, by=clerk(cast, "532301-town"))
    cast.act(handle.resolve, helper, "存根已核对", "已到场", by=clerk(cast, "532301-town"))
    assert fresh(matter).state == "handling", "only the lead closes"
    cast.clock.on(days=4)
    does(cast, lead, "双方签了调解协议，墙退二十公分", "调解好了，墙退回二十公分。")
    matter = told(cast, matter, "调解好了，墙退回二十公分。", by=cast.lin, outcome="已达成调解协议")
    assert (matter.state, matter.holder.code, matter.first_receiver.code) == ("archived", "12345:532300", "110:532301")
    assert (matter.answer, matter.outcome) == ("调解好了，墙退回二十公分。", "已达成调解协议")
    orders = Order.objects.filter(matter=matter, state="resolved")
    assert {o.part for o in orders} == {"lead", "assist"}
    assert in_order(matter, "dispatch.done", "transfer.accepted", "order.assigned", "order.assigned", "order.resolved",
                    "order.resolved", "matter.answered", "matter.archived")  # fmt: skip


DISCO = "我家楼上天天晚上放大音箱，吵到两三点，打给环保说归公安，问公安说归环保，你们说这个到底归哪个管"


def test_a_disco_upstairs_that_neither_list_names_stays_with_the_first_receiver_in_chuxiong(cast):
    at(cast, 11, 20, 23, 30)
    d = decided(cast, "12345:532300", DISCO, district="532301")
    assert (d.act, d.desk, d.cite.say.code) == ("three_way", "110:532301", "routing.unclear.first_receiver")
    matter = cast.call(cast.lin, DISCO, district="532301")
    talk = cast.act(confer.invite, matter, desk(d.desk), by=cast.lin)
    cast.act(confer.join, talk, by=cast.yue)
    cast.act(confer.settle, talk, desk("110:532301"), "要民警上门", by=cast.lin)
    cast.act(confer.settle, talk, desk("12345:532300"), "没人打架，不归我们", by=cast.yue)
    time_passes(cast, minutes=3)
    talk.refresh_from_db()
    assert (talk.state, fresh(matter).holder.code) == ("lapsed", "12345:532300")
    assert not Designation.objects.filter(matter=matter).exists()
    order = assign(cast, matter, "532301-environment", by=cast.lin)
    cast.clock.on(days=2)
    does(cast, order, "房东已承诺十点后不放音响", "已和房东谈妥，十点后不再放音响。")
    matter = told(cast, matter, "已和房东谈妥，十点后不再放音响。", by=cast.lin)
    assert (matter.state, matter.answer) == ("archived", "已和房东谈妥，十点后不再放音响。")
    assert in_order(matter, "conference.opened", "conference.joined", "conference.proposed", "conference.proposed",
                    "conference.lapsed", "order.assigned", "matter.answered")  # fmt: skip


def test_a_disco_upstairs_that_neither_list_names_is_designated_by_the_duty_office_in_panzhihua(cast):
    at(cast, 11, 20, 23, 30)
    d = decided(cast, "12345:510400", DISCO, district="510402")
    assert (d.act, d.desk, d.cite.say.code) == ("three_way", "110:510402", "routing.unclear.duty_office")
    matter = cast.call(cast.he, DISCO, district="510402")
    cast.act(confer.invite, matter, desk(d.desk), by=cast.he)
    time_passes(cast, minutes=3)
    asked = Designation.objects.get(matter=matter)
    assert (asked.state, asked.asked_desk.code, fresh(matter).holder.code) == ("asked", "duty:510400", "12345:510400")
    time_passes(cast, minutes=10)
    assert kinds(matter)[-1] == "designation.reminded"
    cast.act(ruling.rule, asked, desk("110:510400"), "夜间扰民，先由公安上门", by=duty(cast, "510400"))
    assert fresh(matter).holder.code == "110:510400"
    crew = cast.act(crews.dispatch, matter, "东区巡警 2 人", by=cast.luo)
    cast.act(crews.arrive, crew, by=cast.luo)
    cast.act(crews.report, crew, "已劝散", by=cast.luo, no_offence=True)
    cast.act(closing.close, matter, "handled", answer="民警已上门劝散。", by=cast.luo)
    matter = fresh(matter)
    assert (matter.state, matter.answer, matter.first_receiver.code) == ("archived", "民警已上门劝散。", "12345:510400")
    assert in_order(matter, "conference.lapsed", "designation.asked", "designation.decided", "dispatch.done")
