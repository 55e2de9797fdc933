"""Help is needed where the caller is not: another county, no known county, a motorway at dusk."""

from liandong.actions import closing, confer, crews, joining, ruling, sheets, transfer
from liandong.records.models import Demand, Seat
from tests.scenarios.day import (
    assign,
    at,
    decided,
    desk,
    does,
    fresh,
    in_order,
    kinds,
    police,
    time_passes,
    told_as_one,
)


def test_poison_drunk_in_a_field_two_counties_away(cast):
    said = "我老公在苞谷地里喝了敌敌畏，叫不答应了，人在元谋县，我在楚雄市打工赶不回去"
    d = decided(cast, "12345:532300", said)
    assert (d.act, d.urgent, d.also) == ("transfer", True, ("120",))
    assert {r.say.code for r in d.reasons} >= {"routing.because.danger", "routing.because.place_open"}
    matter = cast.call(cast.lin, said)  # two counties named: 110 of the prefecture first, then of the place
    assert Demand.objects.get(matter=matter).desk.code == "110:532300"
    d = decided(cast, "12345:532300", said, answers={"place.532301": "no", "place.532328": "yes"})
    assert d.desk == "110:532328"

    Seat.objects.create(desk=desk("110:532328"), number="05", person_id=cast.duan.person, presence="break",
                        seen_at=cast.clock.now)  # fmt: skip
    matter = cast.call(cast.lin, said, district="532328", place="元谋县老城乡苞谷地")
    demand = Demand.objects.get(matter=matter)
    assert (demand.desk.code, demand.also, demand.state) == ("110:532328", ["120"], "open")
    yuanmou = police(cast, "532328")
    crew = cast.act(crews.dispatch, matter, "老城所 1 车 2 人", by=yuanmou)
    sheet = cast.act(sheets.write, matter, "元谋县 120", "120", "喝农药，叫不应，在苞谷地，派救护车", by=yuanmou)
    cast.act(sheets.tell, sheet, "120 值班", cast.clock.now, by=yuanmou)
    cast.act(sheets.confirm, sheet, "120 值班", by=yuanmou)
    cast.act(transfer.accept, cast.act(transfer.offer, matter, desk("110:532328"), by=cast.lin), by=yuanmou)
    cast.clock.on(minutes=9)
    cast.act(crews.arrive, crew, by=yuanmou)
    cast.clock.on(minutes=20)
    cast.act(crews.report, crew, "人已由 120 送县医院洗胃，意识清醒", by=yuanmou, final_kind="110-5.7")
    cast.act(sheets.reconcile, sheet, "救护车 14:45 到，15:20 到医院", by=yuanmou, finished_at=cast.clock.now)
    cast.act(closing.close, matter, "handled", answer="人已送县医院，民警陪着，您可以打县医院急诊。", by=yuanmou)
    matter = fresh(matter)
    assert (matter.state, matter.holder.code, matter.first_receiver.code) == ("archived", "110:532328", "12345:532300")
    assert matter.danger == "lowered" and "县医院" in matter.answer
    assert in_order(matter, "danger.raised", "dispatch.sent", "sheet.confirmed", "transfer.accepted", "dispatch.done",
                    "danger.lowered", "sheet.reconciled", "matter.closed")  # fmt: skip


