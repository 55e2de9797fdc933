"""Danger while a matter stands at two nodes: what either side says of it adds to what the other has, and takes nothing away."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import crews, danger, joining, partners, receive, sheets, transfer
from liandong.exchange import https, outbox, telling
from liandong.jobs.deadlines import take_step
from liandong.jobs.linking import Linking
from liandong.records.models import Demand, Desk, Dispatch, Event, Matter, OutboxMessage, Partner, Sheet, Transfer
from liandong.rules.say import Conflict, Forbidden
from tests.exchange.pair import GUAN, HOTLINE, POLICE


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


def dispatched(pair, matter: Matter, crew: str = "鹿城派出所"):
    with pair.at(POLICE) as cast:
        return cast.act(crews.dispatch, Matter.objects.get(pk=matter.pk), crew, by=cast.yue)


def stands(pair, node: str, matter: Matter) -> tuple:
    """How the matter's danger stands there, and its demands by what they say."""
    with pair.at(node):
        rows = Demand.objects.filter(matter=matter.pk).order_by("means")
        return Matter.objects.get(pk=matter.pk).danger, *rows.values_list("state", flat=True)


def test_who_lowers_one_danger_says_nothing_of_another_that_nobody_was_sent_to(pair, taken):
    raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    crew = dispatched(pair, taken)
    pair.carry()
    raised(pair, HOTLINE, taken, "有人持刀")
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(crews.report, crew, "李某已劝下", by=cast.yue)
    pair.carry()
    assert stands(pair, POLICE, taken) == stands(pair, HOTLINE, taken) == ("raised", "open", "met")
    with pair.at(POLICE) as cast:
        cast.act(danger.lower, Demand.objects.get(matter=taken.pk, state="met"), "人已劝下", by=cast.yue)
    pair.carry()
    assert stands(pair, POLICE, taken) == stands(pair, HOTLINE, taken) == ("raised", "open", "lowered")
    second = dispatched(pair, taken)
    with pair.at(POLICE) as cast:
        cast.act(crews.report, second, "李某醉酒，刀已收缴", by=cast.yue)
    pair.carry()
    assert stands(pair, HOTLINE, taken) == ("lowered", "lowered", "lowered")
    assert stands(pair, POLICE, taken)[0] == "lowered"
    with pair.at(POLICE):
        assert not OutboxMessage.objects.filter(body__contains="李某").exists()  # what a crew found stays at its node


def test_a_slip_leaves_the_danger_of_which_a_crew_is_out_at_both_nodes(pair, taken):
    raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    crew = dispatched(pair, taken)
    pair.carry()
    slip = raised(pair, HOTLINE, taken, "有人持刀")
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(danger.undo, Demand.objects.get(pk=slip.pk), by=cast.lin)
    pair.carry()
    assert stands(pair, POLICE, taken) == stands(pair, HOTLINE, taken) == ("raised", "undone", "met")
    slip = raised(pair, HOTLINE, taken, "按错了")
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(crews.cancel, crew, by=cast.yue)
    with pair.at(HOTLINE) as cast:
        cast.act(danger.undo, Demand.objects.get(pk=slip.pk), by=cast.lin)
    pair.carry()
    left = ("raised", "undone", "undone", "open")
    assert stands(pair, POLICE, taken) == stands(pair, HOTLINE, taken) == left, (
        "nobody is on the way to the first any more"
    )


def test_words_that_cross_with_the_crew_being_sent_are_before_110_all_the_same(pair, taken):
    demand = raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    dispatched(pair, taken)
    raised(pair, HOTLINE, taken, "对方有刀")
    pair.carry()
    assert means(pair, POLICE, demand) == "有人要跳楼；对方有刀"
    with pair.at(POLICE):
        told = Event.objects.get(matter=taken.pk, kind="danger.added")
        assert "desk:110:532301" in told.topics
    assert stands(pair, HOTLINE, taken) == stands(pair, POLICE, taken) == ("raised", "met")


