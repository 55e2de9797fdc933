"""Many calls, one matter; or not: a caller who rings both desks, the 137th call of a collapse."""

from liandong.actions import asking, closing, crews, danger, joining, reply
from liandong.records.models import Delivery, Demand, Matter
from tests.scenarios.day import assign, decided, does, fresh, in_order, kinds


def test_one_caller_rings_both_desks(cast):
    said = "桥头有人打架，是两个开铺子的为了占道，已经散了"
    first = cast.call(cast.lin, "桥头两家铺子占道摆摊，为这个还吵起来", number="13800004444", district="532301",
                      kind="12345-2", item="12345-2.6")  # fmt: skip
    d = decided(cast, "110:532301", said, district="532301")
    assert d.act in ("keep", "three_way") and "110" in {platform for _, platform in d.parts}
    cast.clock.on(minutes=4)
    second = cast.call(cast.yue, said, number="13800004444", district="532301", kind="110-1", item="110-1.2")
    link = cast.act(joining.link, second, first, "同一个来电人，同一件事", by=cast.yue)
    assert (link.earlier, fresh(second).holder.code) == (first, "110:532301"), "each keeps its holder"
    for demand in Demand.objects.filter(matter=second, state="open"):
        cast.act(danger.lower, demand, "电话核实已散", by=cast.yue)
    asked = cast.act(asking.ask, second, first, "源头是占道，并到我们这件", by=cast.lin)
    assert fresh(second).state == "held"
    cast.act(asking.agree, asked, by=cast.yue)
    second = fresh(second)
    assert (second.state, second.holder.code, second.first_receiver.code) == ("merged", "12345:532300", "110:532301")
    order = assign(cast, first, "532301-urban", by=cast.lin)
    does(cast, order, "占道已清", "占道的摊子已经清了。")
    cast.act(reply.tell, first, "占道的摊子已经清了。", "占道已清", by=cast.lin)
    owed = Delivery.objects.get(matter=first)
    cast.act(reply.deliver, owed, "sms", by=cast.lin)
    cast.act(reply.follow_up, first, by=cast.lin, reached=True, solved=True)
    first, second = fresh(first), fresh(second)
    assert (first.state, second.state, second.answer) == ("archived", "archived", "占道的摊子已经清了。")
    assert in_order(second, "matter.linked", "joining.asked", "matter.merged", "matter.archived")
    assert in_order(first, "matter.linked", "matter.joined", "order.assigned", "matter.answered", "delivery.done")


CALLS = 137


def test_the_137th_call_of_a_building_collapse_is_another_building(cast):
    said, place = "城东幸福里三栋塌了，有人埋在里面", "幸福里 3 栋"
    d = decided(cast, "110:532301", said, district="532301")
    assert (d.act, d.urgent, set(d.also)) == ("keep", True, {"119", "120"})
    first = cast.call(cast.yue, said, district="532301", place=place, kind="110-4", number="13800000001")
    crew = cast.act(crews.dispatch, first, "全员", by=cast.yue)
    for n in range(2, CALLS):
        again = cast.call(cast.yue, "幸福里的楼塌了快来人", district="532301", place=place, number=f"138000{n:05d}")
        cast.act(joining.merge, again, first, by=cast.yue)
    assert Matter.objects.filter(merged_into=first).count() == CALLS - 2
    assert not Demand.objects.filter(state="open").exists(), "people were sent: the same place raises nothing again"
    other = "城南三组的老房子也塌了，里头有个老人"
    last = cast.call(cast.yue, other, district="532301", place="城南三组", number="13800000137")
    cast.act(joining.merge, last, first, by=cast.yue)
    raised = Demand.objects.get(state="open")
    assert raised.matter == first and last.number in raised.means and "城南三组" in raised.means
    scouts = cast.act(crews.dispatch, first, "二组赶往核实", by=cast.yue)
    cast.act(joining.unmerge, last, by=cast.yue, why="是另一栋楼")
    own = Demand.objects.get(matter=last, state="open")
    assert (own.desk.code, fresh(last).state, fresh(last).danger) == ("110:532301", "held", "raised")
    third = cast.act(crews.dispatch, last, "城南所 2 车", by=cast.yue)
    for row, found in ((crew, "救出两人"), (scouts, "转往城南"), (third, "老人救出，轻伤")):
        cast.act(crews.arrive, row, by=cast.yue)
        cast.act(crews.report, row, found, by=cast.yue)
    cast.act(closing.close, last, "handled", answer="老人已救出。", by=cast.yue)
    order = assign(cast, first, "532301-housing", by=cast.yue)
    does(cast, order, "危楼已封", "人员已救出，楼已封闭。")
    cast.act(reply.tell, first, "人员已救出，楼已封闭。", "险情已排除", by=cast.yue)
    owed = Delivery.objects.filter(matter=first, state="due")
    assert owed.count() == CALLS - 2, "every caller is told, the 137th of his own house"
    for row in owed:
        cast.act(reply.deliver, row, "sms", by=cast.yue)
    cast.act(reply.follow_up, first, by=cast.yue, reached=True, solved=True)
    assert set(Matter.objects.values_list("state", flat=True)) == {"archived"}
    assert fresh(last).answer == "老人已救出。" and fresh(first).outcome == "险情已排除"
    assert in_order(last, "danger.raised", "demand.carried", "matter.merged", "matter.unmerged", "danger.raised",
                    "dispatch.sent", "danger.lowered", "matter.closed")  # fmt: skip
    assert kinds(first).count("matter.joined") == CALLS - 1 and "matter.parted" in kinds(first)