def test_a_demented_elder_lost_between_two_counties(cast):
    said = "我家老爹有老年痴呆，早上从家里走出去就不见了，不知道往禄丰市还是往南华县去了"
    d = decided(cast, "110:532301", said)
    assert (d.act, d.desk, d.urgent, d.ask.id) == ("keep", "110:532301", True, "place.532302"), (
        "which 110 it is changes most"
    )
    matter = cast.call(cast.yue, said)
    assert Demand.objects.get(matter=matter).desk.code == "110:532301", "unknown county: the first alerted sends"
    crew = cast.act(crews.dispatch, matter, "鹿城所 2 人沿路找", by=cast.yue)
    row = cast.act(transfer.offer, matter, desk("110:532302"), by=cast.yue)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(crews.report, crew, "西门监控见他上了班车，去向不明", by=cast.yue, lower_danger=False)
    assert fresh(matter).danger == "raised"
    time_passes(cast, minutes=2)  # nobody there takes it: in danger the prefecture's 110 is asked next
    time_passes(cast, minutes=2)
    time_passes(cast, minutes=2)
    row.refresh_from_db()
    upward = matter.transfers.get(state__in=["offered", "led"])
    assert (row.state, upward.to_desk.code) == ("lapsed", "110:532300")
    cast.act(transfer.recall, upward, by=cast.yue)
    asked = cast.act(confer.escalate, matter, "去向不明，请州局指定", by=cast.yue)
    assert (asked.asked_desk.code, asked.cause) == ("110:532300", "place_unknown")
    assert fresh(matter).holder.code == "110:532301"
    time_passes(cast, minutes=11)
    assert kinds(matter)[-1] == "designation.reminded"
    cast.act(ruling.rule, asked, desk("110:532324"), "班车终点在南华", by=cast.bai)
    nanhua = police(cast, "532324")
    crew = cast.act(crews.dispatch, matter, "龙川所 1 车", by=nanhua)
    cast.act(crews.arrive, crew, by=nanhua)
    cast.act(crews.report, crew, "在南华客运站找到，家属已接回", by=nanhua, final_kind="110-5.1")
    cast.act(closing.close, matter, "handled", answer="老人找到了，在南华客运站。", by=nanhua)
    matter = fresh(matter)
    assert (matter.state, matter.holder.code, matter.first_receiver.code) == ("archived", "110:532324", "110:532301")
    assert in_order(matter, "dispatch.sent", "transfer.lapsed", "transfer.recalled", "designation.asked",
                    "designation.decided", "danger.lowered", "matter.closed")  # fmt: skip


def test_thrown_out_of_an_unlicensed_car_on_the_motorway_at_dusk(cast):
    at(cast, 11, 20, 18, 40)
    said = "我坐的黑车，司机嫌给的钱少，把我撵下车丢在高速路上，天快黑了，车一辆接一辆"
    d = decided(cast, "12345:532300", said, district="532302")
    assert (d.act, d.desk, d.urgent, d.also) == ("transfer", "110:532302", True, ("122",))
    assert d.parts == (("110-3", "110"), ("12345-6", "12345"))
    matter = cast.call(cast.lin, said, district="532302", place="G56 往昆明方向", kind=d.kind, item=d.item)
    fare = cast.act(joining.split, matter, "黑车司机收了钱半路甩客", by=cast.lin, kind="12345-6", item="12345-6.2")
    lufeng = police(cast, "532302")
    crew = cast.act(crews.dispatch, matter, "高速交警 1 车", by=lufeng)
    cast.act(transfer.accept, cast.act(transfer.offer, matter, desk("110:532302"), by=cast.lin), by=lufeng)
    cast.clock.on(minutes=8)
    cast.act(crews.arrive, crew, by=lufeng)
    cast.act(crews.report, crew, "人已带离高速，送到服务区", by=lufeng)
    cast.act(closing.close, matter, "handled", answer="您已安全到服务区。", by=lufeng)
    order = assign(cast, fare, "532302-government", by=cast.lin)
    cast.clock.on(days=3)
    does(cast, order, "车主无营运证，已立案", "黑车已查处，车费退还。")
    fare = told_as_one(cast, fare, "黑车已查处，车费退还。", by=cast.lin, outcome="已查处")
    matter = fresh(matter)
    assert (matter.state, fare.state) == ("archived", "archived")
    assert (matter.holder.code, fare.holder.code) == ("110:532302", "12345:532300")
    assert matter.query_code == fare.query_code and fare.answer == "黑车已查处，车费退还。"
    assert kinds(fare)[0] == "matter.opened" and in_order(fare, "order.signed", "order.resolved", "matter.answered")
    assert "order.handed_back" not in kinds(fare)
