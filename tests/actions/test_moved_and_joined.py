"""Where custody moves and matters are joined: found by the model or by a day in the life, each with one outcome."""

import pytest

from liandong.actions import confer, crews, joining, receive, ruling, transfer
from liandong.actions.intake import Arrival
from liandong.records.models import Contact, Demand, Matter
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden

POLICE = "110:532301"


@pytest.fixture
def pair(cast):
    """A matter and a repeat merged into it, both of 12345."""
    first, again = (cast.call(cast.lin, "桥头有人吵架", district="532301") for _ in range(2))
    cast.act(joining.merge, again, first, by=cast.lin)
    return first, again


def holders(*matters) -> set[str]:
    return {Matter.objects.select_related("holder").get(pk=m.pk).holder.code for m in matters}


def test_a_merged_matter_goes_with_its_parent_when_another_desk_accepts_it(cast, pair):
    cast.act(transfer.accept, cast.act(transfer.offer, pair[0], cast.desk(POLICE), by=cast.lin), by=cast.yue)
    assert holders(*pair) == {POLICE}


def test_a_merged_matter_goes_with_its_parent_when_the_duty_office_designates(cast, pair):
    asked = cast.act(confer.escalate, pair[0], "两家都说不归", by=cast.lin)
    duty = Actor(role="duty_officer", person=cast.gao.person, desk="duty:532300", city="532300")
    cast.act(ruling.rule, asked, cast.desk(POLICE), "由公安先办", by=duty)
    assert holders(*pair) == {POLICE}


def test_a_matter_whose_owner_is_being_designated_is_not_merged(cast):
    first, second = cast.call(cast.lin, "桥头有人吵架"), cast.call(cast.lin, "桥头还在吵")
    cast.act(confer.escalate, second, "两家都说不归", by=cast.lin)
    for child, parent in ((second, first), (first, second)):
        with pytest.raises(Conflict) as refused:
            cast.act(joining.merge, child, parent, by=cast.lin)
        assert refused.value.say.code == "conflict.open_designation"


def test_designation_is_asked_for_by_the_holder_once_and_with_no_offer_open(cast):
    matter = cast.call(cast.lin, "桥头有人吵架", district="532301")
    with pytest.raises(Forbidden):
        cast.act(confer.escalate, matter, "归谁", by=cast.yue)
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=cast.lin)
    with pytest.raises(Conflict) as refused:
        cast.act(confer.escalate, matter, "归谁", by=cast.lin)
    assert refused.value.say.code == "conflict.open_offer"
    cast.act(transfer.recall, row, by=cast.lin)
    asked = cast.act(confer.escalate, matter, "归谁", by=cast.lin)
    with pytest.raises(Conflict) as refused:
        cast.act(confer.escalate, matter, "归谁", by=cast.lin)
    assert refused.value.say.code == "conflict.open_designation"
    with pytest.raises(Forbidden):
        cast.act(ruling.rule, asked, cast.desk(POLICE), "归你", by=cast.yue)


def test_the_110_that_answered_a_demand_sends_a_second_crew(cast):
    matter = cast.call(cast.lin, "有人持刀", district="532301")
    for crew in ("1 车", "2 车"):
        cast.act(crews.dispatch, matter, crew, by=cast.yue)
    assert matter.dispatches.count() == 2
    with pytest.raises(Forbidden):
        cast.act(crews.dispatch, matter, "州特警", by=cast.bai)


def test_a_merged_calls_demand_goes_on_as_its_parents_and_comes_back_when_it_is_taken_out(cast):
    first = cast.call(cast.yue, "三号楼塌了", district="532301", place="三号楼")
    second = cast.call(cast.yue, "楼塌了有人埋在里面", district="532301", place="三号楼")
    cast.act(joining.merge, second, first, by=cast.yue)
    assert [d.matter for d in Demand.objects.filter(state="open")] == [first]
    cast.act(joining.unmerge, second, by=cast.yue, why="是五号楼")
    assert {d.matter for d in Demand.objects.filter(state="open")} == {first, second}


@pytest.mark.parametrize("said", ["打我 别回电 在家", "不要 回拨，他在旁边", "别打我电话"])
def test_whoever_asks_not_to_be_rung_back_is_not(cast, said):
    arrival = Arrival("sms", "12345", "13800005555", "", None, "532301", said)
    machine = access.system("sms", "532300")
    matter = cast.act(receive.open, arrival, cast.desk("12345:532300"), by=machine)
    assert Contact.objects.get(matters=matter).no_call_back


def test_a_message_without_danger_raises_nothing(cast):
    arrival = Arrival("sms", "12345", "13800005555", "", None, "532301", "路灯不亮")
    matter = cast.act(receive.open, arrival, cast.desk("12345:532300"), by=access.system("sms", "532300"))
    assert (matter.danger, matter.said, matter.contact.no_call_back) == ("none", "路灯不亮", False)
