"""R4 and the shift: callers who harass are on a register with an end; open items are handed over, never dropped."""

from datetime import timedelta

import pytest

from liandong.actions import closing, watch
from liandong.queries import register
from liandong.records.models import Demand, Matter
from liandong.rules.access import Actor, system
from liandong.rules.say import Conflict, Forbidden, Invalid

LEADER = dict(role="shift_leader", desk="12345:532300", city="532300", work_no="5301")


@pytest.fixture
def leader(cast) -> Actor:
    return Actor(person=cast.zhou.person, **LEADER)


def test_a_number_is_registered_with_evidence_by_one_and_approval_by_another_until_a_date(cast, leader):
    row = cast.act(watch.propose_nuisance, "13800006666", "一晚上打了四十次，不说话", by=cast.lin)
    with pytest.raises(Forbidden):
        cast.act(watch.decide_nuisance, row, True, by=Actor(person=cast.lin.person, **LEADER))
    with pytest.raises(Invalid):
        cast.act(watch.decide_nuisance, row, True, by=leader, until=cast.clock.now + timedelta(days=91))
    row = cast.act(watch.decide_nuisance, row, True, by=leader)
    assert (row.state, row.due_at) == ("active", cast.clock.now + timedelta(days=30))
    with pytest.raises(Conflict):
        cast.act(watch.propose_nuisance, "13800006666", "还在打", by=cast.lin)
    cast.clock.on(days=30)
    assert cast.act(watch.end_nuisance, row, by=system("deadline")).state == "ended"


def test_what_is_secret_or_told_in_confidence_is_no_evidence_that_others_read(cast):
    plain, secret, confided = (
        cast.call(cast.lin, said, number="13800006666") for said in ("又是这个人乱骂", "举报所长收钱", "邻居家有事")
    )
    Matter.objects.filter(pk=secret.pk).update(secret=True)
    Matter.objects.filter(pk=confided.pk).update(source_hidden=True)
    told = register.evidence(cast.lin, plain.pk)
    assert "乱骂" in told and told.count("\n") == 0


def test_danger_from_a_registered_number_passes_like_any_other(cast, leader):
    row = cast.act(watch.propose_nuisance, "13800006666", "一晚上打了四十次", by=cast.lin)
    cast.act(watch.decide_nuisance, row, True, by=leader)
    matter = cast.call(cast.lin, "我家着火了快来人", number="13800006666", district="532301")
    assert Demand.objects.get(matter=matter).state == "open"


def test_a_shift_hands_over_its_open_items_and_the_next_takes_them(cast):
    matter = cast.call(cast.lin, "路灯不亮")
    row = cast.act(watch.offer_handover, cast.desk("12345:532300"), "桥头的灯明天要回电", by=cast.lin)
    assert row.matters == [str(matter.pk)]
    with pytest.raises(Forbidden):
        cast.act(watch.take_handover, row, by=cast.lin)
    cast.act(watch.take_handover, row, by=cast.zhou)
    assert Matter.objects.get(pk=matter.pk).seat_id == cast.zhou.seat


def test_items_nobody_took_over_are_the_whole_desks(cast):
    matter = cast.call(cast.lin, "路灯不亮")
    row = cast.act(watch.offer_handover, cast.desk("12345:532300"), "", by=cast.lin)
    cast.act(watch.lapse_handover, row, by=system("deadline"))
    matter.refresh_from_db()
    assert (matter.seat_id, matter.holder.code) == (None, "12345:532300")


def test_another_desk_cannot_take_a_handover(cast):
    row = cast.act(watch.offer_handover, cast.desk("12345:532300"), "", by=cast.lin)
    with pytest.raises(Forbidden):
        cast.act(watch.take_handover, row, by=cast.yue)


def test_a_silent_call_is_closed_by_one_key(cast):
    matter = cast.call(cast.lin)
    assert cast.act(closing.close, matter, "silent", by=cast.lin).state == "archived"
