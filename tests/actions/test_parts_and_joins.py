"""R3: one call taken apart, several joined, two linked; each recorded, each reversible, and everybody gets the answer."""

import pytest

from liandong.actions import asking, closing, danger, handle, joining, receive, reply, transfer
from liandong.queries import chains
from liandong.records.models import Delivery, Event, Matter, Unit
from liandong.rules import chain
from liandong.rules.say import Conflict, Forbidden


def whole(matter) -> bool:
    rows = Event.objects.filter(matter=matter).order_by("seq").values_list("seq", "body", "before", "digest")
    fresh = Matter.objects.get(pk=matter.pk)
    return chain.first_break(rows) is None and (len(rows), rows.last()[3]) == (fresh.seq, fresh.head)


def test_one_call_is_split_into_parts_each_held_on_its_own_and_asked_for_by_one_number(cast):
    matter = cast.call(cast.lin, "有人堵在工地门口打人，另外工资拖了四个月", kind="110-1", district="532301")
    part = cast.act(joining.split, matter, "工资拖了四个月没有发", by=cast.lin, kind="12345-8", nature="complaint")
    assert part.query_code == matter.query_code and part.number != matter.number
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(transfer.accept, row, by=cast.yue)
    part.refresh_from_db()
    assert part.holder.code == "12345:532300"
    cast.act(handle.assign, part, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    assert Matter.objects.get(pk=matter.pk).state == "held"
    assert whole(matter) and whole(part)


def test_danger_in_one_part_is_raised_for_that_part(cast):
    matter = cast.call(cast.lin, "工资拖了四个月没有发", district="532301")
    part = cast.act(joining.split, matter, "一个工友站在楼顶边上说要跳", by=cast.lin)
    assert Matter.objects.get(pk=matter.pk).danger == "none"
    assert part.danger == "raised"


def test_a_repeat_is_merged_under_one_holder_and_both_callers_get_the_answer(cast):
    first = cast.call(cast.lin, "桥头路灯不亮", number="13800000001")
    again = cast.call(cast.lin, "桥头的灯还是不亮", number="13800000002")
    cast.act(joining.merge, again, first, by=cast.lin)
    order = cast.act(handle.assign, first, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    order = cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "线缆老化", "灯已修好", by=cast.duan)
    cast.act(reply.tell, first, "灯已修好", "路灯已修复", by=cast.lin)
    owed = Delivery.objects.get(matter=first)
    assert (owed.contact.number, owed.words) == ("13800000002", "灯已修好")
    with pytest.raises(Conflict):
        cast.act(reply.follow_up, first, by=cast.lin, reached=True, solved=True)
    cast.act(reply.deliver, owed, "phone", by=cast.lin)
    cast.act(reply.follow_up, first, by=cast.lin, reached=True, solved=True)
    again.refresh_from_db()
    assert (again.state, again.outcome) == ("archived", "路灯已修复")
    assert whole(first) and whole(again)


def test_a_matter_with_an_open_offer_cannot_be_merged(cast):
    first, second = cast.call(cast.lin, "有人偷车"), cast.call(cast.lin, "又有人偷车")
    cast.act(transfer.offer, second, cast.desk("110:532301"), by=cast.lin)
    for child, parent in ((second, first), (first, second)):
        with pytest.raises(Conflict) as told:
            cast.act(joining.merge, child, parent, by=cast.lin)
        assert told.value.say.code == "conflict.open_offer"


def test_matters_of_two_holders_are_not_merged_but_linked(cast):
    ours, theirs = cast.call(cast.lin, "桥头有人打架"), cast.call(cast.yue, "桥头打架的还在")
    with pytest.raises(Conflict) as told:
        cast.act(joining.merge, ours, theirs, by=cast.lin)
    assert told.value.say.code == "conflict.two_holders"
    row = cast.act(joining.link, theirs, ours, "同一件事", by=cast.lin)
    assert row.earlier == ours
    with pytest.raises(Conflict):
        cast.act(joining.link, ours, theirs, "同一件事", by=cast.lin)


def test_merging_across_organisations_needs_the_others_word_and_brings_custody_over(cast):
    ours, theirs = cast.call(cast.lin, "桥头有人打架"), cast.call(cast.yue, "桥头打架的还在")
    asked = cast.act(asking.ask, ours, theirs, "同一件事，并到我们这件", by=cast.yue)
    assert Matter.objects.get(pk=ours.pk).holder.code == "12345:532300"
    with pytest.raises(Forbidden):
        cast.act(asking.agree, asked, by=cast.yue)
    cast.act(asking.agree, asked, by=cast.lin)
    ours.refresh_from_db()
    assert (ours.state, ours.holder.code, ours.merged_into) == ("merged", "110:532301", theirs)
    assert ours.first_receiver.code == "12345:532300"
    assert whole(ours) and whole(theirs)


def test_unmerging_thaws_the_orders_with_their_clock(cast):
    first, second = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "井盖坏了")
    order = cast.act(handle.assign, second, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    order, promised = cast.act(handle.sign, order, by=cast.duan), order.answer_due_at
    cast.act(joining.merge, second, first, by=cast.lin)
    order.refresh_from_db()
    assert order.state == "frozen"
    with pytest.raises(Conflict):
        cast.act(handle.contact, order, "已联系", by=cast.duan)
    cast.act(joining.unmerge, second, by=cast.lin, why="是另一处")
    order.refresh_from_db()
    second.refresh_from_db()
    assert (order.state, order.due_at, second.state) == ("signed", promised, "handling")
    assert whole(first) and whole(second)


def test_an_order_may_be_given_to_the_parent_while_a_child_is_taken_out(cast):
    first, second = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "井盖坏了")
    cast.act(joining.merge, second, first, by=cast.lin)
    cast.act(handle.assign, first, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    cast.act(joining.unmerge, second, by=cast.lin)
    cast.act(handle.assign, second, Unit.objects.get(code=cast.lei.unit), by=cast.lin)
    assert {m.state for m in Matter.objects.all()} == {"handling"}


def test_a_joined_call_is_read_again_for_danger_before_it_freezes(cast):
    first = cast.call(cast.yue, "楼塌了一角，人都出来了，没有人受伤", district="532301")
    cast.act(danger.lower, first.demands.get(state="open"), "现场无人", by=cast.yue) if first.demands.filter(
        state="open"
    ).exists() else None
    second = cast.rings("110:532301", number="13800000137", district="532301")
    second = cast.act(receive.answer, second, by=cast.yue)
    Matter.objects.filter(pk=second.pk).update(
        said="隔壁三号楼也塌了，有人埋在里面", state="held", due_at=cast.clock.now
    )
    cast.act(joining.merge, second, first, by=cast.yue)
    first.refresh_from_db()
    assert first.danger == "raised"
    assert second.number in first.demands.get(state="open").means


def test_a_matter_is_not_merged_with_itself(cast):
    matter = cast.call(cast.lin, "路灯不亮")
    with pytest.raises(Exception, match="same_matter"):
        cast.act(joining.merge, matter, matter, by=cast.lin)


@pytest.fixture
def merged(cast) -> tuple[Matter, Matter]:
    """Two callers about one lamp, the second merged into the first; nobody has given it out."""
    first, second = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "路灯还是不亮", number="13800000002")
    cast.act(joining.merge, second, first, by=cast.lin)
    return first, second


