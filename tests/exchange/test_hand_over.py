"""One matter between two nodes, each with its own database: offered, seen, taken, confirmed, handed back, crossed."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import closing, confer, crews, danger, partner_codes, partners, receive, transfer, untaken
from liandong.exchange import https
from liandong.jobs.deadlines import take_step
from liandong.ops import exchange as command
from liandong.ops import exchange_map
from liandong.ops.command import build_parser
from liandong.packs.opened import opened
from liandong.queries import desk
from liandong.queries.course import course
from liandong.records.models import (
    Demand,
    Event,
    FollowUp,
    InboxMessage,
    Matter,
    OutboxMessage,
    Partner,
    Seat,
    Transfer,
)
from liandong.rules.access import system
from liandong.rules.say import Conflict, Forbidden, Invalid
from liandong.words.course import told as words
from tests.cast import CHUXIONG
from tests.exchange.pair import GUAN, HOTLINE, POLICE
from tests.exchange.test_reconcile import seen_by_administrator


def test_an_offer_rings_at_the_other_node_and_three_receipts_come_back_one_by_one(pair):
    matter, row = pair.offer()
    assert pair.stands(HOTLINE, matter, row).row.delivered_at is None
    pair.carry()
    here = pair.stands(HOTLINE, matter, row)
    assert here.row.delivered_at is not None
    assert (here.row.seen_at, here.offer, here.holder) == (None, "offered", "12345:532300")
    with pair.at(POLICE) as cast:
        copy = Transfer.objects.select_related("matter__contact", "to_seat__person").get(pk=row.pk)
        assert (copy.to_seat.person.username, copy.to_seat.presence) in {("yue", "ringing"), ("shi", "ringing")}
        assert (copy.matter.said, copy.matter.place) == ("楼道灯坏了三天没人修", "鹿城镇团结路 12 号")
        assert (copy.matter.contact.number, copy.matter.state) == ("", "away")  # identity only after acceptance
        topics = Event.objects.get(kind="transfer.offered", matter=copy.matter).topics
        assert {"desk:110:532301", f"seat:{copy.to_seat_id}"} <= set(topics)  # which is what wakes their pages
        cast.act(transfer.receipt, copy, "seen", by=cast.yue)
    pair.carry()
    assert pair.stands(HOTLINE, matter, row).row.seen_at is not None
    with pair.at(POLICE) as cast:
        claimed = cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
        assert claimed.state == "confirming"
    there = pair.stands(POLICE, matter, row)
    assert (there.holder, there.ours) == ("12345:532300", False)  # pressed, and not ours yet
    pair.carry()
    here, there = pair.stands(HOTLINE, matter, row), pair.stands(POLICE, matter, row)
    assert (here.offer, here.matter, here.holder, here.ours) == ("accepted", "away", "110:532301", False)
    assert (there.offer, there.matter, there.holder, there.ours) == ("accepted", "held", "110:532301", True)
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).contact.number == "13800002671"


def test_a_matter_goes_over_and_back_and_its_end_is_read_on_both_sides(pair):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry()
    with pair.at(POLICE) as cast:
        back = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("12345:532300"), by=cast.yue,
                        reason="不是警情")  # fmt: skip
    pair.carry()
    with pair.at(HOTLINE) as cast:
        mine = Transfer.objects.get(pk=back.pk)
        assert mine.to_seat_id in (cast.lin.seat, cast.zhou.seat)
        cast.act(transfer.accept, mine, by=cast.lin)
    pair.carry()
    here, there = pair.stands(HOTLINE, matter, back), pair.stands(POLICE, matter, back)
    assert (here.matter, here.holder, here.ours) == ("held", "12345:532300", True)
    assert (there.matter, there.ours) == ("away", False)
    with pair.at(HOTLINE) as cast:
        cast.act(closing.close, Matter.objects.get(pk=matter.pk), "answered", by=cast.lin, answer="已请物业今天换灯")
    pair.carry()
    with pair.at(POLICE):
        copy = Matter.objects.get(pk=matter.pk)
        assert (copy.state, copy.outcome) == ("archived", "已当场答复")
        assert not OutboxMessage.objects.exclude(state="taken").exists()
        assert "matter.ended_there" in Event.objects.filter(matter=copy).values_list("kind", flat=True)


@pytest.mark.parametrize("first", ["recall", "lapse", "accept"])
def test_a_recall_or_a_clock_that_crosses_an_acceptance_is_decided_by_the_givers_commit(pair, first):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    if first == "accept":
        pair.carry(POLICE, rounds=1)  # it reaches the giver before the giver acts
    with pair.at(HOTLINE) as cast:
        mine = Transfer.objects.get(pk=row.pk)
        if first == "recall":
            cast.act(transfer.recall, mine, by=cast.lin)
        elif first == "lapse":
            untaken.lapse(mine, by=system("transfer.lapse", "532300"), at=timezone.now())
        else:
            with pytest.raises(Conflict):
                cast.act(transfer.recall, mine, by=cast.lin)
    assert not pair.stands(POLICE, matter, row).ours
    pair.carry()
    here, there = pair.stands(HOTLINE, matter, row), pair.stands(POLICE, matter, row)
    ended = {"recall": "recalled", "lapse": "lapsed", "accept": "accepted"}[first]
    assert (here.offer, there.offer) == (ended, ended)
    assert (here.ours, there.ours) == ((False, True) if first == "accept" else (True, False))


def test_a_no_comes_back_with_its_cause_and_the_owner_they_propose(pair):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(
            transfer.decline,
            Transfer.objects.get(pk=row.pk),
            "outside_scope",
            "12345:532300",
            by=cast.yue,
            note="路灯归城管",
        )
    pair.carry()
    here = pair.stands(HOTLINE, matter, row)
    assert (here.offer, here.ours, here.row.decline_code, here.row.decline_note) == (
        "declined", True, "outside_scope", "路灯归城管")  # fmt: skip
    with pair.at(HOTLINE) as cast:
        cast.clock.on(minutes=1)
        again = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
        began = timezone.now() - timedelta(days=10)
        Partner.objects.update(added_at=began)
        for down, days in ((True, 4), (False, 5)):
            at = began + timedelta(days=days)
            partners.link_seen(Partner.objects.get(), down=down, by=system("exchange.link", CHUXIONG), at=at)
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=again.pk), by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE):
        page = seen_by_administrator()
        assert "30 天连着的时间 90.0% 30 天转去 2 次 接受 1 次 1 件里一次就接的 0 件 30 天转来 0 次" in page
        assert (
            "退回以后又自己接的 对方 1 件 我们 0 件" in page and "它退回过：" in page and "1 次，说该州 12345" in page
        )
    with pair.at(POLICE):
        page = seen_by_administrator()
        assert "30 天转来 2 次 接受 1 次 1 件里一次就接的 0 件 退回以后又自己接的 对方 0 件 我们 1 件" in page
        assert "我们退回过：" in page and "它退回过：" not in page


def test_a_message_that_is_lost_doubled_or_answered_in_vain_is_done_once(pair):
    seen = []

    def worst(to, body, signed, deliver):
        seen.append(body)
        if seen.count(body) == 1:
            raise https.Unreached("lost on the way")
        if seen.count(body) == 2:
            deliver()
            raise https.Unreached("the answer was lost")
        deliver()
        return deliver()

    pair.network = worst
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry()
    here, there = pair.stands(HOTLINE, matter, row), pair.stands(POLICE, matter, row)
    assert (here.ours, there.ours, here.offer, there.offer) == (False, True, "accepted", "accepted")
    for node in (HOTLINE, POLICE):
        with pair.at(node):
            kinds = list(Event.objects.filter(matter=matter.pk).values_list("kind", flat=True))
            assert [kinds.count(k) for k in ("transfer.offered", "transfer.accepted", "transfer.delivered")] == [
                1,
                1,
                1,
            ]
            assert InboxMessage.objects.values("message_id").distinct().count() == InboxMessage.objects.count()


def test_messages_of_one_matter_wait_behind_the_first_that_has_not_arrived(pair):
    def deaf(to, body, signed, deliver):
        if json.loads(body)["type"].endswith(".offer"):
            raise https.Unreached("cut")
        return deliver()

    pair.network = deaf
    matter, row = pair.offer()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.recall, Transfer.objects.get(pk=row.pk), by=cast.lin)
    pair.carry(rounds=4)
    with pair.at(POLICE):
        assert not Matter.objects.exists()
    pair.network = lambda to, body, signed, deliver: deliver()
    pair.carry()
    assert pair.stands(POLICE, matter, row).offer == "recalled"


def test_the_takers_clock_never_ends_what_another_node_offers_and_its_leader_is_asked_again(pair):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        for _ in range(5):
            now = Transfer.objects.get(pk=row.pk)
            assert take_step("transfer", row.pk, matter.pk, now.due_at)
        assert Transfer.objects.get(pk=row.pk).state == "led"
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry(POLICE, rounds=1)
    with pair.at(POLICE):
        now = Transfer.objects.get(pk=row.pk)
        assert take_step("transfer", row.pk, matter.pk, now.due_at)  # no answer yet: our acceptance is said again
        assert OutboxMessage.objects.filter(kind="accepted").count() == 2
    pair.carry()
    assert pair.stands(POLICE, matter, row).ours
    assert pair.stands(HOTLINE, matter, row).holder == "110:532301"


def test_the_givers_clock_ends_it_and_the_matter_never_left(pair):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(HOTLINE):
        now = Transfer.objects.get(pk=row.pk)
        assert 75 < (now.due_at - now.offered_at).total_seconds() < 85  # two seats and the leader
        assert take_step("transfer", row.pk, matter.pk, now.due_at)
    pair.carry()
    assert pair.stands(HOTLINE, matter, row).ours
    assert pair.stands(POLICE, matter, row).offer == "lapsed"
    with pair.at(POLICE):
        assert not Seat.objects.filter(presence="ringing").exists()


def test_words_written_while_it_is_offered_are_on_the_other_screen_too(pair):
    matter, _ = pair.offer()
    with pair.at(HOTLINE) as cast:
        receive.record(
            Matter.objects.get(pk=matter.pk), said="楼道灯坏了,有人在楼道里摔倒", by=cast.lin, at=timezone.now()
        )
    pair.carry()
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).said == "楼道灯坏了,有人在楼道里摔倒"


def test_what_does_not_cross_between_nodes_yet_is_refused_with_a_reason(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="楼上一直吵")
        with pytest.raises(Conflict, match="talk_elsewhere"):
            cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin)
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast, pytest.raises(Conflict, match="talk_elsewhere"):
        cast.act(transfer.negotiate, Transfer.objects.get(pk=row.pk), by=cast.yue)


def test_an_acceptance_on_one_node_alone_never_leaves_a_word_for_another(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="路灯不亮")
        assert not OutboxMessage.objects.exists()
        cast.act(closing.close, matter, "answered", by=cast.lin, answer="已转物业")
        assert not OutboxMessage.objects.exists()


def test_danger_is_before_a_110_seat_of_the_other_node_at_once_with_number_and_place(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", place="鹿城镇团结路 12 号", district="532301")
        demand = cast.act(danger.raise_danger, matter, "有人要跳楼", by=cast.lin)
        assert demand.state == "open"
    pair.carry()
    with pair.at(POLICE) as cast:
        there = Demand.objects.select_related("desk", "matter__contact", "matter__holder").get(pk=demand.pk)
        assert (there.desk.code, there.state, there.means) == ("110:532301", "open", "有人要跳楼")
        assert (there.matter.contact.number, there.matter.place) == ("13800002671", "鹿城镇团结路 12 号")
        assert (there.matter.holder.code, there.matter.danger) == ("12345:532300", "raised")  # the holder did not move
        assert desk.pulse(cast.yue, None)["open"] == str(matter.pk)  # which opens it on a free seat's screen
        cast.act(crews.dispatch, there.matter, "鹿城派出所", by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE):
        assert Demand.objects.get(pk=demand.pk).state == "met"
    with pair.at(POLICE) as cast:
        cast.act(danger.lower, Demand.objects.get(pk=demand.pk), "人已劝下，平安", by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE):
        assert (Demand.objects.get(pk=demand.pk).state, Matter.objects.get(pk=matter.pk).danger) == (
            "lowered",
            "lowered",
        )


def test_a_slip_undone_as_a_crew_is_sent_at_the_other_node_is_no_slip(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301")
        demand = cast.act(danger.raise_danger, matter, "有人打架", by=cast.lin)
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(crews.dispatch, Matter.objects.get(pk=matter.pk), "鹿城派出所", by=cast.yue)
    with pair.at(HOTLINE) as cast:
        cast.act(danger.undo, Demand.objects.get(pk=demand.pk), by=cast.lin)
    pair.carry()
    for node in (HOTLINE, POLICE):
        with pair.at(node):
            assert (Demand.objects.get(pk=demand.pk).state, Matter.objects.get(pk=matter.pk).danger) == (
                "met",
                "raised",
            )


OURS_OUT = {"kind": {"out": {"12345-1": "01", "110-1": "09", "110-1.2": "0902"}, "in": {"0903": "110-1"}},
            "state": {"out": {"answered": "DF"}}, "satisfaction": {"out": {"fair": "2"}},
            "unit": {"out": {"532300-civil": "MZJ"}}}  # fmt: skip


def told(node: str, kind: str) -> dict:
    """The data of the newest message of this kind, as it left this node."""
    return json.loads(OutboxMessage.objects.filter(kind=kind).latest("pk").body)["data"]


def test_a_partner_s_codes_stand_in_what_leaves_and_ours_in_what_comes_both_ways(pair, capsys):
    with pair.at(HOTLINE) as cast:
        at_police = Partner.objects.get()
        with pytest.raises(Invalid, match="code_map_unknown"):
            partner_codes.map_codes(at_police, {"kind": {"out": {"999": "1"}}}, by=GUAN, at=timezone.now())
        with pytest.raises(Forbidden):
            cast.act(partner_codes.map_codes, at_police, OURS_OUT, by=cast.lin)
        partner_codes.map_codes(at_police, OURS_OUT, by=GUAN, at=timezone.now())
        asked = command.run(build_parser().parse_args(["exchange", "map", POLICE, "--report"]))
        said = capsys.readouterr().out
        assert asked == 1 and "类别 110-1.2" not in said and "类别 110-2：对方没有这个编码，不带过去" in said
        matter = cast.call(cast.lin, said="隔壁麻将馆半夜太吵", district="532301")
        Matter.objects.filter(pk=matter.pk).update(kind="110-1", item="110-1.2")
        row = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
        assert (told(HOTLINE, "offer")["matter"]["kind"], told(HOTLINE, "offer")["matter"]["item"]) == ("09", "0902")
        Matter.objects.filter(pk=matter.pk).update(kind="110-2", item="")
    with pair.at(POLICE):  # whose own codes these are: its map is another, to what crosses
        partner_codes.map_codes(Partner.objects.get(), OURS_OUT, by=GUAN, at=timezone.now())
    pair.carry()
    with pair.at(POLICE) as cast:
        there = Matter.objects.get(pk=matter.pk)
        assert (there.kind, there.item) == ("110-1", "110-1.2")
        cast.act(transfer.decline, Transfer.objects.get(pk=row.pk), "outside_scope", "532300-civil", by=cast.yue)
        assert told(POLICE, "refused")["proposed"] == "MZJ"
    pair.carry()
    with pair.at(HOTLINE) as cast:
        assert Transfer.objects.get(pk=row.pk).proposed_owner == "532300-civil"
        again = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
        assert "kind" not in told(HOTLINE, "offer")["matter"], "a code that is not in the map is read for no other"
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.decline, Transfer.objects.get(pk=again.pk), "outside_scope", "12345:532300", by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE) as cast:
        assert Transfer.objects.get(pk=again.pk).proposed_owner == "12345:532300", "a desk's code is the same at both"
        third = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=third.pk), by=cast.yue)
    pair.carry()
    with pair.at(POLICE) as cast:
        FollowUp.objects.create(matter_id=matter.pk, at=timezone.now(), reached=True, satisfied="fair")
        cast.act(closing.close, Matter.objects.get(pk=matter.pk), "answered", answer="已劝开", by=cast.yue)
        assert (told(POLICE, "ended")["closing"], told(POLICE, "ended")["satisfied"]) == ("DF", "2")
    pair.carry()
    with pair.at(HOTLINE) as cast:
        here = Matter.objects.get(pk=matter.pk)
        assert (here.state, here.closing) == ("archived", "answered")
        ended = course(cast.lin, here, opened(here.pack))[-1]
        assert words(ended.kind, ended.facts).more.endswith("（一般）")
        assert "编码对照 类别 3 个、结果 1 个" in seen_by_administrator()
        partner_codes.map_codes(Partner.objects.get(), {}, by=GUAN, at=timezone.now())
        assert command.run(build_parser().parse_args(["exchange", "map", POLICE, "--report"])) == 2
        bodies = Event.objects.filter(kind="partner.codes_mapped").order_by("seq").values_list("body", flat=True)
        assert len({json.loads(body)["digest"] for body in bodies}) == len(bodies) == 2, "which map it was can be shown"
    with pair.at(POLICE) as cast:
        cast.clock.on(hours=1)
        cast.act(closing.reopen, Matter.objects.get(pk=matter.pk), "又吵起来", by=cast.yue)
        cast.act(closing.close, Matter.objects.get(pk=matter.pk), "answered", answer="已劝开", by=cast.yue)
        assert "satisfied" not in told(POLICE, "ended"), "that was said of another outcome"


def test_a_file_of_codes_that_is_too_large_is_refused_and_not_cut(tmp_path):
    file = tmp_path / "codes.toml"
    file.write_text("#" * exchange_map.LARGEST + "\n[kind.out]\n")
    with pytest.raises(OSError, match="大于"):
        exchange_map.read(file)