def test_who_said_no_is_not_told_what_became_of_a_danger_that_is_none_of_its_own(pair):
    with pair.at(POLICE) as cast:
        matter = cast.call(cast.yue, said="楼道灯坏了三天没人修", district="532301")
        row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.decline, Transfer.objects.get(pk=row.pk), "outside_scope", "110:532301", by=cast.lin)
    pair.carry()
    demand = raised(pair, POLICE, matter, "有人动刀")
    dispatched(pair, matter)
    with pair.at(POLICE) as cast:
        cast.act(danger.lower, Demand.objects.get(pk=demand.pk), "刘某已带回", by=cast.yue)
        assert not OutboxMessage.objects.filter(kind__in=["danger", "dispatched", "danger_over"]).exists()


def test_a_danger_raised_at_the_other_node_is_no_slip_that_a_desk_here_may_take_back(pair, taken):
    demand = raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    with pair.at(POLICE) as cast:
        there = Demand.objects.select_related("raised_by_desk").get(pk=demand.pk)
        assert there.raised_by_desk.code == "12345:532300"
        with pytest.raises(Forbidden):
            cast.act(danger.undo, there, by=cast.yue)


@pytest.fixture
def offered(pair) -> tuple[Matter, Transfer, Demand]:
    """110 holds a matter in danger, has not sent yet, and offers it to 12345, which hears of the danger with the offer."""
    with pair.at(POLICE) as cast:
        matter = cast.call(cast.yue, said="楼下有人吵架", district="532301")
    demand = raised(pair, POLICE, matter, "有人动刀")
    with pair.at(POLICE) as cast:
        row = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("12345:532300"), by=cast.yue)
    pair.carry()
    return matter, row, demand


def test_danger_told_with_an_offer_stands_there_under_its_name_and_ends_there(pair, offered):
    matter, row, demand = offered
    with pair.at(HOTLINE) as cast:
        there = Demand.objects.select_related("desk").get(pk=demand.pk)
        assert (there.state, there.means, there.desk.code) == ("open", "有人动刀", "110:532301")
        with pytest.raises(Forbidden):
            cast.act(danger.undo, there, by=cast.lin)
        assert Event.objects.filter(matter=matter.pk).count() == Matter.objects.get(pk=matter.pk).seq
    crew = dispatched(pair, matter)
    pair.carry()
    assert stands(pair, HOTLINE, matter) == ("raised", "met")
    with pair.at(POLICE) as cast:
        cast.act(crews.cancel, crew, by=cast.yue)
    pair.carry()
    assert stands(pair, HOTLINE, matter) == stands(pair, POLICE, matter) == ("raised", "open")
    with pair.at(POLICE) as cast:
        cast.act(danger.lower, Demand.objects.get(pk=demand.pk), "刘某已带回", by=cast.yue)
    pair.carry()
    assert stands(pair, HOTLINE, matter) == stands(pair, POLICE, matter) == ("lowered", "lowered")
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.lin)
    pair.carry()
    assert stands(pair, HOTLINE, matter) == ("lowered", "lowered")


def test_who_said_no_hears_that_the_danger_it_was_told_of_is_over_and_in_no_words(pair, offered):
    matter, row, demand = offered
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.decline, Transfer.objects.get(pk=row.pk), "outside_scope", "110:532301", by=cast.lin)
    pair.carry()
    dispatched(pair, matter)
    with pair.at(POLICE) as cast:
        cast.act(danger.lower, Demand.objects.get(pk=demand.pk), "刘某已带回", by=cast.yue)
    pair.carry()
    assert stands(pair, HOTLINE, matter) == ("lowered", "lowered")
    with pair.at(POLICE):
        assert not OutboxMessage.objects.filter(body__contains="刘某").exists()
        assert not OutboxMessage.objects.filter(body__contains="鹿城派出所").exists()


def test_a_copy_in_danger_by_word_alone_is_out_of_it_by_its_holder_s_word(pair, offered):
    matter, _, demand = offered
    with pair.at(HOTLINE):  # as from a partner's own system that names no demand
        Demand.objects.all().delete()
    with pair.at(POLICE) as cast:
        cast.act(danger.lower, Demand.objects.get(pk=demand.pk), "人已散", by=cast.yue)
    pair.carry()
    assert stands(pair, HOTLINE, matter) == ("lowered",)


