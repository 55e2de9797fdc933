"""The link is cut: every desk knows within a minute, people talk on the telephone, and when it is back nobody is asked twice."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import danger, dead_letters, elsewhere, receive, sheets, transfer
from liandong.exchange import https, outbox
from liandong.jobs.deadlines import take_step
from liandong.jobs.linking import Linking
from liandong.queries import links, partners
from liandong.records.models import Demand, Desk, Event, Matter, OutboxMessage, Partner, Seat, Sheet, Transfer
from liandong.rules import access, exchange, letters
from liandong.rules.say import Conflict, Forbidden, Invalid
from tests.cast import CHUXIONG
from tests.exchange.pair import GUAN, HOTLINE, POLICE


def cut(to, body, signed, deliver):
    raise https.Unreached("cut")


def cut_off(viewer) -> tuple[str, ...]:
    """What the line at the top of this viewer's page says is cut off."""
    links.forget()
    return links.links(viewer, timezone.now()).cut


def heard(pair, node: str, seconds: int) -> None:
    with pair.at(node):
        then = timezone.now() - timedelta(seconds=seconds)
        Partner.objects.update(heard_at=then, answered_at=then)


def test_a_silent_partner_is_down_on_every_desk_within_a_minute_and_up_again_by_its_next_ping(pair):
    heard(pair, HOTLINE, 36)
    with pair.at(HOTLINE) as cast:
        linking, began = Linking(), timezone.now()
        linking.look(began)
        assert cut_off(cast.lin) == ()  # it may have been us who were away
        linking.look(began + timedelta(seconds=11))
        assert cut_off(cast.lin) == (POLICE,)
        told = Event.objects.get(kind="partner.silent")
        assert "desk:12345:532300" in told.topics
        assert "desk:110:532301" not in told.topics
    for node in (HOTLINE, POLICE):
        pair.couriers[node].beaten = -1000.0
    pair.carry(rounds=1)
    with pair.at(HOTLINE) as cast:
        linking.look(began + timedelta(seconds=15))
        assert cut_off(cast.lin) == ()
        assert Event.objects.filter(kind="partner.back").count() == 1


@pytest.mark.parametrize(
    ("heard_s", "answered_s", "silent"), [(34, 34, False), (36, 1, True), (1, 36, True), (None, 1, True)]
)
def test_one_way_that_is_silent_is_enough_for_a_link_to_be_down(heard_s, answered_s, silent):
    now = timezone.now()
    heard_at = None if heard_s is None else now - timedelta(seconds=heard_s)
    assert exchange.is_silent(heard_at, now - timedelta(seconds=answered_s), now) is silent


def test_spoken_acceptance_counts_and_when_the_link_is_back_nobody_is_asked_twice(pair):
    pair.network = cut
    with pair.at(HOTLINE):
        Partner.objects.update(down_at=timezone.now())
    matter, row = pair.offer()
    pair.carry(rounds=2)
    with pair.at(HOTLINE) as cast:
        sheet = Sheet.objects.get(matter=matter.pk)
        assert (sheet.body, sheet.line, sheet.state) == ("楚雄市 110", "110", "written")
        with pytest.raises(Invalid):
            cast.act(elsewhere.accept_spoken, Transfer.objects.get(pk=row.pk), " ", by=cast.lin)
        cast.act(elsewhere.accept_spoken, Transfer.objects.get(pk=row.pk), "0403", by=cast.lin)
    assert pair.stands(HOTLINE, matter, row).holder == "110:532301"
    pair.network = lambda to, body, signed, deliver: deliver()
    pair.carry()
    there = pair.stands(POLICE, matter, row)
    assert (there.offer, there.ours, there.matter) == ("accepted", True, "held")
    with pair.at(POLICE):
        assert not Seat.objects.filter(presence="ringing").exists()
        taken = Event.objects.get(matter=matter.pk, kind="transfer.accepted")
        assert json.loads(taken.body)["spoken"] == "0403"
    with pair.at(HOTLINE) as cast, pytest.raises(Conflict):
        cast.act(transfer.recall, Transfer.objects.get(pk=row.pk), by=cast.lin)


