"""Acts on an order that cross: real connections, one outcome each (docs/explanation/crossings.md)."""

from datetime import timedelta

import pytest

from liandong.actions import clocks, closing, danger, handle, joining, reply
from liandong.records.models import Matter, Order, Unit
from tests.actions.test_crossings import _unable, _whole, at_once
from tests.cast import Cast, assemble


@pytest.fixture
def cast(own_database) -> Cast:
    return assemble()


def signed(cast) -> Order:
    """Signed by Duan's unit, which has reached the person."""
    matter = cast.call(cast.lin, "工地半夜打桩", nature="complaint", district="532301")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    return cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_an_extension_granted_while_the_order_is_resolved_leaves_it_resolved(cast):
    for _ in range(4):
        order = signed(cast)
        row = cast.act(clocks.ask_extension, order, 5, "等检测", by=cast.duan)
        results = at_once(
            lambda r=row: cast.act(clocks.decide_extension, r, True, by=cast.lin),
            lambda o=order: cast.act(handle.resolve, fresh(o), "查了", "已停工", by=cast.duan),
        )
        assert _unable(results) in ([], ["conflict.extension"])
        assert (fresh(order).state, fresh(order).due_at) == ("resolved", None)
        assert _whole(order.matter)


def test_danger_is_raised_whether_or_not_the_order_was_just_suspended(cast):
    for _ in range(4):
        order = signed(cast)
        until = cast.clock.now + timedelta(days=3)
        results = at_once(
            lambda o=order, u=until: cast.act(clocks.suspend, fresh(o), u, "等法院", by=cast.duan),
            lambda o=order: cast.act(danger.raise_danger, o.matter, "双方动手", by=cast.duan),
        )
        assert _unable(results) in ([], ["conflict.danger_open"])
        matter = Matter.objects.get(pk=order.matter_id)
        assert (matter.danger, matter.demands.filter(state="open").count()) == ("raised", 1)
        assert _whole(matter)


def test_a_withdrawal_and_a_resolution_end_the_order_once(cast):
    for _ in range(4):
        order = signed(cast)
        results = at_once(
            lambda o=order: cast.act(handle.withdraw, fresh(o), "派错了", by=cast.lin),
            lambda o=order: cast.act(handle.resolve, fresh(o), "查了", "已停工", by=cast.duan),
        )
        assert _unable(results) == ["conflict.order"]
        state = Matter.objects.get(pk=order.matter_id).state
        assert (fresh(order).state, state) in (("withdrawn", "held"), ("resolved", "resolved"))
        assert _whole(order.matter)


def test_two_leads_given_out_at_once_are_one(cast):
    matter = cast.call(cast.lin, "工地半夜打桩", nature="complaint")
    units = [Unit.objects.get(code=a.unit) for a in (cast.duan, cast.lei)]
    results = at_once(*[lambda u=u: cast.act(handle.assign, matter, u, by=cast.lin) for u in units])
    assert _unable(results) == ["conflict.order_has_lead"]
    assert Order.objects.filter(matter=matter).count() == 1 and _whole(matter)


def test_an_order_to_the_parent_and_a_child_taken_out_are_both_done(cast):
    for _ in range(4):
        first, second = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "井盖坏了")
        cast.act(joining.merge, second, first, by=cast.lin)
        results = at_once(
            lambda f=first: cast.act(handle.assign, f, Unit.objects.get(code=cast.duan.unit), by=cast.lin),
            lambda s=second: cast.act(joining.unmerge, s, by=cast.lin, why="是另一处"),
        )
        assert not _unable(results)
        states = [Matter.objects.get(pk=m.pk).state for m in (first, second)]
        assert states == ["handling", "held"]
        assert _whole(first) and _whole(second)


def test_an_order_given_while_its_matter_is_merged_freezes_or_is_refused(cast):
    for _ in range(4):
        first, second = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "井盖坏了")
        results = at_once(
            lambda f=first, s=second: cast.act(joining.merge, s, f, by=cast.lin),
            lambda s=second: cast.act(handle.assign, s, Unit.objects.get(code=cast.duan.unit), by=cast.lin),
        )
        assert _unable(results) in ([], ["conflict.matter"])
        assert Matter.objects.get(pk=second.pk).state == "merged"
        assert not Order.objects.filter(matter=second).exclude(state="frozen").exists()
        assert _whole(first) and _whole(second)


def test_an_answer_and_a_closing_at_once_are_the_answer(cast):
    for _ in range(4):
        order = signed(cast)
        cast.act(handle.resolve, order, "查了", "已停工", by=cast.duan)
        results = at_once(
            lambda o=order: cast.act(reply.tell, o.matter, "已停工", "已处理", by=cast.lin),
            lambda o=order: cast.act(closing.close, o.matter, "answered", answer="已停工", by=cast.lin),
        )
        assert _unable(results) == ["conflict.matter"]
        assert Matter.objects.get(pk=order.matter_id).state == "answered"
        assert _whole(order.matter)
