"""Acts of two desks that cross: real connections, one outcome each (docs/explanation/crossings.md)."""

import pytest

from liandong.actions import asking, confer, danger, joining, receive, ruling, transfer, untaken
from liandong.records.models import Conference, Demand, Designation, Joining, Matter, Transfer
from liandong.rules.access import system
from tests.actions.test_crossings import _unable, _whole, at_once
from tests.cast import Cast, assemble

FIRST, POLICE = "12345:532300", "110:532301"


@pytest.fixture
def cast(own_database) -> Cast:
    return assemble()


def holder(matter) -> str:
    return Matter.objects.get(pk=matter.pk).holder.code


def offered(cast, matter, desk=POLICE) -> Transfer:
    return cast.act(transfer.offer, matter, cast.desk(desk), by=cast.lin)


def test_two_offers_at_once_are_one_offer(cast):
    matter = cast.call(cast.lin, "有人偷我的摩托车")
    results = at_once(*[lambda code=code: offered(cast, matter, code) for code in (POLICE, "110:532300")])
    assert _unable(results) == ["conflict.open_offer"]
    assert Transfer.objects.filter(matter=matter).count() == 1 and _whole(matter)


def test_an_offer_and_the_merging_of_the_same_matter_are_one_of_the_two(cast):
    for _ in range(4):
        matter, parent = cast.call(cast.lin, "有人偷车"), cast.call(cast.lin, "又有人偷车")
        results = at_once(
            lambda m=matter: offered(cast, m),
            lambda m=matter, p=parent: cast.act(joining.merge, m, p, by=cast.lin),
        )
        merged = Matter.objects.get(pk=matter.pk).state == "merged"
        assert _unable(results) == ["conflict.not_transferable" if merged else "conflict.open_offer"]
        assert Transfer.objects.filter(matter=matter, state="offered").exists() != merged
        assert _whole(matter) and _whole(parent)


def test_two_matters_merged_into_each_other_are_merged_one_way(cast):
    one, other = cast.call(cast.lin, "路灯不亮"), cast.call(cast.lin, "路灯还是不亮")
    results = at_once(
        lambda: cast.act(joining.merge, one, other, by=cast.lin),
        lambda: cast.act(joining.merge, other, one, by=cast.lin),
    )
    assert len(_unable(results)) == 1
    assert sorted(Matter.objects.values_list("state", flat=True)) == ["held", "merged"]
    assert _whole(one) and _whole(other)


def test_a_lapse_and_an_acceptance_leave_one_end_of_the_offer(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "有人偷我的摩托车")
        row = offered(cast, matter)
        results = at_once(
            lambda r=row: cast.act(transfer.accept, Transfer.objects.get(pk=r.pk), by=cast.yue),
            lambda r=row: cast.act(untaken.lapse, Transfer.objects.get(pk=r.pk), by=system("deadline")),
        )
        row.refresh_from_db()
        assert _unable(results) == ["conflict.transfer"]
        assert holder(matter) == {"accepted": POLICE, "lapsed": FIRST}[row.state]
        assert _whole(matter)


def test_a_designation_stands_whatever_is_accepted_meanwhile(cast):
    for _ in range(4):
        matter = cast.call(cast.luo, "小区物业不管，垃圾没人清")
        lapsed = cast.act(transfer.offer, matter, cast.desk("12345:510400"), by=cast.luo)
        cast.act(untaken.lapse, lapsed, by=system("deadline"))
        asked = Designation.objects.get(matter=matter)
        again = cast.act(transfer.offer, matter, cast.desk("12345:510400"), by=cast.luo)
        results = at_once(
            lambda r=again: cast.act(transfer.accept, Transfer.objects.get(pk=r.pk), by=cast.he),
            lambda r=asked: cast.act(ruling.rule, r, cast.desk("110:510400"), "由 110 办", by=cast.gao),
        )
        again.refresh_from_db()
        assert _unable(results) == ([] if again.state == "accepted" else ["conflict.transfer"])
        assert holder(matter) == "110:510400"
        assert not Transfer.objects.filter(matter=matter, state__in=["offered", "led"]).exists()
        assert _whole(matter)