def test_a_confirmation_that_is_said_again_still_names_who_took_it_on_the_telephone(pair):
    matter, row = pair.offer()
    pair.carry()
    pair.network = cut
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    with pair.at(HOTLINE) as cast:
        cast.act(elsewhere.accept_spoken, Transfer.objects.get(pk=row.pk), "0403", by=cast.lin)
        confirmed = OutboxMessage.objects.select_related("partner").get(kind="confirmed")
        # a node of before may have given it up
        OutboxMessage.objects.filter(pk=confirmed.pk).update(state="given_up")
        told = {"kind": "confirmed", "why": "已在电话里说定"}
        outbox.write(confirmed.partner, matter.pk, "void", told, confirmed.sequence, at=timezone.now())
    pair.network = lambda to, body, signed, deliver: deliver()
    pair.carry()
    assert pair.stands(POLICE, matter, row).ours
    with pair.at(POLICE):
        taken = Event.objects.get(matter=matter.pk, kind="transfer.accepted")
        assert json.loads(taken.body)["spoken"] == "0403"


def test_an_offer_that_was_under_way_when_the_link_was_cut_gets_its_call_sheet_once(pair):
    pair.network = cut
    matter, _ = pair.offer()
    heard(pair, HOTLINE, 60)
    with pair.at(HOTLINE):
        linking, began = Linking(), timezone.now()
        for seconds in (0, 11, 20):
            linking.look(began + timedelta(seconds=seconds))
        assert Sheet.objects.filter(matter=matter.pk).count() == 1
        assert Event.objects.filter(matter=matter.pk).count() == Matter.objects.get(pk=matter.pk).seq


def test_call_sheets_are_written_although_whoever_told_of_the_silence_was_killed_before_it_wrote_them(pair):
    pair.network = cut
    matter, _ = pair.offer()
    heard(pair, HOTLINE, 60)
    with pair.at(HOTLINE) as cast:
        Partner.objects.update(down_at=timezone.now())
        linking, began = Linking(), timezone.now()
        for seconds in (0, 11, 20):
            linking.look(began + timedelta(seconds=seconds))
        sheet = Sheet.objects.get(matter=matter.pk)
        cast.act(sheets.void, sheet, "已打电话", by=cast.lin)
        linking.look(began + timedelta(seconds=30))
        assert Sheet.objects.filter(matter=matter.pk).count() == 1


def refuse_offers(to, body, signed, deliver):
    if json.loads(body)["type"].endswith(".offer"):
        return https.Answer(422, {"type": "urn:liandong:exchange:data", "title": "x", "detail": "data.matter.title"})
    return deliver()


def test_what_the_other_side_refuses_lies_before_a_person_who_sends_it_again_or_gives_it_up_with_a_reason(pair):
    pair.network = refuse_offers
    matter, row = pair.offer()
    pair.carry(rounds=2)
    with pair.at(HOTLINE) as cast:
        letter = OutboxMessage.objects.select_related("partner").get()
        assert (letter.state, letter.reason, letter.detail) == ("dead", "data", "data.matter.title")
        cast.act(receive.record, Matter.objects.get(pk=matter.pk), said="楼道灯坏了四天", by=cast.lin)
        cast.act(transfer.recall, Transfer.objects.get(pk=row.pk), by=cast.lin)
        administrator = access.Actor("administrator", None, work_no="G001", city="532300")
        assert [one.pk for one in partners.health(administrator, timezone.now())[0].letters] == [letter.pk]
        with pytest.raises(Forbidden):
            cast.act(dead_letters.retry, letter, by=cast.lin)
        cast.act(dead_letters.retry, letter, by=GUAN)
    pair.carry(rounds=2)
    with pair.at(HOTLINE) as cast:
        letter.refresh_from_db()
        assert letter.state == "dead"
        with pytest.raises(Invalid):
            cast.act(dead_letters.end, letter, "given_up", "", by=GUAN)
        cast.act(dead_letters.end, letter, "given_up", "对方系统不认，已打电话", by=GUAN)
        with pytest.raises(Conflict):
            cast.act(dead_letters.end, letter, "by_hand", "再点一次", by=GUAN)
    pair.carry()
    with pair.at(HOTLINE):
        assert not OutboxMessage.objects.exclude(state__in=["taken", "given_up"]).exists()
    pair.network = lambda to, body, signed, deliver: deliver()
    with pair.at(HOTLINE) as cast:
        again = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
    pair.carry()
    assert pair.stands(POLICE, matter, again).offer == "offered"


