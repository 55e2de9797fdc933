"""Water: a hydrant that breaks, and taps that run dry at midnight on a holiday."""

from datetime import timedelta

from liandong.actions import closing, crews, danger, handle, joining, sheets, transfer
from liandong.records.models import Demand
from tests.scenarios.day import assign, at, clerk, decided, desk, does, fresh, in_order, kinds, time_passes, told


def test_a_hydrant_is_broken_water_runs_and_cars_slide(cast):
    said = "路口的消防栓被撞断了，水喷得老高，路上全是水，车子一直打滑"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.desk, d.urgent, d.also, d.ask.id) == ("transfer", "110:532301", True, ("122",), "traffic.hurt")
    assert d.parts == (("110-3", "110"), ("12345-1", "12345")) and d.units[0] == "532301-fire"
    matter = cast.call(cast.lin, said, district="532301", kind="12345-1", item="12345-1.6", place="彝海路口")
    cast.act(danger.raise_danger, matter, "消防栓断，要关水", by=cast.lin, also=("119",))
    demand = Demand.objects.get(matter=matter)
    assert demand.also == ["119", "122"] and "消防栓" in demand.means, "said again, it is the same demand"
    words = "路面积水，车子打滑，要人指挥交通"
    cars = cast.act(joining.split, matter, words, by=cast.lin, kind="110-3", item="110-3.6")
    crew = cast.act(crews.dispatch, matter, "交警 1 车", by=cast.yue)
    for body, line in (("楚雄市消防救援大队", "119"), ("供排水公司", "3121212")):
        sheet = cast.act(sheets.write, matter, body, line, "彝海路口消防栓断，请关阀", by=cast.lin)
        cast.act(sheets.tell, sheet, "值班员", cast.clock.now, by=cast.lin)
        cast.act(sheets.confirm, sheet, "值班员", by=cast.lin)
    order = assign(cast, matter, "532301-fire", by=cast.lin)
    assert order.sign_due_at - cast.clock.now == timedelta(minutes=15), "in danger a unit signs in minutes"
    cast.act(transfer.accept, cast.act(transfer.offer, cars, desk("110:532301"), by=cast.lin), by=cast.shi)
    for step in (crews.arrive, crews.clear):
        cast.clock.on(minutes=5)
        cast.act(step, crew, by=cast.yue)
    cast.act(crews.report, crew, "阀已关，路面有人指挥", by=cast.yue)
    for number in Demand.objects.filter(matter=cars, state="open"):
        cast.act(danger.lower, number, "交警已在现场，见主件", by=cast.yue)
    cast.act(closing.close, cars, "handled", answer="交警已在路口指挥，现在能走。", by=cast.shi)
    does(cast, order, "消防栓已换新", "消防栓修好了，路面已清。")
    matter = told(cast, matter, "消防栓修好了，路面已清。", by=cast.lin)
    cars = fresh(cars)
    assert (matter.state, cars.state, matter.danger) == ("archived", "archived", "lowered")
    assert (matter.holder.code, cars.holder.code) == ("12345:532300", "110:532301")
    assert (matter.answer, cars.answer) == ("消防栓修好了，路面已清。", "交警已在路口指挥，现在能走。")
    assert in_order(matter, "danger.raised", "danger.added", "dispatch.sent", "sheet.confirmed", "order.assigned",
                    "danger.lowered", "order.resolved", "matter.answered")  # fmt: skip


def test_the_water_is_cut_at_midnight_on_a_holiday(cast):
    midnight = at(cast, 12, 31, 23, 50)  # the night before New Year's Day
    said = "我们小区半夜停水了，老人娃娃一大家子没水用"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.kind, d.item, d.urgent, d.units[0]) == ("keep", "12345-1", "12345-1.1", False, "532301-tap")
    matter = cast.call(cast.lin, said, district="532301", kind=d.kind, item=d.item)
    assert matter.due_at - midnight == timedelta(hours=2)
    order = assign(cast, matter, "532301-tap", by=cast.lin)
    assert order.sign_due_at - midnight == timedelta(minutes=30), "natural hours, holiday or not"
    time_passes(cast, minutes=31)
    order.refresh_from_db()
    assert (order.state, order.reminded, kinds(matter)[-1]) == ("assigned", 1, "order.reminded")
    cast.act(handle.sign, order, by=clerk(cast, "532301-tap"))
    cast.clock.on(hours=4)
    does(cast, order, "主管爆裂，已抢修", "凌晨五点恢复供水。")
    matter = told(cast, matter, "凌晨五点恢复供水。", by=cast.lin)
    assert (matter.state, matter.answer, matter.holder.code) == ("archived", "凌晨五点恢复供水。", "12345:532300")
    assert in_order(matter, "order.assigned", "order.reminded", "order.signed", "order.resolved", "matter.answered",
                    "matter.archived")  # fmt: skip
