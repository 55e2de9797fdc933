"""A1: the one answer of a parted call waits for nothing that it can no longer tell, and is put away when all was told."""

import pytest

from liandong.actions import joining, receive, reply, transfer
from liandong.records.models import Matter, Reply
from tests.actions.parted import POLICE, fresh, made_ready, parted_call, resolved, whole


@pytest.fixture
def wages_and_fight(cast) -> tuple[Matter, Matter]:
    return parted_call(cast)


def test_the_answer_is_due_at_once_when_the_last_open_part_is_merged(cast, wages_and_fight):
    wages, gate = wages_and_fight
    other = cast.call(cast.lin, "我们工地四个月没发工资", number="13800003333")
    made_ready(cast, gate, cast.yue, "两家已调解")
    assert Reply.objects.get().state == "gathering"
    cast.act(joining.merge, wages, other, by=cast.lin)
    assert Reply.objects.get().state == "due"
    assert all(whole(matter) for matter in (wages, gate, other))


def test_the_answer_is_due_at_once_when_the_last_open_part_turns_confidential_elsewhere(cast, wages_and_fight):
    wages, gate = wages_and_fight
    made_ready(cast, wages, cast.lin, "工资已补发")
    assert Reply.objects.get().state == "gathering"
    cast.act(receive.record, gate, said="派出所民警收了老板的钱", nature="report", by=cast.yue)
    assert (fresh(gate).secret, Reply.objects.get().state) == (True, "due")
    assert whole(wages) and whole(gate)


def test_the_answer_is_due_at_once_when_a_confidential_part_goes_to_another_desk(cast):
    wages = cast.call(cast.lin, "工资拖了四个月没有发", district="532301", kind="12345-7")
    hint = cast.act(joining.split, wages, "听说他们明天要去堵门", by=cast.lin)
    made_ready(cast, wages, cast.lin, "工资已补发")
    row = cast.act(transfer.offer, hint, cast.desk(POLICE), in_confidence=True, by=cast.lin)
    assert Reply.objects.get().state == "gathering"
    cast.act(transfer.accept, row, by=cast.yue)
    assert Reply.objects.get().state == "due" and whole(wages) and whole(hint)


def test_an_answer_whose_parts_were_all_told_sooner_is_put_away(cast, wages_and_fight):
    wages, gate = wages_and_fight
    gate = made_ready(cast, gate, cast.yue, "两家已调解")
    Matter.objects.filter(pk=gate.pk).update(danger="lowered")
    cast.act(reply.tell, gate, "两家已调解", "已调解", by=cast.yue)
    assert Reply.objects.get().state == "gathering", "the wages are still under way"
    wages = resolved(cast, wages, cast.lin, "工资已补发")
    cast.act(reply.tell, wages, "工资已补发", "", by=cast.lin)
    assert Reply.objects.get().state == "archived" and whole(wages) and whole(gate)
