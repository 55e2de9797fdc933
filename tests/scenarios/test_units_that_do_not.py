"""Units that do not sign, do not want it, or cannot do it in time."""

from datetime import timedelta

import pytest

from liandong.actions import clocks, handle, ruling
from liandong.records.models import Designation, Event, Order, Unit
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden
from tests.scenarios.day import assign, clerk, decided, does, duty, fresh, in_order, kinds, time_passes, told


def test_a_unit_that_never_signs_is_reminded_by_itself_and_watched(cast):
    said = "门口的路灯坏了一个星期，天黑摔了两个人没事"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.item, d.units[0]) == ("keep", "12345-1.5", "532301-urban")
    matter = cast.call(cast.lin, said, district="532301", kind=d.kind, item=d.item)
    order = assign(cast, matter, d.units[0], by=cast.lin)
    promised = order.answer_due_at
    for times in (1, 2, 3):
        order.refresh_from_db()
        cast.clock.now = order.due_at
        time_passes(cast, seconds=1)
        order.refresh_from_db()
        assert (order.state, order.reminded) == ("assigned", times)
    told_whom = Event.objects.filter(matter=matter, kind="order.reminded").values_list("topics", flat=True)
    assert all("unit:532301-urban" in topics and "desk:12345:532300" in topics for topics in told_whom)
    leader = Actor(role="shift_leader", person=cast.zhou.person, desk="12345:532300", work_no="5301", city="532300")
    order = cast.act(clocks.supervise, order, "三次催办没有签收", by=leader)
    assert order.supervised_at == cast.clock.now and order.answer_due_at == promised, "the clock ran from dispatch"
    does(cast, order, "换了镇流器", "灯修好了，让您久等了。")
    assert in_order(matter, "order.assigned", "order.reminded", "order.reminded", "order.reminded", "order.supervised",
                    "order.signed", "order.resolved")  # fmt: skip
    matter = told(cast, matter, "灯修好了，让您久等了。", by=cast.lin)
    assert (matter.state, matter.answer) == ("archived", "灯修好了，让您久等了。")


def test_after_two_hand_backs_the_duty_office_designates_and_nothing_goes_round_in_a_circle(cast):
    said = "小区门口的围墙歪了要人来看看，说是修路挖的"
    d = decided(cast, "12345:532300", said, district="532301")
    matter = cast.call(cast.lin, said, district="532301", kind="12345-1", item="12345-1.11")
    assert d.platform in ("12345", "110")
    first = assign(cast, matter, "532301-housing", by=cast.lin)
    housing_clerk = clerk(cast, "532301-housing")
    cast.act(handle.hand_back, first, "not_our_duty", "532301-traffic", "修路挖的，归交通", by=housing_clerk)
    second = assign(cast, matter, "532301-traffic", by=cast.lin)
    with pytest.raises(Conflict):
        assign(cast, matter, "532301-housing", by=cast.lin, part="assist")
    cast.act(handle.hand_back, second, "duties_overlap", "532301-housing", "墙归住建", by=clerk(cast, "532301-traffic"))
    asked = Designation.objects.get(matter=matter, state="asked")
    assert (asked.asked_desk.code, fresh(matter).holder.code) == ("duty:532300", "12345:532300")
    time_passes(cast, minutes=11)
    assert "designation.reminded" in kinds(matter)
    housing, traffic = (Unit.objects.get(code=c) for c in ("532301-housing", "532301-traffic"))
    holder = fresh(matter).holder
    cast.act(ruling.rule, asked, holder, "住建牵头，交通配合", by=duty(cast), lead=housing, assist=(traffic,))
    order = Order.objects.get(matter=matter, state="assigned", part="lead")
    with pytest.raises(Forbidden):
        cast.act(handle.hand_back, order, "not_our_duty", "532301-traffic", "还是不归", by=housing_clerk)
    helper = Order.objects.get(matter=matter, part="assist")
    cast.act(handle.sign, helper, by=clerk(cast, "532301-traffic"))
    cast.act(handle.resolve, helper, "路基已回填", "已回填", by=clerk(cast, "532301-traffic"))
    does(cast, order, "围墙已加固", "墙已加固，路基已回填。")
    matter = told(cast, matter, "墙已加固，路基已回填。", by=cast.lin)
    assert (matter.state, matter.answer) == ("archived", "墙已加固，路基已回填。")
    assert kinds(matter).count("order.handed_back") == 2
    assert in_order(matter, "order.handed_back", "order.handed_back", "designation.asked", "designation.decided",
                    "order.assigned", "order.assigned", "order.resolved", "matter.archived")  # fmt: skip


def test_an_extension_refused_and_an_order_suspended_for_a_court(cast):
    said = "隔壁占了我家院子一块地，法院正在判，镇上先前答应量一下"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.kind) == ("keep", "12345-7")
    matter = cast.call(cast.lin, said, district="532301", kind=d.kind, item=d.item)
    order = assign(cast, matter, "532301-town", by=cast.lin)
    town = clerk(cast, "532301-town")
    cast.act(handle.sign, order, by=town)
    limit = order.answer_due_at
    asked = cast.act(clocks.ask_extension, order, 10, "人手不够", by=town)
    cast.act(clocks.decide_extension, asked, False, by=cast.lin)
    order.refresh_from_db()
    assert (order.answer_due_at, asked.state) == (limit, "refused")
    until = cast.clock.now + timedelta(days=20)
    cast.act(clocks.suspend, order, until, "等法院判决", by=town)
    time_passes(cast, days=19)
    order.refresh_from_db()
    assert order.state == "suspended"
    time_passes(cast, days=1, minutes=1)
    order.refresh_from_db()
    assert (order.state, order.suspended_until_at) == ("signed", None)
    assert order.answer_due_at - limit == timedelta(days=20, minutes=1), "the time it stood still is given back"
    assert fresh(matter).answer_due_at == limit, "the person's own clock is never reset"
    does(cast, order, "按判决量地立桩", "地已按判决量好，界桩立了。")
    matter = told(cast, matter, "地已按判决量好，界桩立了。", by=cast.lin)
    assert (matter.state, matter.answer) == ("archived", "地已按判决量好，界桩立了。")
    assert in_order(matter, "extension.asked", "extension.refused", "order.suspended", "order.resumed",
                    "order.resolved", "matter.answered", "matter.archived")  # fmt: skip
