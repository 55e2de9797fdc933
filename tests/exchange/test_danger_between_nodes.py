"""Danger while a matter stands at two nodes: what either side says of it adds to what the other has, and takes nothing away."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import crews, danger, receive, sheets, transfer
from liandong.exchange import https
from liandong.jobs.deadlines import take_step
from liandong.jobs.linking import Linking
from liandong.records.models import Demand, Event, Matter, OutboxMessage, Partner, Sheet, Transfer
from tests.exchange.pair import HOTLINE, POLICE


@pytest.fixture
def taken(pair) -> Matter:
    """A matter that 12345 received first and 110 holds."""
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry()
    return matter


def raised(pair, node: str, matter: Matter, means: str) -> Demand:
    with pair.at(node) as cast:
        who = cast.lin if node == HOTLINE else cast.yue
        return cast.act(danger.raise_danger, Matter.objects.get(pk=matter.pk), means, by=who)


def means(pair, node: str, demand: Demand) -> str:
    with pair.at(node):
        return Demand.objects.get(pk=demand.pk).means


def kinds(matter: Matter) -> list[str]:
    return list(Event.objects.filter(matter=matter.pk).values_list("kind", flat=True))


def test_danger_told_by_who_gave_the_matter_away_leaves_the_holders_record_as_it_is(pair, taken):
    with pair.at(POLICE) as cast:
        cast.act(receive.record, Matter.objects.get(pk=taken.pk), said="三楼住户反映楼道灯坏，请社区民警上门", title="楼道灯坏请民警上门",
                 nature="report", place="团结路 12 号三单元", district="532301", by=cast.yue)  # fmt: skip
    demand = raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    with pair.at(POLICE):
        held = Matter.objects.get(pk=taken.pk)
        assert (held.said, held.title) == ("三楼住户反映楼道灯坏，请社区民警上门", "楼道灯坏请民警上门")
        assert (held.place, held.secret, held.danger) == ("团结路 12 号三单元", True, "raised")
        assert Demand.objects.get(pk=demand.pk).state == "open"


def test_words_added_at_110_stay_when_the_other_side_says_its_own_again_and_is_not_written_down_twice(pair, taken):
    demand = raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    raised(pair, POLICE, taken, "人在七楼")
    with pair.at(HOTLINE):
        for _ in range(2):
            assert take_step("demand", demand.pk, taken.pk, Demand.objects.get(pk=demand.pk).due_at)
    pair.carry()
    assert means(pair, POLICE, demand) == "有人要跳楼；人在七楼"
    with pair.at(POLICE):
        assert kinds(taken).count("danger.added") == 1
    raised(pair, HOTLINE, taken, "还有孩子")
    pair.carry()
    assert means(pair, POLICE, demand) == "有人要跳楼；人在七楼；还有孩子"
    with pair.at(POLICE):
        assert kinds(taken).count("danger.added") == 2


def test_a_slip_taken_back_ends_no_danger_that_the_other_side_raised_itself(pair, taken):
    theirs = raised(pair, POLICE, taken, "有人动刀")
    slip = raised(pair, HOTLINE, taken, "有人打架")
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(danger.undo, Demand.objects.get(pk=slip.pk), by=cast.lin)
    pair.carry()
    with pair.at(POLICE) as cast:
        assert Demand.objects.get(pk=theirs.pk).state == "open"
        assert Matter.objects.get(pk=taken.pk).danger == "raised"
        cast.act(crews.dispatch, Matter.objects.get(pk=taken.pk), "鹿城派出所", by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE):
        assert Demand.objects.get(pk=slip.pk).state == "met"  # a crew is out: no slip any more


def test_a_crew_sent_for_another_reason_answers_no_demand_at_the_other_node(pair, taken):
    slip = raised(pair, HOTLINE, taken, "有人打架")
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(danger.undo, Demand.objects.get(pk=slip.pk), by=cast.lin)
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(crews.dispatch, Matter.objects.get(pk=taken.pk), "鹿城派出所", by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE):
        assert Demand.objects.get(pk=slip.pk).state == "undone"
        assert Matter.objects.get(pk=taken.pk).danger == "none"


def test_a_first_word_of_danger_comes_from_the_desk_that_holds_the_matter_whoever_received_it_first(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301")
        Matter.objects.filter(pk=matter.pk).update(first_receiver=cast.desk("110:532300"))
    demand = raised(pair, HOTLINE, matter, "有人要跳楼")
    pair.carry(rounds=2)
    with pair.at(HOTLINE):
        assert list(OutboxMessage.objects.values_list("state", "reason")) == [("taken", "")]
    with pair.at(POLICE):
        assert Demand.objects.get(pk=demand.pk).matter.holder.code == "12345:532300"


def cut(to, body, signed, deliver):
    raise https.Unreached("cut")


def test_danger_to_a_node_that_is_known_to_be_down_has_its_call_sheet_at_once(pair):
    pair.network = cut
    with pair.at(HOTLINE) as cast:
        Partner.objects.update(down_at=timezone.now())
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", place="鹿城镇团结路 12 号", district="532301")
    demand = raised(pair, HOTLINE, matter, "有人要跳楼")
    with pair.at(HOTLINE):
        sheet = Sheet.objects.get(matter=matter.pk)
        told = (sheet.body, sheet.line, sheet.demand_id, sheet.desk.code)
        assert told == ("楚雄市 110", "110", demand.pk, "12345:532300")
        assert sheet.ask == "鹿城镇团结路 12 号，有人要跳楼"
        assert Event.objects.filter(matter=matter.pk).count() == Matter.objects.get(pk=matter.pk).seq


def test_danger_under_way_when_the_link_is_cut_has_one_call_sheet_and_no_second_when_that_is_void(pair):
    pair.network = cut
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301")
        Partner.objects.update(heard_at=timezone.now() - timedelta(minutes=1))
    raised(pair, HOTLINE, matter, "有人要跳楼")
    with pair.at(HOTLINE) as cast:
        linking, began = Linking(), timezone.now()
        for seconds in (0, 11, 20):
            linking.look(began + timedelta(seconds=seconds))
        sheet = Sheet.objects.get(matter=matter.pk)
        cast.act(sheets.void, sheet, "已当面告知", by=cast.lin)
        linking.look(began + timedelta(seconds=30))
        assert Sheet.objects.filter(matter=matter.pk).count() == 1
        assert Event.objects.filter(matter=matter.pk).count() == Matter.objects.get(pk=matter.pk).seq
        written = Event.objects.get(matter=matter.pk, kind="sheet.written")
        assert json.loads(written.body)["by"]["rule"] == "exchange.link"