def test_what_a_holder_says_of_danger_by_word_alone_is_an_event_here_and_a_slip_is_no_lowering(pair):
    with pair.at(POLICE) as cast:
        matter = cast.call(cast.yue, said="楼下有人吵架", district="532301")
        Matter.objects.filter(pk=matter.pk).update(danger="raised")  # as in a partner's own system that names no demand
        cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("12345:532300"), by=cast.yue)
        Matter.objects.filter(pk=matter.pk).update(danger="none")
        outbox.put(Partner.objects.get(), matter.pk, "update", {"matter": telling.about(matter.pk)}, at=timezone.now())
    pair.carry()
    with pair.at(HOTLINE):
        assert [kind for kind in kinds(matter) if kind.startswith("danger")] == ["danger.raised", "danger.undone"]
        there = Matter.objects.get(pk=matter.pk)
        assert (there.danger, there.seq) == ("none", len(kinds(matter)))


def test_late_words_of_danger_raise_nothing_that_is_over(pair, taken):
    demand = raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(danger.lower, Demand.objects.get(pk=demand.pk), "人已劝下", by=cast.yue)
        row = cast.act(transfer.offer, Matter.objects.get(pk=taken.pk), cast.desk("12345:532300"), by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.lin)
    pair.carry()
    assert stands(pair, HOTLINE, taken) == stands(pair, POLICE, taken) == ("lowered", "lowered")


def test_a_slip_of_one_side_with_which_the_danger_of_the_other_was_put_together_stays(pair, taken):
    raised(pair, HOTLINE, taken, "有人动刀")
    own = raised(pair, POLICE, taken, "有人动刀")
    pair.carry()
    with pair.at(POLICE):
        assert Event.objects.filter(matter=taken.pk).count() == Matter.objects.get(pk=taken.pk).seq, (
            "no gap in the chain"
        )
    with pair.at(POLICE) as cast, pytest.raises(Conflict, match="danger_others"):
        cast.act(danger.undo, Demand.objects.get(pk=own.pk), by=cast.yue)
    with pair.at(HOTLINE):
        theirs = Demand.objects.get(matter=taken.pk)
        assert take_step("demand", theirs.pk, taken.pk, theirs.due_at)
    pair.carry()
    with pair.at(POLICE):
        assert kinds(taken).count("danger.added") == 1, "said again it is not written down again"


@pytest.fixture
def merged(pair) -> tuple[Matter, Matter]:
    """Two calls at 12345 whose danger stands before 110 of the other node, not yet merged."""
    with pair.at(HOTLINE) as cast:
        calls = tuple(cast.call(cast.lin, said=said, district="532301") for said in ("有人吵架", "很多人吵架"))
    for call in calls:
        raised(pair, HOTLINE, call, "有人动刀")
    pair.carry()
    return calls


def joined(pair, child: Matter, parent: Matter, node: str = HOTLINE):
    with pair.at(node) as cast:
        who = cast.lin if node == HOTLINE else cast.yue
        cast.act(joining.merge, *(Matter.objects.get(pk=one.pk) for one in (child, parent)), by=who)


def lowered(pair, matter: Matter, why: str, node: str = POLICE):
    with pair.at(node) as cast:
        cast.act(danger.lower, Demand.objects.exclude(state="lowered").get(matter=matter.pk), why, by=cast.yue)


def test_a_merged_call_s_danger_waits_at_110_no_more_and_is_over_with_what_it_was_merged_into(pair, merged):
    child, parent = merged
    joined(pair, child, parent)
    pair.carry()
    assert stands(pair, POLICE, child) == ("none", "undone"), "110 is asked once, and nothing goes up to a leader"
    assert stands(pair, POLICE, parent) == ("raised", "open")
    lowered(pair, parent, "都散了")
    pair.carry()
    with pair.at(HOTLINE):
        assert set(Matter.objects.values_list("danger", flat=True)) == {"lowered"}
    with pair.at(POLICE):
        assert not OutboxMessage.objects.filter(kind="danger_again").exists()