def test_a_designation_ends_an_open_conference_too(cast):
    matter = cast.call(cast.lin, "楼上半夜放音响")
    asked = cast.act(confer.escalate, matter, "两边都说不归", by=cast.lin)
    talk = cast.act(confer.invite, matter, cast.desk(POLICE), by=cast.lin)
    duty = type(cast.gao)(role="duty_officer", person=cast.gao.person, desk="duty:532300", city="532300", work_no="9")
    results = at_once(
        lambda: cast.act(confer.settle, Conference.objects.get(pk=talk.pk), cast.desk(POLICE), "我们去", by=cast.yue),
        lambda: cast.act(ruling.rule, asked, cast.desk(FIRST), "由热线办", by=duty),
    )
    assert _unable(results) in ([], ["conflict.conference"])
    assert holder(matter) == FIRST
    assert not Conference.objects.filter(state="open").exists() and _whole(matter)


def test_danger_raised_while_it_is_lowered_stays_raised(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
        demand = cast.act(danger.raise_danger, matter, "有人推搡", by=cast.lin)
        results = at_once(
            lambda m=matter: cast.act(danger.raise_danger, m, "有人动刀", by=cast.lin),
            lambda d=demand: cast.act(danger.lower, d, "已通话，没事", by=cast.yue),
        )
        assert _unable(results) in ([], ["conflict.danger_added"])
        assert Matter.objects.get(pk=matter.pk).danger == "raised"
        assert "有人动刀" in Demand.objects.get(matter=matter, state="open").means
        assert _whole(matter)


@pytest.mark.parametrize("act", ["accept", "recall", "danger", "save"])
def test_a_hang_up_crosses_with_anything_and_both_are_done(cast, act):
    matter = cast.call(cast.lin, "有人偷我的摩托车", call=True)
    row = offered(cast, matter)
    acts = {
        "accept": lambda: cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue),
        "recall": lambda: cast.act(transfer.recall, Transfer.objects.get(pk=row.pk), by=cast.lin),
        "danger": lambda: cast.act(danger.raise_danger, matter, "有人动刀", by=cast.lin),
        "save": lambda: cast.act(receive.record, matter, said="摩托车停在楼下被偷", by=cast.lin),
    }
    results = at_once(acts[act], lambda: cast.act(receive.end_call, matter, by=system("switch")))
    assert not _unable(results)
    assert holder(matter) == (POLICE if act == "accept" else FIRST)
    assert Matter.objects.get(pk=matter.pk).contact.ended_at is not None
    assert _whole(matter)


def test_a_part_split_off_stays_with_the_desk_that_split_it(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "有人堵在工地门口打人，另外工资拖了四个月", district="532301")
        row = offered(cast, matter)
        results = at_once(
            lambda r=row: cast.act(transfer.accept, Transfer.objects.get(pk=r.pk), by=cast.yue),
            lambda m=matter: cast.act(joining.split, m, "工资拖了四个月没有发", by=cast.lin),
        )
        assert _unable(results) in ([], ["forbidden.desk"]), "whoever no longer holds it cannot split it"
        assert holder(matter) == POLICE
        assert {p.holder.code for p in Matter.objects.filter(part_of=matter)} <= {FIRST}
        assert _whole(matter)


def test_an_agreed_joining_never_takes_a_matter_that_is_on_offer(cast):
    for _ in range(4):
        ours, theirs = cast.call(cast.lin, "桥头有人打架"), cast.call(cast.yue, "桥头打架的还在")
        asked = cast.act(asking.ask, ours, theirs, "同一件事", by=cast.yue)
        results = at_once(
            lambda m=ours: offered(cast, m, "110:532300"),
            lambda r=asked: cast.act(asking.agree, Joining.objects.get(pk=r.pk), by=cast.lin),
        )
        agreed = Matter.objects.get(pk=ours.pk).state == "merged"
        told = ("forbidden.desk", "conflict.not_transferable") if agreed else ("conflict.open_offer",)
        assert len(_unable(results)) == 1 and _unable(results)[0] in told
        assert holder(ours) == (POLICE if agreed else FIRST)
        assert _whole(ours) and _whole(theirs)
