"""Acts that both end the same wait, and cross: real connections, one outcome each (docs/explanation/crossings.md)."""

from datetime import timedelta

import pytest

from liandong.actions import (
    clocks,
    closing,
    confer,
    crews,
    danger,
    drafts,
    handle,
    joining,
    receive,
    reply,
    transfer,
    watch,
)
from liandong.records.models import (
    Conference,
    Demand,
    Dispatch,
    Event,
    Extension,
    Handover,
    Nuisance,
    Order,
    Transfer,
    Unit,
)
from liandong.rules.access import Actor, system
from tests.actions.test_crossings import _unable, _whole, at_once
from tests.cast import Cast, assemble

FIRST, POLICE = "12345:532300", "110:532301"


@pytest.fixture
def cast(own_database) -> Cast:
    return assemble()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_slip_taken_back_while_a_crew_is_sent_is_one_of_the_two(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
        row = cast.act(danger.raise_danger, matter, "有人动刀", by=cast.lin)
        results = at_once(
            lambda r=row: cast.act(danger.undo, fresh(r), by=cast.lin),
            lambda m=matter: cast.act(crews.dispatch, m, "1 车", by=cast.yue),
        )
        sent = Dispatch.objects.filter(matter=matter).exists()
        assert _unable(results) == ["conflict.demand" if sent else "forbidden.desk"]
        assert (fresh(row).state, fresh(matter).danger) == (("met", "raised") if sent else ("undone", "none"))
        assert _whole(matter)


def test_danger_lowered_while_a_crew_is_sent_is_lowered_and_the_crew_still_reports(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
        row = cast.act(danger.raise_danger, matter, "有人动刀", by=cast.lin)
        results = at_once(
            lambda r=row: cast.act(danger.lower, fresh(r), "已通话，是误会", by=cast.yue),
            lambda m=matter: cast.act(crews.dispatch, m, "1 车", by=cast.shi),
        )
        assert _unable(results) in ([], ["forbidden.desk"])
        assert (fresh(row).state, fresh(matter).danger) == ("lowered", "lowered")
        assert Dispatch.objects.filter(matter=matter, state="sent").exists() == (not _unable(results))
        assert _whole(matter)


def test_one_seat_takes_it_while_another_says_no_and_the_offer_ends_once(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "我的摩托车昨天夜里被偷了", district="532301")
        row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=cast.lin)
        results = at_once(
            lambda r=row: cast.act(transfer.accept, fresh(r), by=cast.yue),
            lambda r=row: cast.act(transfer.decline, fresh(r), "same_matter", FIRST, by=cast.shi),
        )
        assert _unable(results) == ["conflict.transfer"]
        state = Transfer.objects.get(pk=row.pk).state
        assert (state, fresh(matter).holder.code) in (("accepted", POLICE), ("declined", FIRST))
        assert _whole(matter)


def test_a_talk_that_is_settled_as_its_time_runs_out_ends_once(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "欠薪还打人", district="532301")
        row = cast.act(confer.invite, matter, cast.desk(POLICE), by=cast.lin)
        cast.act(confer.join, row, by=cast.yue)
        results = at_once(
            lambda r=row: cast.act(confer.settle, fresh(r), cast.desk(POLICE), "我们来", by=cast.yue),
            lambda r=row: cast.act(confer.lapse, fresh(r), by=system("conference.settle", "532300")),
        )
        assert _unable(results) == ["conflict.conference"]
        state = Conference.objects.get(pk=row.pk).state
        assert (state, fresh(matter).holder.code) in (("settled", POLICE), ("lapsed", FIRST))
        assert _whole(matter)


def test_words_saved_as_the_clock_keeps_the_draft_are_the_persons_words(cast):
    for _ in range(4):
        matter = cast.call(cast.lin)
        cast.act(drafts.keep, matter, "路灯不", {}, by=cast.lin)
        results = at_once(
            lambda m=matter: cast.act(receive.record, m, said="路灯不亮，天黑", by=cast.lin),
            lambda m=matter: cast.act(receive.keep, m, by=system("matter.receive", "532300")),
        )
        assert _unable(results) in ([], ["conflict.matter"])
        assert (fresh(matter).state, fresh(matter).said) == ("held", "路灯不亮，天黑")
        assert _whole(matter)


def test_a_call_taken_out_as_its_parent_is_put_away_goes_with_it_or_stays_open(cast):
    for _ in range(4):
        first, second = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "路灯还是不亮", number="13800000002")
        cast.act(joining.merge, second, first, by=cast.lin)
        order = cast.act(handle.assign, first, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
        cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
        cast.act(handle.resolve, order, "换了灯", "修好了", by=cast.duan)
        cast.act(reply.tell, first, "修好了", "已修复", by=cast.lin)
        for told in first.deliveries.all():
            cast.act(reply.deliver, told, "phone", by=cast.lin)
        results = at_once(
            lambda f=first: cast.act(reply.follow_up, f, by=cast.lin, reached=True, solved=True),
            lambda s=second: cast.act(joining.unmerge, s, by=cast.lin, why="是另一处"),
        )
        assert len(_unable(results)) <= 1
        states = (fresh(first).state, fresh(second).state)
        assert states in (("archived", "archived"), ("archived", "held"), ("answered", "held"))
        assert _whole(first) and _whole(second)


def test_a_matter_closed_as_another_is_merged_into_it_tells_both_callers_or_was_closed_alone(cast):
    for _ in range(4):
        first, second = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "路灯还是不亮", number="13800000002")
        results = at_once(
            lambda f=first: cast.act(closing.close, f, "answered", answer="已报修", by=cast.lin),
            lambda f=first, s=second: cast.act(joining.merge, s, f, by=cast.lin),
        )
        states, owed = (fresh(first).state, fresh(second).state), first.deliveries.filter(state="due").count()
        closed_first = (("archived", "held"), 0, ["conflict.matter"])
        assert (states, owed, _unable(results)) in (closed_first, (("answered", "merged"), 1, []))
        assert _whole(first) and _whole(second)