def test_a_merged_call_to_which_a_crew_of_the_other_node_drives_is_over_by_that_node_s_word_alone(pair, merged):
    child, parent = merged
    crew = dispatched(pair, child)
    pair.carry()
    joined(pair, child, parent)
    lowered(pair, parent, "都散了")
    pair.carry()
    assert stands(pair, HOTLINE, child) == ("raised", "met")
    with pair.at(HOTLINE) as cast:
        cast.act(joining.unmerge, Matter.objects.get(pk=child.pk), by=cast.lin)
        assert list(child.demands.values_list("state", flat=True)) == ["met"], "its crew still drives"
    pair.carry()
    with pair.at(POLICE) as cast:
        assert Demand.objects.get(matter=child.pk).state == "met"
        cast.act(crews.report, crew, "都散了", by=cast.yue)
    pair.carry()
    assert stands(pair, HOTLINE, child) == ("lowered", "lowered")


def test_what_a_crew_found_is_told_of_no_call_that_was_merged_either(pair, taken):
    raised(pair, HOTLINE, taken, "有人动刀")
    pair.carry()
    dispatched(pair, taken)
    with pair.at(POLICE) as cast:
        Dispatch.objects.update(state="done", due_at=None)
        parent = cast.call(cast.yue, said="楼下很多人吵架", district="532301")
    raised(pair, POLICE, parent, "有人动刀")
    crew = dispatched(pair, parent, "二组")
    joined(pair, taken, parent, POLICE)
    with pair.at(POLICE) as cast:
        cast.act(crews.report, crew, "李某醉酒", by=cast.yue)
        told = OutboxMessage.objects.get(kind="danger_over").body
    assert "李某" not in told and stands(pair, POLICE, taken)[0] == "lowered"


def test_further_words_that_cross_with_the_end_of_a_danger_are_before_110_again_at_both_nodes(pair, taken):
    demand = raised(pair, HOTLINE, taken, "有人要跳楼")
    pair.carry()
    lowered(pair, taken, "人已劝下")
    raised(pair, HOTLINE, taken, "又上来一个人")
    pair.carry()
    assert stands(pair, POLICE, taken) == stands(pair, HOTLINE, taken) == ("raised", "open")
    assert means(pair, POLICE, demand) == "有人要跳楼；又上来一个人"
    with pair.at(POLICE):
        waiting = Demand.objects.get(pk=demand.pk)
        assert (waiting.why, waiting.due_at is not None, waiting.ended_at) == ("", True, None)


def test_who_is_only_offered_a_matter_and_raises_danger_hears_its_end_though_it_said_no(pair):
    with pair.at(POLICE) as cast:
        matter = cast.call(cast.yue, said="楼道灯坏了三天没人修", district="532301")
        row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    pair.carry()
    demand = raised(pair, HOTLINE, matter, "有人动刀")
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.decline, Transfer.objects.get(pk=row.pk), "outside_scope", "110:532301", by=cast.lin)
    pair.carry()
    with pair.at(POLICE):
        assert Demand.objects.get(pk=demand.pk).raised_by_desk.code == "12345:532300"
        written = Event.objects.get(matter=matter.pk, kind="danger.raised")
        assert json.loads(written.body)["by"]["desk"] == "12345:532300"
    lowered(pair, matter, "刘某已带回")
    pair.carry()
    assert stands(pair, HOTLINE, matter) == ("lowered", "lowered")
    with pair.at(POLICE):
        assert not OutboxMessage.objects.filter(body__contains="刘某").exists()


def test_an_offer_in_danger_comes_though_it_names_a_110_desk_that_is_unknown_here(pair):
    with pair.at(POLICE) as cast:
        matter = cast.call(cast.yue, said="楼下有人吵架", district="532301")
    demand = raised(pair, POLICE, matter, "有人动刀")
    with pair.at(POLICE) as cast:
        Demand.objects.update(desk=cast.desk("110:532302"))
        cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("12345:532300"), by=cast.yue)
    with pair.at(HOTLINE):
        Desk.objects.filter(code="110:532302").update(code="110:532399")
    pair.carry()
    with pair.at(HOTLINE):
        there = Demand.objects.select_related("desk").get(pk=demand.pk)
        assert (there.desk.code, there.state, there.matter.danger) == ("110:532300", "open", "raised")


