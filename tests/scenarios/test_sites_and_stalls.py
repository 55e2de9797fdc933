"""Danger beside somebody else's work: a crane and wages, a stall and a gas bottle."""

from liandong.actions import closing, crews, danger, handle, joining, transfer
from liandong.records.models import Demand
from tests.scenarios.day import assign, clerk, decided, desk, does, fresh, in_order, kinds, told, told_as_one


def test_a_threat_from_a_crane_for_wages_with_the_labour_order_beside_it(cast):
    said = "鹿城镇工地上，包工头拖欠我们四个月工资，老李爬上塔吊说今天不给钱就往下跳"
    d = decided(cast, "12345:532300", said)
    assert (d.act, d.desk, d.urgent) == ("transfer", "110:532301", True)
    assert [platform for _, platform in d.parts] == ["110", "12345"] and set(d.also) == {"119", "120"}
    matter = cast.call(cast.lin, said, district="532301", place="鹿城镇工地")
    demand = Demand.objects.get(matter=matter)
    words = "包工头拖欠工资四个月，约三十人"
    wages = cast.act(joining.split, matter, words, by=cast.lin, kind="12345-7", nature="complaint")
    assert (wages.danger, fresh(matter).danger) == ("none", "raised")
    crew = cast.act(crews.dispatch, matter, "鹿城所 2 车 6 人", by=cast.yue)
    order = assign(cast, wages, "532301-labour", by=cast.lin, ask="先到现场谈工资")
    demand.refresh_from_db()
    assert (demand.state, order.state) == ("met", "assigned"), "both at once, neither waits for the other"
    cast.act(transfer.accept, cast.act(transfer.offer, matter, desk("110:532301"), by=cast.lin), by=cast.yue)
    cast.clock.on(minutes=6)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.clock.on(minutes=25)
    cast.act(crews.report, crew, "人已劝下，无人受伤", by=cast.yue, final_kind="110-8.2")
    cast.act(closing.close, matter, "handled", answer="人已劝下来，工资由人社局接着办。", by=cast.yue)
    assert fresh(wages).state == "handling", "the wages go on when the danger is over"
    cast.clock.on(days=5)
    does(cast, order, "已责令补发，三十人全部到账", "工资已全部补发到卡上。")
    wages = told_as_one(cast, wages, "工资已全部补发到卡上。", by=cast.lin, outcome="欠薪已补发")
    assert (wages.state, wages.holder.code, wages.answer) == ("archived", "12345:532300", "工资已全部补发到卡上。")
    assert wages.query_code == fresh(matter).query_code
    assert in_order(matter, "danger.raised", "matter.split", "dispatch.sent", "transfer.accepted", "danger.lowered",
                    "matter.closed")  # fmt: skip
    assert "danger.raised" not in kinds(wages)


def test_enforcement_blocked_with_a_gas_bottle(cast):
    matter = cast.call(cast.lin, "菜市场门口的棚子占了消防通道", district="532301", kind="12345-2", item="12345-2.1")
    order = assign(cast, matter, "532301-urban", by=cast.lin)
    team = clerk(cast, "532301-urban")
    cast.act(handle.sign, order, by=team)
    cast.clock.on(hours=3)
    words = "我们来拆棚子，店主把煤气瓶拧开抱在怀里，说谁靠近就点火"
    d = decided(cast, "12345:532300", words, district="532301")
    assert (d.urgent, d.desk, d.also) == (True, "110:532301", ("119",))
    demand = cast.act(danger.raise_danger, matter, "店主拧开煤气瓶，扬言点火", by=team, also=("119",))
    assert (demand.desk.code, demand.raised_by_unit.code, demand.also) == ("110:532301", "532301-urban", ["119"])
    assert fresh(matter).holder.code == "12345:532300", "danger moves no custody"
    first = cast.act(crews.dispatch, matter, "鹿城所 1 车 4 人", by=cast.yue)
    second = cast.act(crews.dispatch, matter, "特警 1 车 6 人", by=cast.yue)
    for crew in (first, second):
        cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(crews.report, second, "疏散周边", by=cast.yue)
    assert fresh(matter).danger == "raised", "one crew is still at it"
    cast.act(crews.report, first, "煤气瓶已关阀收走，店主带回", by=cast.yue, final_kind="110-8.5")
    assert fresh(matter).danger == "lowered"
    does(cast, order, "棚子已拆，消防通道恢复", "占用消防通道的棚子已拆除。")
    matter = told(cast, matter, "占用消防通道的棚子已拆除。", by=cast.lin)
    assert (matter.state, matter.holder.code) == ("archived", "12345:532300")
    assert matter.answer == "占用消防通道的棚子已拆除。"
    assert in_order(matter, "order.signed", "danger.raised", "dispatch.sent", "dispatch.sent", "danger.lowered",
                    "order.resolved", "matter.answered", "matter.archived")  # fmt: skip