def test_what_is_closed_at_once_is_told_to_everybody_whose_call_was_merged_into_it(cast, merged):
    first, second = merged
    done = cast.act(closing.close, first, "answered", answer="今晚就修", by=cast.lin)
    assert (done.state, done.closing, done.due_at is not None) == ("answered", "answered", True)
    owed = Delivery.objects.get(matter=first)
    assert (owed.contact, owed.words, owed.state) == (second.contact, "今晚就修", "due")
    with pytest.raises(Conflict) as told:
        cast.act(reply.follow_up, first, by=cast.lin, reached=True, solved=True)
    assert told.value.say.code == "conflict.open_delivery"
    cast.act(reply.deliver, owed, "phone", by=cast.lin)
    cast.act(reply.follow_up, first, by=cast.lin, reached=True, solved=True)
    states = Matter.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", "answer")
    assert set(states) == {("archived", "今晚就修")}


def test_silent_calls_merged_into_one_are_put_away_together(cast, merged):
    first, second = merged
    cast.act(closing.close, first, "silent", by=cast.lin)
    second.refresh_from_db()
    assert (second.state, second.outcome, second.due_at) == ("archived", "无声来电", None)
    assert not Delivery.objects.exists() and list(chains.verify(chains.Tally())) == []


def test_a_part_of_a_call_with_somebody_elses_call_in_it_is_taken_apart_before_it_is_closed(cast, merged):
    first, second = merged
    cast.act(joining.split, first, "井盖也坏了", by=cast.lin)
    with pytest.raises(Conflict) as told:
        cast.act(closing.close, first, "answered", answer="今晚就修", by=cast.lin)
    assert told.value.say.code == "conflict.open_merged"
    cast.act(joining.unmerge, second, by=cast.lin, why="分别答复")
    assert cast.act(closing.close, first, "answered", answer="今晚就修", by=cast.lin).state == "archived"


def test_a_call_merged_into_what_is_answered_already_is_owed_that_answer_too(cast, merged):
    first, second = merged
    cast.act(closing.close, first, "answered", answer="今晚就修", by=cast.lin)
    cast.act(reply.deliver, Delivery.objects.get(contact=second.contact), "phone", by=cast.lin)
    third = cast.call(cast.lin, "路灯怎么还不亮", number="13800000003")
    cast.act(joining.merge, third, first, by=cast.lin)
    owed = Delivery.objects.get(state="due")
    assert (owed.contact, owed.words, Delivery.objects.count()) == (third.contact, "今晚就修", 2), "and nobody twice"
    with pytest.raises(Conflict):
        cast.act(reply.follow_up, first, by=cast.lin, reached=True, solved=True)


def test_one_act_on_two_matters_is_one_event_in_each_under_one_act_id(cast, merged):
    first, second = merged
    joined = Event.objects.get(matter=first, kind="matter.joined")
    assert Event.objects.get(matter=second, kind="matter.merged").act == joined.act
    cast.act(joining.unmerge, second, by=cast.lin, why="是另一处")
    parted = Event.objects.get(matter=first, kind="matter.parted")
    assert Event.objects.get(matter=second, kind="matter.unmerged").act == parted.act != joined.act