def test_the_letter_that_says_who_holds_a_matter_is_sent_again_and_not_given_up(pair):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry(POLICE)
    with pair.at(HOTLINE) as cast:
        OutboxMessage.objects.filter(kind="confirmed").update(state="dead", reason="data")
        letter = OutboxMessage.objects.select_related("partner").get(kind="confirmed")
        assert letters.ends(letter.kind, letter.reason) == (), "the page offers no end that would be refused"
        for how in ("given_up", "by_hand"):
            with pytest.raises(Conflict) as told:
                cast.act(dead_letters.end, letter, how, "不等了", by=GUAN)
            assert told.value.say.code == "conflict.letter_confirmed"
        cast.act(dead_letters.retry, letter, by=GUAN)
    pair.carry()
    assert pair.stands(POLICE, matter, row).ours


def test_a_node_that_never_had_the_matter_is_told_by_hand_who_holds_it(pair):
    """Taken on the telephone while its offer was refused: `confirmed` names what is not there, and would wait for ever."""
    _, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry(POLICE)
    with pair.at(HOTLINE) as cast:
        OutboxMessage.objects.filter(kind="confirmed").update(state="dead", reason="subject")
        letter = OutboxMessage.objects.select_related("partner").get(kind="confirmed")
        assert letters.ends(letter.kind, letter.reason) == ("by_hand",)
        with pytest.raises(Conflict):
            cast.act(dead_letters.end, letter, "given_up", "不等了", by=GUAN)
        assert cast.act(dead_letters.end, letter, "by_hand", "电话里说清楚了", by=GUAN)
        assert not OutboxMessage.objects.filter(state="dead").exists()


def test_while_the_other_node_is_down_every_desk_says_so_and_what_waits_there_goes_on_by_our_own_clock(pair):
    pair.network = cut
    matter, row = pair.offer()
    heard(pair, HOTLINE, 36)
    with pair.at(HOTLINE) as cast:
        linking, began = Linking(), timezone.now()
        linking.look(began)
        linking.look(began + timedelta(seconds=11))  # 47 seconds after the last word
        here = set(Desk.objects.filter(city=CHUXIONG, partner=None).values_list("code", flat=True))
        told = Event.objects.get(kind="partner.silent").topics
        assert {f"desk:{code}" for code in here} <= set(told)
        seated = [viewer for viewer in cast.actors.values() if viewer.desk in here]
        assert len(seated) >= 2 and {cut_off(viewer) for viewer in seated} == {(POLICE,)}
        assert Sheet.objects.get(matter=matter.pk).body == "楚雄市 110"
        row = Transfer.objects.get(pk=row.pk)
        assert take_step("transfer", row.pk, matter.pk, row.due_at)
        held = Matter.objects.select_related("holder").get(pk=matter.pk)
        assert (Transfer.objects.get(pk=row.pk).state, held.holder.code) == ("lapsed", "12345:532300")
        demand = cast.act(danger.raise_danger, held, "有人动刀", by=cast.lin)
        for _ in range(2):
            assert take_step("demand", demand.pk, matter.pk, Demand.objects.get(pk=demand.pk).due_at)
        demand = Demand.objects.select_related("desk").get(pk=demand.pk)
        assert (demand.desk.code, demand.state) == ("110:532300", "open")
        assert any("desk:duty:532300" in topics for topics in escalations(matter)), "the duty office is informed"
        linking.look(began + timedelta(seconds=20))
        asked = Sheet.objects.filter(matter=matter.pk, demand=demand.pk).values_list("body", flat=True)
        assert set(asked) == {"楚雄市 110", demand.desk.short}, "each 110 that is asked is rung"


def escalations(matter: Matter) -> list[list[str]]:
    return list(Event.objects.filter(matter=matter.pk, kind="demand.escalated").values_list("topics", flat=True))
