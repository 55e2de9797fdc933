"""The telephone itself: it is hung up, it rings unheard, it rings too often."""

import pytest

from liandong.actions import closing, crews, receive, reply, ringing, transfer, watch
from liandong.records.models import Demand, VoiceOrder
from liandong.rules.access import Actor, system
from liandong.rules.say import Conflict
from tests.scenarios.day import assign, at, decided, desk, does, fresh, in_order, kinds, time_passes, told


def test_the_caller_hangs_up_at_the_moment_of_acceptance(cast):
    said = "我停在桥头的电动车被偷了，监控里有人骑走"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.desk, d.urgent) == ("transfer", "110:532301", False)
    matter = cast.call(cast.lin, said, district="532301", kind=d.kind, item=d.item, call=True)
    row = cast.act(transfer.offer, matter, desk(d.desk), by=cast.lin, consent=True)
    cast.act(transfer.receipt, row, "seen", by=cast.yue)
    cast.clock.on(seconds=6)
    cast.act(receive.end_call, matter, by=system("switch", "532300"))
    with pytest.raises(Conflict):
        cast.act(receive.end_call, matter, by=system("switch", "532300"))
    row.refresh_from_db()
    assert (row.state, fresh(matter).holder.code) == ("offered", "12345:532300"), "the offer lives on without voice"
    cast.act(transfer.accept, row, by=cast.yue)
    cast.act(reply.call_back, matter, by=cast.yue)
    cast.act(ringing.rung_back, matter.pk, "answered", by=system("switch", "532300"))
    cast.act(closing.close, matter, "handled", answer="案子已受理，受理号发您手机。", by=cast.yue)
    matter = fresh(matter)
    assert (matter.state, matter.holder.code) == ("archived", "110:532301")
    assert matter.answer == "案子已受理，受理号发您手机。"
    assert in_order(matter, "transfer.offered", "transfer.seen", "contact.ended", "transfer.accepted",
                    "contact.called_back", "contact.reached", "matter.closed")  # fmt: skip


def test_a_call_nobody_answered_is_rung_back_until_the_person_is_reached(cast):
    matter = cast.rings(number="13800003333", call=True, district="532301")
    cast.act(receive.end_call, matter, by=system("switch", "532300"))
    time_passes(cast, seconds=31)
    matter = fresh(matter)
    assert (matter.state, kinds(matter)[-1], (matter.due_at - cast.clock.now).seconds) == ("held", "matter.kept", 600)
    time_passes(cast, minutes=11)
    assert kinds(matter)[-1] == "matter.reminded"
    for result in ("no_answer", "answered"):
        cast.clock.on(minutes=5)
        cast.act(reply.call_back, matter, by=cast.lin)
        cast.act(ringing.rung_back, matter.pk, result, by=system("switch", "532300"))
    assert VoiceOrder.objects.filter(kind="call_back").count() == 2
    said = "我就是问一下我们村口的路灯啥时候修"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.act, d.item) == ("keep", "12345-1.5")
    matter = cast.act(receive.record, matter, said=said, by=cast.lin, kind=d.kind, item=d.item, district="532301")
    order = assign(cast, matter, d.units[0], by=cast.lin)
    does(cast, order, "已换灯", "路灯今晚就亮。")
    matter = told(cast, matter, "路灯今晚就亮。", by=cast.lin)
    assert (matter.state, matter.answer) == ("archived", "路灯今晚就亮。")
    assert in_order(matter, "contact.ended", "matter.kept", "matter.reminded", "contact.called_back",
                    "contact.not_reached", "contact.called_back", "contact.reached", "matter.recorded")  # fmt: skip


def test_a_harassing_number_one_night_rings_because_of_a_fire(cast):
    for _ in range(3):
        nuisance = cast.call(cast.lin, number="13800006666")
        cast.act(closing.close, nuisance, "prank", by=cast.lin)
    row = cast.act(watch.propose_nuisance, "13800006666", "一晚上三十次，骂人，录音三段", by=cast.lin)
    leader = Actor(role="shift_leader", person=cast.zhou.person, desk="12345:532300", work_no="5301", city="532300")
    cast.act(watch.decide_nuisance, row, True, by=leader)
    at(cast, 11, 25, 2, 15)
    said = "我家厨房着火了，火苗蹿上房梁，快来救火"
    d = decided(cast, "12345:532300", said, district="532301")
    assert (d.desk, d.urgent, d.also) == ("110:532301", True, ("119",))
    matter = cast.call(cast.lin, said, number="13800006666", district="532301", kind="110-4", item="110-4.4")
    assert Demand.objects.get(matter=matter, state="open").desk.code == "110:532301"
    crew = cast.act(crews.dispatch, matter, "鹿城所 1 车", by=cast.yue)
    cast.act(transfer.accept, cast.act(transfer.offer, matter, desk(d.desk), by=cast.lin), by=cast.yue)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(crews.report, crew, "火已扑灭，人没事", by=cast.yue)
    cast.act(closing.close, matter, "handled", answer="火已扑灭。", by=cast.yue)
    matter = fresh(matter)
    assert (matter.state, matter.answer, matter.holder.code) == ("archived", "火已扑灭。", "110:532301")
    time_passes(cast, days=31)
    row.refresh_from_db()
    assert row.state == "ended", "the register has an end"
    assert in_order(matter, "danger.raised", "dispatch.sent", "transfer.accepted", "matter.closed")
