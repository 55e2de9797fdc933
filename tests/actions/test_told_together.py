"""A1: a call that was taken apart is told as one, asked about once, and nobody waits for ever."""

import pytest

from liandong.actions import closing, confer, handle, joining, reply, together
from liandong.jobs.deadlines import Deadlines
from liandong.records.models import Delivery, Event, FollowUp, Matter, Reply, ReplyPart, Unit
from liandong.rules.say import Conflict, Forbidden, Invalid
from tests.actions.parted import POLICE, fresh, made_ready, parted_call, resolved, whole


@pytest.fixture
def wages_and_fight(cast) -> tuple[Matter, Matter]:
    return parted_call(cast)


def test_the_last_sentence_makes_one_answer_due_and_one_press_tells_all_of_it(cast, wages_and_fight):
    wages, gate = wages_and_fight
    gate = made_ready(cast, gate, cast.yue, "两家已调解")
    row = Reply.objects.get()
    assert (gate.state, row.state, row.desk.code) == ("ready", "gathering", "12345:532300")
    with pytest.raises(Conflict) as told:
        cast.act(reply.tell, gate, "两家已调解", "已办理", by=cast.yue)
    assert told.value.say.code == "conflict.told_together"
    made_ready(cast, wages, cast.lin, "工资已补发")
    row.refresh_from_db()
    assert row.state == "due"
    with pytest.raises(Forbidden):
        cast.act(together.tell, row, by=cast.yue)
    row = cast.act(together.tell, row, by=cast.lin)
    assert {m.state for m in Matter.objects.all()} == {"answered"}
    assert sorted(ReplyPart.objects.values_list("words", flat=True)) == sorted(["工资已补发", "两家已调解"])
    assert Event.objects.filter(kind="matter.answered").count() == 2
    with pytest.raises(Conflict):
        cast.act(together.tell, row, by=cast.lin)
    assert whole(wages) and whole(gate)


@pytest.fixture
def told(cast, wages_and_fight) -> tuple[Reply, Matter, Matter]:
    wages, gate = wages_and_fight
    made_ready(cast, gate, cast.yue, "两家已调解")
    made_ready(cast, wages, cast.lin, "工资已补发")
    return cast.act(together.tell, Reply.objects.get(), by=cast.lin), fresh(wages), fresh(gate)


def test_the_person_is_asked_once_and_what_is_not_solved_leaves_the_others_archived(cast, told):
    row, wages, gate = told
    with pytest.raises(Conflict):
        cast.act(reply.follow_up, gate, by=cast.yue, reached=True, solved=True)
    said = {str(wages.pk): (False, "dissatisfied"), str(gate.pk): (True, "satisfied")}
    with pytest.raises(Invalid):
        cast.act(together.follow_up, row, {str(gate.pk): (True, "")}, by=cast.lin)
    cast.act(together.follow_up, row, said, by=cast.lin, note="工资少发一个月")
    assert (fresh(wages).state, fresh(gate).state, fresh(row).state) == ("handling", "archived", "archived")
    assert dict(FollowUp.objects.values_list("matter", "satisfied")) == {wages.pk: "dissatisfied", gate.pk: "satisfied"}
    order = wages.orders.get(state="assigned")
    cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "补齐", "已补齐", by=cast.duan)
    cast.act(reply.tell, wages, "已补齐", "", by=cast.lin)
    assert fresh(gate).state == "archived", "what is told again is only what was done again"
    assert whole(wages) and whole(gate)


def test_whoever_is_not_reached_is_asked_three_times_and_then_put_away(cast, told):
    row, wages, gate = told
    for _ in range(3):
        cast.clock.on(days=1)
        row = cast.act(together.not_reached, row, by=cast.lin)
    assert {fresh(wages).state, fresh(gate).state, row.state} == {"archived"}
    assert set(FollowUp.objects.values_list("reached", flat=True)) == {False}


def test_not_reached_to_be_told_it_stays_owed_and_may_go_by_message(cast, wages_and_fight):
    wages, gate = wages_and_fight
    made_ready(cast, gate, cast.yue, "两家已调解")
    made_ready(cast, wages, cast.lin, "工资已补发")
    row = Reply.objects.get()
    for _ in range(4):
        row = cast.act(together.not_reached, row, by=cast.lin)
    assert (row.state, row.tries) == ("due", 4)
    assert cast.act(together.tell, row, how="sms", by=cast.lin).how == "sms"


def test_at_the_shared_limit_what_is_open_is_told_as_under_way_and_the_rest_later(cast, wages_and_fight):
    wages, gate = wages_and_fight
    order = cast.act(handle.assign, wages, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    made_ready(cast, gate, cast.yue, "两家已调解")
    row = Reply.objects.get()
    cast.clock.now = row.due_at
    Deadlines().sweep(cast.clock.now)
    row.refresh_from_db()
    assert row.state == "due"
    row = cast.act(together.tell, row, by=cast.lin)
    waits = row.parts.get(under_way=True)
    assert waits.part == wages and waits.words.startswith(f"还在办，由{order.unit.short}办理，最迟")
    assert (fresh(gate).state, fresh(wages).state) == ("answered", "handling")
    cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "补发", "已补发", by=cast.duan)
    cast.act(reply.tell, wages, "已补发", "", by=cast.lin)
    assert list(ReplyPart.objects.filter(under_way=False).values_list("part", flat=True)) == [gate.pk]