def test_a_danger_before_a_desk_of_ours_is_ended_answered_or_asked_again_by_no_other_node(pair, taken):
    theirs = raised(pair, POLICE, taken, "有人动刀")
    with pair.at(HOTLINE):
        said = {"demand": str(theirs.pk)}
        for kind, more in (("dispatched", {}), ("danger_over", {"how": "lowered"}), ("danger_over", {"how": "undone"})):
            outbox.put(Partner.objects.get(), taken.pk, kind, said | more, at=timezone.now())
    pair.carry()
    assert stands(pair, POLICE, taken) == ("raised", "open")
    dispatched(pair, taken)
    with pair.at(HOTLINE):
        outbox.put(Partner.objects.get(), taken.pk, "danger_again", said, at=timezone.now())
        assert not OutboxMessage.objects.exclude(state__in=["taken", "waiting"]).exists()
    pair.carry()
    assert stands(pair, POLICE, taken) == ("raised", "met")


def test_the_holder_passes_the_end_that_one_node_says_on_to_another_that_was_told_of_the_danger(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301")
    demand = raised(pair, HOTLINE, matter, "有人要跳楼")
    with pair.at(HOTLINE):
        third = partners.add("water.c", "water.c", "https://water.c.example/exchange", by=GUAN, at=timezone.now())
        outbox.put(third, matter.pk, "update", {"matter": telling.about(matter.pk)}, at=timezone.now())
    pair.carry(rounds=2)
    dispatched(pair, matter)
    lowered(pair, matter, "刘某已带回")
    pair.carry(rounds=3)
    with pair.at(HOTLINE):
        rows = OutboxMessage.objects.filter(partner=third, kind__in=["dispatched", "danger_over"]).order_by("sequence")
        told = [(row.kind, json.loads(row.body)["data"]) for row in rows]
        named = {"demand": str(demand.pk)}
        assert told == [("dispatched", named), ("danger_over", named | {"how": "lowered"})]
        assert not OutboxMessage.objects.filter(kind__in=["dispatched", "danger_over"]).exclude(partner=third).exists()
        cast = pair.casts[HOTLINE]
        cast.act(receive.record, Matter.objects.get(pk=matter.pk), said="楼道灯修好了", district="532301", by=cast.lin)
        updated = OutboxMessage.objects.filter(kind="update").values_list("partner", flat=True)
        assert list(updated) == [third.pk], "whose 110 was asked for what is over hears nothing more"


def test_a_kind_that_the_holder_does_not_name_any_more_stands_at_the_other_node_no_more(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="邻居争地界", kind="12345-7", district="532301")
        cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin, reason="归 110", consent=True)
    pair.carry()
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).kind == "12345-7"
    with pair.at(HOTLINE) as cast:
        Partner.objects.update(codes={"kind": {"out": {}, "in": {}}})
        cast.act(
            receive.record,
            Matter.objects.get(pk=matter.pk),
            said="邻居争地界，吵得厉害",
            district="532301",
            by=cast.lin,
        )
    pair.carry()
    with pair.at(POLICE):
        now = Matter.objects.get(pk=matter.pk)
        assert (now.said, now.kind, now.item) == ("邻居争地界，吵得厉害", "", "")


def test_a_copy_that_was_put_away_is_there_again_when_it_is_offered_anew(pair, taken):
    with pair.at(HOTLINE):
        Matter.objects.filter(pk=taken.pk).update(state="archived", archived_at=timezone.now(), due_at=None)
    with pair.at(POLICE) as cast:
        row = cast.act(transfer.offer, Matter.objects.get(pk=taken.pk), cast.desk("12345:532300"), by=cast.yue)
    pair.carry()
    assert pair.stands(HOTLINE, taken, row).matter == "away"
    with pair.at(HOTLINE) as cast:
        assert Matter.objects.get(pk=taken.pk).archived_at is None
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.lin)
    pair.carry()
    there = pair.stands(HOTLINE, taken, row)
    assert (there.matter, there.ours) == ("held", True)
