"""What was given out can be taken back, and what was archived opened again, each with a reason."""

import pytest

from liandong.actions import clocks, closing, handle, joining, reply
from liandong.records.models import Matter, Order, Unit
from liandong.rules.say import Conflict, Forbidden, Invalid


@pytest.fixture
def order(cast) -> Order:
    matter = cast.call(cast.lin, "工地半夜打桩，睡不着", nature="complaint")
    return cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)


def test_a_withdrawn_lead_brings_the_matter_back_to_its_desk_with_a_clock(cast, order):
    cast.act(handle.withdraw, order, "派错了单位", by=cast.lin)
    matter = Matter.objects.get(pk=order.matter_id)
    assert (order.state, order.due_at, matter.state) == ("withdrawn", None, "held")
    assert matter.due_at > cast.clock.now
    with pytest.raises(Conflict):
        cast.act(handle.sign, Order.objects.get(pk=order.pk), by=cast.duan)
    assert cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin).state == "assigned"


def test_only_the_holding_desk_withdraws_and_says_why(cast, order):
    for by in (cast.yue, cast.duan):
        with pytest.raises(Forbidden):
            cast.act(handle.withdraw, order, "派错了", by=by)
    with pytest.raises(Invalid):
        cast.act(handle.withdraw, order, " ", by=cast.lin)


def test_an_assisting_order_withdrawn_leaves_the_lead_at_work(cast, order):
    helper = cast.act(handle.assign, order.matter, Unit.objects.get(code=cast.lei.unit), by=cast.lin, part="assist")
    cast.act(handle.withdraw, helper, "不用了", by=cast.lin)
    assert Matter.objects.get(pk=order.matter_id).state == "handling"


def test_an_extension_asked_for_cannot_be_granted_once_the_order_is_withdrawn(cast, order):
    order = cast.act(handle.sign, order, by=cast.duan)
    row = cast.act(clocks.ask_extension, order, 5, "等检测", by=cast.duan)
    cast.act(handle.withdraw, order, "派错了", by=cast.lin)
    with pytest.raises(Conflict) as told:
        cast.act(clocks.decide_extension, row, True, by=cast.lin)
    assert told.value.say.code == "conflict.extension"


def test_a_suspended_lead_is_a_lead_and_no_second_one_is_given_out(cast, order):
    order = cast.act(handle.sign, order, by=cast.duan)
    cast.act(clocks.suspend, order, cast.clock.now.replace(day=25), "等法院", by=cast.duan)
    with pytest.raises(Conflict) as told:
        cast.act(handle.assign, order.matter, Unit.objects.get(code=cast.lei.unit), by=cast.lin)
    assert told.value.say.code == "conflict.order_has_lead"


def test_what_was_archived_is_opened_again_with_a_reason_and_a_clock(cast):
    matter = cast.call(cast.lin, "社保卡丢了去哪里补", nature="inquiry")
    cast.act(closing.close, matter, "answered", answer="到窗口补办", by=cast.lin)
    with pytest.raises(Invalid):
        cast.act(closing.reopen, matter, "", by=cast.lin)
    with pytest.raises(Forbidden):
        cast.act(closing.reopen, matter, "还是不会办", by=cast.yue)
    cast.act(closing.reopen, matter, "还是不会办", by=cast.lin)
    matter.refresh_from_db()
    assert (matter.state, matter.closing, matter.archived_at) == ("held", "", None)
    assert matter.due_at > cast.clock.now
    with pytest.raises(Conflict):
        cast.act(closing.reopen, matter, "再开一次", by=cast.lin)


def test_a_matter_archived_with_its_parent_comes_back_on_its_own(cast):
    first, again = cast.call(cast.lin, "桥头路灯不亮"), cast.call(cast.lin, "桥头的灯还是不亮")
    cast.act(joining.merge, again, first, by=cast.lin)
    order = cast.act(handle.assign, first, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    order = cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "线缆老化", "灯已修好", by=cast.duan)
    cast.act(reply.tell, first, "灯已修好", "路灯已修复", by=cast.lin)
    cast.act(reply.deliver, first.deliveries.get(), "phone", by=cast.lin)
    cast.act(reply.follow_up, first, by=cast.lin, reached=True, solved=True)
    cast.act(closing.reopen, again, "是另一盏灯", by=cast.lin)
    again.refresh_from_db()
    assert (again.state, again.merged_into) == ("held", None)
    assert Matter.objects.get(pk=first.pk).state == "archived"