def test_tried_early_and_not_reached_the_answer_goes_on_gathering_to_its_own_time(cast, wages_and_fight):
    wages, gate = wages_and_fight
    made_ready(cast, gate, cast.yue, "两家已调解")
    due = Reply.objects.get().due_at
    row = cast.act(together.not_reached, Reply.objects.get(), by=cast.lin)
    assert (row.state, row.tries, fresh(row).due_at) == ("gathering", 1, due)
    made_ready(cast, wages, cast.lin, "工资已补发")
    assert fresh(row).state == "due" and whole(wages)


def test_what_110_has_handled_is_told_with_the_rest(cast, wages_and_fight):
    wages, gate = wages_and_fight
    cast.act(closing.close, gate, "handled", answer="到场劝开，做了笔录", by=cast.yue)
    assert Reply.objects.get().state == "gathering"
    made_ready(cast, wages, cast.lin, "工资已补发")
    row = cast.act(together.tell, Reply.objects.get(), by=cast.lin)
    words = dict(row.parts.values_list("part", "words"))
    assert words == {wages.pk: "工资已补发", gate.pk: "已依法处置"}, "the releasable sentence, not the finding"
    cast.act(together.follow_up, row, {str(wages.pk): (True, "")}, by=cast.lin)
    assert (fresh(row).state, fresh(gate).state) == ("archived", "archived")
    cast.act(closing.reopen, wages, "又拖了", by=cast.lin)
    made_ready(cast, wages, cast.lin, "又补发了")
    assert not ReplyPart.objects.filter(part=gate).exclude(reply=row).exists(), "never told twice"


def test_a_part_told_sooner_for_danger_leaves_only_the_rest(cast, wages_and_fight):
    wages, gate = wages_and_fight
    Matter.objects.filter(pk=gate.pk).update(danger="lowered")
    gate = resolved(cast, gate, cast.yue, "人已劝下来")
    cast.act(reply.tell, gate, "人已劝下来", "已处置", by=cast.yue)
    wages = resolved(cast, wages, cast.lin, "工资已补发")
    cast.act(reply.tell, wages, "工资已补发", "", by=cast.lin)
    assert not Reply.objects.exists() and {m.state for m in Matter.objects.all()} == {"answered"}


def test_a_confidential_part_of_another_desk_is_never_in_the_answer_and_holds_nothing_back(cast, wages_and_fight):
    wages, gate = wages_and_fight
    Matter.objects.filter(pk=gate.pk).update(secret=True)
    wages = made_ready(cast, wages, cast.lin, "工资已补发")
    row = cast.act(together.tell, Reply.objects.get(state="due"), by=cast.lin)
    assert list(row.parts.values_list("part", flat=True)) == [wages.pk]
    gate = resolved(cast, gate, cast.yue, "已查处")
    with pytest.raises(Conflict) as refused:
        cast.act(together.ready, gate, "已查处", "", by=cast.yue)
    assert refused.value.say.code == "conflict.told_apart"
    cast.act(reply.tell, gate, "已查处", "已依法处置", by=cast.yue)


def test_callers_merged_into_a_part_are_owed_its_sentence(cast, wages_and_fight):
    wages, gate = wages_and_fight
    again = cast.call(cast.lin, "我的工资也没发", number="13800002222")
    cast.act(joining.merge, again, wages, by=cast.lin)
    made_ready(cast, gate, cast.yue, "两家已调解")
    made_ready(cast, wages, cast.lin, "工资已补发")
    cast.act(together.tell, Reply.objects.get(), by=cast.lin)
    owed = Delivery.objects.get()
    assert (owed.contact.number, owed.words, owed.matter) == ("13800002222", "工资已补发", wages)


def test_a_matter_that_was_never_parted_is_told_as_ever(cast):
    matter = resolved(cast, cast.call(cast.lin, "路灯不亮"), cast.lin, "修好了")
    with pytest.raises(Conflict):
        cast.act(together.ready, matter, "修好了", "", by=cast.lin)
    cast.act(reply.tell, matter, "修好了", "", by=cast.lin)
    assert not Reply.objects.exists()


def test_a_conference_on_one_part_settles_only_that_part(cast):
    wages = cast.call(cast.lin, "工资拖了四个月没有发", district="532301")
    gate = cast.act(joining.split, wages, "工地门口两家人争地界吵起来", by=cast.lin)
    talk = cast.act(confer.invite, gate, cast.desk(POLICE), by=cast.lin)
    other = cast.act(confer.invite, wages, cast.desk(POLICE), by=cast.lin)
    cast.act(confer.settle, talk, cast.desk(POLICE), "110 先去劝开", by=cast.yue)
    assert (fresh(gate).holder.code, fresh(wages).holder.code) == (POLICE, "12345:532300")
    assert (fresh(talk).state, fresh(other).state) == ("settled", "open")
    cast.act(confer.settle, other, cast.desk("12345:532300"), "工资归 12345", by=cast.lin)
    assert fresh(wages).holder.code == "12345:532300" and whole(wages) and whole(gate)
