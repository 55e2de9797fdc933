"""What must not be heard by the wrong ear: a confidence, a complaint about police, a message from under the bed."""

import pytest

from liandong.actions import closing, crews, receive, reply, transfer
from liandong.actions.intake import Arrival
from liandong.records.models import Demand
from liandong.rules import access
from liandong.rules.say import Conflict, Invalid
from tests.scenarios.day import assign, decided, desk, does, fresh, in_order, kinds, time_passes, told


def test_a_planned_gathering_told_in_confidence(cast):
    said = "听人说下周一有一帮人商量好要去堵州政府的大门，你们别说是我讲的"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.desk, d.item, d.urgent) == ("transfer", "110:532301", "110-2.1", False)
    matter = cast.call(cast.lin, said, district="532301", kind=d.kind, item=d.item, call=True)
    row = cast.act(transfer.offer, matter, desk(d.desk), by=cast.lin, in_confidence=True)
    matter = fresh(matter)
    assert (row.with_voice, matter.secret, matter.source_hidden) == (False, True, True)
    facts = dict(holder=matter.holder.code, offered_to=d.desk, danger=False, units=frozenset(),
                 hidden_but_from=matter.first_receiver.code)  # fmt: skip
    assert not access.may_reveal(cast.yue, **facts) and access.may_reveal(cast.lin, **facts)
    cast.act(transfer.accept, row, by=cast.yue)
    assert not access.may_reveal(cast.yue, **facts | {"holder": "110:532301"}), "not even as the holder"
    cast.act(closing.close, matter, "handled", answer="线索已收到并处置。", by=cast.yue)
    matter = fresh(matter)
    assert (matter.state, matter.holder.code, matter.answer) == ("archived", "110:532301", "线索已收到并处置。")
    assert in_order(matter, "matter.recorded", "transfer.offered", "transfer.accepted", "matter.closed")


def test_a_complaint_about_police_goes_to_police_supervision_in_secret(cast):
    said = "派出所的民警收了别人的烟酒，我报的案子两个月不立案"
    d = decided(cast, "12345:532300", said)
    assert (d.act, d.desk, d.kind) == ("transfer", "110:532300", "110-7")
    matter = cast.call(cast.lin, said, kind=d.kind, item=d.item, nature="complaint")
    cast.act(transfer.accept, cast.act(transfer.offer, matter, desk(d.desk), by=cast.lin), by=cast.bai)
    assert fresh(matter).secret
    with pytest.raises(Invalid) as refused:
        assign(cast, matter, "532301-town", by=cast.bai)
    assert refused.value.say.code == "invalid.unit_supervision"
    order = assign(cast, matter, "532300-police-supervision", by=cast.bai)
    cast.clock.on(days=10)
    does(cast, order, "查实一人，已处分，案件已立", "您反映的案子已经立案，收礼的人已处理。")
    matter = told(cast, matter, "您反映的案子已经立案，收礼的人已处理。", by=cast.bai, outcome="已核查处理")
    assert (matter.state, matter.secret, matter.outcome) == ("archived", True, "已核查处理")
    assert matter.answer.startswith("您反映的案子已经立案")
    assert in_order(matter, "transfer.accepted", "order.assigned", "order.resolved", "matter.answered")


def test_hit_do_not_ring_me_i_am_at_home_by_message(cast):
    said = "打我 别回电 在家"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.desk, d.urgent) == ("transfer", "110:532301", True)
    arrival = Arrival("sms", "12345", "13800005555", "鹿城镇北路 12 号 3 单元", 40, "532301", said)
    matter = cast.act(receive.open, arrival, desk("12345:532300"), by=access.system("sms", "532300"))
    demand = Demand.objects.get(matter=matter)
    assert (demand.desk.code, demand.state) == ("110:532301", "open"), "before anybody at 12345 has read it"
    matter = fresh(matter)
    assert (matter.contact.no_call_back, matter.place) == (True, "鹿城镇北路 12 号 3 单元")
    cast.act(receive.answer, matter, by=cast.lin)
    with pytest.raises(Conflict) as refused:
        cast.act(reply.call_back, matter, by=cast.lin)
    assert refused.value.say.code == "conflict.no_call_back"
    time_passes(cast, minutes=1)  # nobody has sent: the leader of that 110
    demand.refresh_from_db()
    assert (demand.level, kinds(matter)[-1]) == (1, "demand.escalated")
    crew = cast.act(crews.dispatch, matter, "便衣 2 人，不鸣笛", by=cast.yue)
    row = cast.act(transfer.offer, cast.act(receive.record, matter, said=said, by=cast.lin, district="532301",
                                            place=matter.place), desk("110:532301"), by=cast.lin)  # fmt: skip
    cast.act(transfer.accept, row, by=cast.yue)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(crews.report, crew, "施暴者带离，伤者送医", by=cast.yue, final_kind="110-1.2")
    with pytest.raises(Conflict):
        cast.act(reply.call_back, matter, by=cast.yue)
    cast.act(closing.close, matter, "handled", answer="民警当面告知了告诫书和庇护所。", by=cast.yue)
    matter = fresh(matter)
    assert (matter.state, matter.danger, matter.holder.code) == ("archived", "lowered", "110:532301")
    assert matter.answer == "民警当面告知了告诫书和庇护所。" and matter.contact.no_call_back
    assert in_order(matter, "matter.opened", "danger.raised", "demand.escalated", "dispatch.sent", "transfer.accepted",
                    "danger.lowered", "matter.closed")  # fmt: skip
    assert "contact.called_back" not in kinds(matter)
