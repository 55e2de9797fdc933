"""X4: a matter has exactly one holder, and nobody lets go before another has taken."""

import pytest

from liandong.actions import confer, crews, receive, ruling, transfer, untaken
from liandong.queries import chains
from liandong.records.models import Designation, Matter, Seat, Transfer, VoiceOrder
from liandong.rules.access import system
from liandong.rules.say import Conflict, Forbidden, Invalid

LAMP = "鹿城镇集镇路灯六盏不亮，晚上看不见路"
ROOF = "工友站在六号楼楼顶边上，说再不给钱就跳下去"


def holder(matter) -> str:
    return Matter.objects.get(pk=matter.pk).holder.code


def test_offering_leaves_the_holder_where_it_is(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    assert row.state == "offered"
    assert holder(matter) == "110:532301"


def test_accepting_moves_the_holder_and_keeps_the_first_receiver(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    cast.act(transfer.accept, row, by=cast.lin)
    matter.refresh_from_db()
    assert (matter.holder.code, matter.first_receiver.code) == ("12345:532300", "110:532301")
    assert matter.seat_id == cast.lin.seat


def test_the_three_receipts_are_kept_apart(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    assert (row.delivered_at, row.seen_at) == (None, None)
    cast.clock.on(seconds=1)
    row = cast.act(transfer.receipt, row, "delivered", by=cast.lin)
    cast.clock.on(seconds=2)
    row = cast.act(transfer.receipt, row, "seen", by=cast.lin)
    assert row.offered_at < row.delivered_at < row.seen_at
    assert holder(matter) == "110:532301"
    kinds = list(matter.events.order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["transfer.offered", "transfer.delivered", "transfer.seen"]


def test_an_accept_that_comes_after_the_recall_is_told_so(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    stale = Transfer.objects.get(pk=row.pk)
    cast.act(transfer.recall, row, by=cast.yue)
    with pytest.raises(Conflict) as told:
        cast.act(transfer.accept, stale, by=cast.lin)
    assert told.value.say.params["state"] == "recalled"
    assert holder(matter) == "110:532301"


def test_a_second_offer_waits_for_the_first_to_end(cast):
    matter = cast.call(cast.lin, "我家旁边出了交通事故，两车相撞")
    cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    with pytest.raises(Conflict):
        cast.act(transfer.offer, matter, cast.desk("110:532300"), by=cast.lin)


def test_only_the_holding_desk_may_offer(cast):
    matter = cast.call(cast.lin, LAMP)
    with pytest.raises(Forbidden):
        cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)


def test_a_matter_is_not_offered_to_another_city(cast):
    matter = cast.call(cast.lin, LAMP)
    with pytest.raises(Invalid):
        cast.act(transfer.offer, matter, cast.desk("110:510400"), by=cast.lin)


def test_a_decline_names_a_cause_from_the_list_and_an_owner(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    for cause, proposed in (("too_busy", "110:532301"), ("outside_scope", "nobody"), ("outside_scope", "12345:532300")):
        with pytest.raises(Invalid):
            cast.act(transfer.decline, row, cause, proposed, by=cast.lin)
    row = cast.act(transfer.decline, row, "outside_scope", "110:532301", by=cast.lin)
    assert row.proposed_owner == "110:532301"
    assert holder(matter) == "110:532301"


def test_while_danger_is_open_110_cannot_say_no(cast):
    matter = cast.call(cast.lin, ROOF)
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    with pytest.raises(Forbidden):
        cast.act(transfer.decline, row, "outside_scope", "12345:532300", by=cast.yue)


def test_nobody_answering_rings_the_next_seat_then_the_leader_then_comes_back_to_the_first_receiver(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    machine, first = system("deadline"), row.to_seat_id
    cast.clock.on(seconds=26)
    row = cast.act(untaken.ring_further, row, by=machine)
    assert row.state == "offered" and row.to_seat_id != first
    cast.clock.on(seconds=26)
    assert cast.act(untaken.ring_further, row, by=machine).state == "led"
    cast.clock.on(seconds=31)
    row = cast.act(untaken.lapse, row, by=machine)
    assert row.state == "lapsed"
    assert holder(matter) == "110:532301"
    assert not Designation.objects.exists()
    assert Seat.objects.filter(desk__code="12345:532300", presence="free").count() == 2


def test_an_offer_past_its_time_that_goes_nowhere_is_told_to_the_duty_office_by_one_act(cast):
    matter = cast.call(cast.lin, "我家旁边出了交通事故，两车相撞")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    with pytest.raises(Conflict, match="offer_runs"):
        cast.act(untaken.report, row, by=cast.lin)
    cast.clock.on(minutes=5)
    with pytest.raises(Forbidden):
        cast.act(untaken.report, row, by=cast.yue)
    asked = cast.act(untaken.report, row, by=cast.lin)
    row.refresh_from_db()
    assert (row.state, asked.state, asked.asked_desk.code) == ("recalled", "asked", "duty:532300")
    assert holder(matter) == "12345:532300"
    told = matter.events.get(kind="designation.asked")
    assert "到时没人接" in told.private
    assert list(chains.verify(chains.Tally())) == [], "of the acts within the act no number is missing"


def test_in_panzhihua_the_duty_office_designates_what_nobody_took_and_it_cannot_be_refused(cast):
    matter = cast.call(cast.luo, "小区物业不管，垃圾没人清")
    row = cast.act(transfer.offer, matter, cast.desk("12345:510400"), by=cast.luo)
    machine = system("deadline")
    cast.act(untaken.lapse, row, by=machine)
    asked = Designation.objects.get(matter=matter)
    assert (asked.asked_desk.code, holder(matter)) == ("duty:510400", "110:510400")
    cast.act(ruling.rule, asked, cast.desk("12345:510400"), "物业管理由市民热线受理", by=cast.gao)
    assert holder(matter) == "12345:510400"


def test_in_danger_an_offer_nobody_took_goes_on_to_the_prefectures_110_by_itself(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(untaken.lapse, row, by=system("deadline"))
    following = Transfer.objects.get(matter=matter, state="offered")
    assert following.to_desk.code == "110:532300"
    assert holder(matter) == "12345:532300"


def test_two_desks_settle_only_when_the_taker_agrees(cast):
    matter = cast.call(cast.lin, "楼上半夜放音响，楼下说要找人来收拾他")
    talk = cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(confer.join, talk, by=cast.yue)
    talk = cast.act(confer.settle, talk, cast.desk("110:532301"), "可能打起来", by=cast.lin)
    assert (talk.state, holder(matter)) == ("open", "12345:532300")
    talk = cast.act(confer.settle, talk, cast.desk("110:532301"), "我们去", by=cast.yue)
    assert (talk.state, holder(matter)) == ("settled", "110:532301")


def test_a_desk_may_take_it_itself_at_once(cast):
    matter = cast.call(cast.lin, "楼上半夜放音响")
    talk = cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(confer.settle, talk, cast.desk("110:532301"), "我们去", by=cast.yue)
    assert holder(matter) == "110:532301"


def test_what_is_not_settled_stays_with_the_first_receiver_in_chuxiong(cast):
    matter = cast.call(cast.lin, "楼上半夜放音响")
    talk = cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin)
    talk = cast.act(confer.lapse, talk, by=system("deadline"))
    assert (talk.state, holder(matter)) == ("lapsed", "12345:532300")


def test_a_dispute_goes_on_from_110_only_after_recorded_first_handling(cast):
    matter = cast.call(cast.yue, "邻居争地界，吵得厉害", kind="12345-7")
    with pytest.raises(Conflict) as told:
        cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    assert told.value.say.code == "conflict.first_handling"
    crew = cast.act(crews.dispatch, matter, "鹿城派出所 1 车 2 人", by=cast.yue)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(crews.report, crew, "双方已分开，没有动手", by=cast.yue, no_offence=True)
    assert cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue).state == "offered"


def test_the_callers_hang_up_leaves_the_offer_alive_without_voice(cast):
    matter = cast.call(cast.lin, "有人偷我的摩托车", call=True)
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(receive.end_call, matter, by=system("switch"))
    cast.act(transfer.accept, row, by=cast.yue)
    assert holder(matter) == "110:532301"
    assert not VoiceOrder.objects.filter(kind="answer", transfer=row).exists()