def test_a_handover_taken_as_it_is_taken_back_ends_once(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "路灯不亮")
        row = cast.act(watch.offer_handover, cast.desk(FIRST), "", by=cast.lin)
        results = at_once(
            lambda r=row: cast.act(watch.take_handover, fresh(r), by=cast.zhou),
            lambda r=row: cast.act(watch.recall_handover, fresh(r), by=cast.lin),
        )
        assert _unable(results) == ["conflict.handover"]
        taken = Handover.objects.get(pk=row.pk).state == "taken"
        assert fresh(matter).seat_id == (cast.zhou.seat if taken else cast.lin.seat)


def test_a_handover_offered_twice_at_once_is_offered_once(cast):
    cast.call(cast.lin, "路灯不亮")
    results = at_once(*[lambda: cast.act(watch.offer_handover, cast.desk(FIRST), "", by=cast.lin) for _ in range(2)])
    assert _unable(results) == ["conflict.handover"]
    assert Handover.objects.count() == 1


def test_an_order_signed_as_it_is_withdrawn_is_withdrawn(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "工地半夜打桩", nature="complaint")
        order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
        results = at_once(
            lambda o=order: cast.act(handle.sign, fresh(o), by=cast.duan),
            lambda o=order: cast.act(handle.withdraw, fresh(o), "派错了", by=cast.lin),
        )
        assert _unable(results) in ([], ["conflict.order"])
        assert (Order.objects.get(pk=order.pk).state, fresh(matter).state) == ("withdrawn", "held")
        assert _whole(matter)


def test_an_extension_granted_as_its_time_runs_out_is_decided_once(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "工地半夜打桩", nature="complaint")
        order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
        row = cast.act(clocks.ask_extension, cast.act(handle.sign, order, by=cast.duan), 5, "等检测", by=cast.duan)
        before = fresh(order).answer_due_at
        results = at_once(
            lambda r=row: cast.act(clocks.decide_extension, fresh(r), True, by=cast.lin),
            lambda r=row: cast.act(clocks.lapse_extension, fresh(r), by=system("extension.decide", "532300")),
        )
        assert _unable(results) == ["conflict.extension"]
        granted = Extension.objects.get(pk=row.pk).state == "granted"
        assert (fresh(order).answer_due_at > before + timedelta(days=4)) == granted
        assert _whole(matter)


def test_a_number_proposed_from_two_seats_at_once_is_proposed_once(cast):
    results = at_once(*[
        lambda by=by: cast.act(watch.propose_nuisance, "13800006666", "一晚上四十次", by=by) for by in (cast.lin, cast.zhou)
    ])  # fmt: skip
    assert _unable(results) == ["conflict.nuisance"]
    assert Nuisance.objects.count() == 1


def test_a_number_approved_by_one_leader_as_another_refuses_it_is_decided_once(cast):
    row = cast.act(watch.propose_nuisance, "13800006666", "一晚上四十次", by=cast.lin)
    one, other = (
        Actor(role="shift_leader", person=p, desk=FIRST, city="532300") for p in (cast.zhou.person, cast.bai.person)
    )
    results = at_once(
        lambda: cast.act(watch.decide_nuisance, fresh(row), True, by=one),
        lambda: cast.act(watch.decide_nuisance, fresh(row), False, by=other),
    )
    assert _unable(results) == ["conflict.nuisance"]
    assert Event.objects.filter(kind__in=["nuisance.approved", "nuisance.refused"]).count() == 1


def test_danger_raised_as_the_call_is_merged_is_before_110_once(cast):
    for _ in range(4):
        first, second = (
            cast.call(cast.lin, "路灯不亮", district="532301"),
            cast.call(cast.lin, "路灯不亮", district="532301"),
        )
        results = at_once(
            lambda s=second: cast.act(danger.raise_danger, s, "有人触电", by=cast.lin),
            lambda f=first, s=second: cast.act(joining.merge, s, f, by=cast.lin),
        )
        assert not _unable(results)
        assert fresh(second).state == "merged"
        assert Demand.objects.filter(matter__in=[first, second], state="open").count() == 1
        assert "raised" in (fresh(first).danger, fresh(second).danger)
        assert _whole(first) and _whole(second)
