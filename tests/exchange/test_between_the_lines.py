"""What happens between the messages of a hand-over: moves inside one node, words written meanwhile, messages given up."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liandong.actions import dead_letters, drafts, last_words, partners, receive, transfer
from liandong.exchange import https, telling
from liandong.jobs.deadlines import take_step
from liandong.packs.opened import opened
from liandong.records.models import Contact, Desk, Event, Matter, OutboxMessage, Partner, Transfer
from liandong.rules import additions
from liandong.rules.messages import CALLER, MATTER
from tests.exchange.pair import GUAN, HOTLINE, POLICE

SAID = "楼道灯坏了三天没人修"


def sent(pair, node: str) -> list[str]:
    """Kinds of what this node has said, in order."""
    with pair.at(node):
        return list(OutboxMessage.objects.order_by("sequence").values_list("kind", flat=True))


def accepted(pair) -> tuple[Matter, Transfer]:
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry()
    return matter, row


@pytest.mark.parametrize("how", ["recalled", "declined"])
def test_who_has_no_more_to_do_with_a_matter_is_told_nothing_more_of_it_until_it_is_offered_anew(pair, how):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(HOTLINE if how == "recalled" else POLICE) as cast:
        mine = Transfer.objects.get(pk=row.pk)
        if how == "recalled":
            cast.act(transfer.recall, mine, by=cast.lin)
        else:
            cast.act(transfer.decline, mine, "outside_scope", "12345:532300", by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE) as cast:
        mine = Matter.objects.get(pk=matter.pk)
        cast.act(receive.record, mine, said="是三单元门口那盏路灯", nature="report", district="532301", by=cast.lin)
    pair.carry()
    assert "update" not in sent(pair, HOTLINE)
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).said == SAID
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
    pair.carry()
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).said == "是三单元门口那盏路灯"


def test_a_matter_that_went_from_desk_to_desk_at_its_node_is_offered_by_the_desk_that_has_it_now(pair):
    with pair.at(POLICE) as cast:
        matter = cast.call(cast.yue, said=SAID, district="532301")
        first = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.recall, Transfer.objects.get(pk=first.pk), by=cast.yue)
        inside = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532300"), by=cast.yue)
        cast.act(transfer.accept, inside, by=cast.bai)
        again = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("12345:532300"), by=cast.bai)
    pair.carry(rounds=4)
    there = pair.stands(HOTLINE, matter, again)
    assert (there.offer, there.matter, there.holder) == ("offered", "away", "110:532300")
    with pair.at(HOTLINE) as cast:
        assert Event.objects.filter(matter=matter.pk).count() == Matter.objects.get(pk=matter.pk).seq
        cast.act(transfer.accept, Transfer.objects.get(pk=again.pk), by=cast.lin)
    pair.carry()
    assert (pair.stands(HOTLINE, matter, again).ours, pair.stands(POLICE, matter, again).ours) == (True, False)


def test_what_the_giver_adds_to_its_copy_stays_there_when_the_holder_writes_more(pair):
    matter, _ = accepted(pair)
    with pair.at(HOTLINE) as cast:
        cast.act(last_words.add, Matter.objects.get(pk=matter.pk), f"{SAID}，老人摔过一次", by=cast.lin)
        assert "老人摔过一次" in Matter.objects.get(pk=matter.pk).said
    with pair.at(POLICE) as cast:
        cast.act(receive.record, Matter.objects.get(pk=matter.pk), said="灯已报修", by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE):
        said = Matter.objects.get(pk=matter.pk).said
        assert said.startswith("灯已报修")
        assert said.count("老人摔过一次") == 1


def test_what_the_machine_keeps_of_an_unsaved_record_is_on_the_other_screen_too(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin)
        cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
        cast.act(drafts.keep, matter, SAID, {}, by=cast.lin)
        assert take_step("matter", matter.pk, matter.pk, Matter.objects.get(pk=matter.pk).due_at)
    pair.carry()
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).said == SAID


def test_what_was_typed_at_the_seat_that_gave_it_goes_along(pair):
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said=SAID, district="532301")
        row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.zhou)
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(drafts.keep, matter, f"{SAID}，在三楼", {}, by=cast.zhou)
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    pair.carry()
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).said == f"{SAID}，在三楼"


def test_an_acceptance_that_is_still_on_its_way_is_not_said_over_and_over(pair):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
        for _ in range(5):
            assert take_step("transfer", row.pk, matter.pk, Transfer.objects.get(pk=row.pk).due_at)
    assert sent(pair, POLICE).count("accepted") == 1
    pair.carry(POLICE, rounds=1)  # it has arrived, and the answer is lost
    with pair.at(POLICE):
        assert take_step("transfer", row.pk, matter.pk, Transfer.objects.get(pk=row.pk).due_at)
        assert Event.objects.filter(matter=matter.pk, kind="transfer.asked_again").count() == 1
        assert Event.objects.filter(matter=matter.pk).count() == Matter.objects.get(pk=matter.pk).seq
    assert sent(pair, POLICE).count("accepted") == 2


def test_a_message_that_arrived_and_was_given_up_all_the_same_holds_up_nothing(pair):
    def unanswered(to, body, signed, deliver):
        answer = deliver()
        if b'v1.ping"' in body:
            return answer
        raise https.Unreached("the answer was lost")

    pair.network = unanswered
    matter, row = pair.offer()
    pair.carry(HOTLINE, rounds=1)
    with pair.at(HOTLINE) as cast:
        cast.act(dead_letters.end, OutboxMessage.objects.get(), "by_hand", "已打电话", by=GUAN)
        cast.act(transfer.recall, Transfer.objects.get(pk=row.pk), by=cast.lin)
    pair.network = lambda to, body, signed, deliver: deliver()
    pair.carry(rounds=4)
    assert pair.stands(POLICE, matter, row).offer == "recalled"
    with pair.at(HOTLINE):
        assert set(OutboxMessage.objects.values_list("kind", "state")) == {
            ("offer", "given_up"), ("void", "taken"), ("recalled", "taken")}  # fmt: skip


def test_a_desk_that_waits_for_the_confirmation_is_woken_by_what_the_giver_writes(pair):
    matter, row = pair.offer()
    pair.carry()
    with pair.at(POLICE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.yue)
    with pair.at(HOTLINE) as cast:
        cast.act(receive.record, Matter.objects.get(pk=matter.pk), said=f"{SAID}，在三楼", by=cast.lin)
    pair.carry(HOTLINE, rounds=1)
    with pair.at(POLICE):
        assert pair.stands(POLICE, matter, row).offer == "confirming"
        assert "desk:110:532301" in Event.objects.get(matter=matter.pk, kind="matter.updated_there").topics


@pytest.mark.parametrize(("fields", "model"), [(MATTER, Matter), (MATTER, Contact), (CALLER, Contact)])
def test_no_text_of_a_message_is_longer_than_the_column_it_goes_to(fields, model):
    names = {"name": "caller_name"} if fields is CALLER else {}
    columns = {column.name: column for column in model._meta.fields}
    found = {name: (shape["maxLength"], columns[names.get(name, name)].max_length)
             for name, shape in fields["properties"].items() if "maxLength" in shape and names.get(name, name) in columns}  # fmt: skip
    assert found
    assert {name: lengths for name, lengths in found.items() if lengths[1] and lengths[0] > lengths[1]} == {}


def test_a_number_as_long_as_its_column_may_be_told():
    assert CALLER["properties"]["number"]["maxLength"] == Contact._meta.get_field("number").max_length


def test_a_courier_with_nothing_to_carry_asks_the_database_once_and_opens_no_secret(pair, monkeypatch):
    pair.carry(rounds=1)
    with pair.at(HOTLINE):
        courier = pair.couriers[HOTLINE]
        monkeypatch.setattr("liandong.exchange.keyring.secret_of", lambda row: pytest.fail("a secret was opened"))
        with CaptureQueriesContext(connection) as asked:
            assert courier.round(timezone.now()) == 0
        assert len(asked) == 1


def test_desks_placed_as_they_are_already_are_no_act(pair):
    with pair.at(HOTLINE):
        partner = Partner.objects.get()
        codes = tuple(Desk.objects.filter(partner=partner).values_list("code", flat=True))
        before = Event.objects.filter(kind="partner.desks_placed").count()
        partners.place_desks(partner, codes, by=GUAN, at=timezone.now())
        assert Event.objects.filter(kind="partner.desks_placed").count() == before
        partners.place_desks(partner, codes[1:], by=GUAN, at=timezone.now())
        last = Event.objects.filter(kind="partner.desks_placed").latest("pk")
        assert json.loads(last.body)["desks"] == sorted(codes[1:])


@pytest.mark.parametrize("claimed", [False, True])
def test_an_offer_whose_end_was_never_said_ends_when_the_matter_is_offered_anew(pair, claimed):
    matter, first = pair.offer()
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.recall, Transfer.objects.get(pk=first.pk), by=cast.lin)
        unsaid = OutboxMessage.objects.get(kind="recalled")
        cast.act(dead_letters.end, unsaid, "given_up", "对方修好前不再说", by=GUAN)
    if claimed:
        with pair.at(POLICE) as cast:
            cast.act(transfer.accept, Transfer.objects.get(pk=first.pk), by=cast.yue)
    with pair.at(HOTLINE) as cast:
        again = cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
    pair.carry()
    assert pair.stands(POLICE, matter, first).offer == "lapsed"
    assert pair.stands(POLICE, matter, again).offer == "offered"
    with pair.at(POLICE) as cast:
        assert Transfer.objects.get(pk=again.pk).to_seat_id in (cast.yue.seat, cast.shi.seat)
        cast.act(transfer.accept, Transfer.objects.get(pk=again.pk), by=cast.yue)
    pair.carry()
    assert pair.stands(POLICE, matter, again).ours


def test_a_refusal_with_half_a_character_in_it_lies_before_a_person_all_the_same(pair):
    told = {"type": "urn:liandong:exchange:data", "detail": "半\ud800个\x00字"}
    pair.network = lambda to, body, signed, deliver: https.Answer(422, told)
    pair.offer()
    pair.carry(HOTLINE, rounds=1)
    with pair.at(HOTLINE):
        row = OutboxMessage.objects.get()
        assert (row.state, row.reason, row.detail) == ("dead", "data", "半?个字")


@pytest.mark.parametrize(
    "answer",
    [
        https.Answer(200, {"welcome": "sign in"}),
        https.Answer(200, {"id": "of-another"}),
        https.Answer(403, {"error": "x"}),
    ],
)
def test_what_something_on_the_way_answers_is_neither_a_receipt_nor_a_refusal(pair, answer):
    pair.network = lambda to, body, signed, deliver: answer
    pair.offer()
    pair.carry(HOTLINE, rounds=1)
    with pair.at(HOTLINE):
        row = OutboxMessage.objects.get()
        assert (row.state, row.reason) == ("waiting", "unreached")


def test_what_was_written_before_the_clock_was_set_back_is_sent_at_once(pair):
    pair.offer()
    with pair.at(HOTLINE):
        OutboxMessage.objects.update(next_at=timezone.now() + timedelta(minutes=20))
        Partner.objects.update(heard_at=timezone.now() + timedelta(minutes=20))
        assert pair.couriers[HOTLINE].round(timezone.now()) == 1
    pair.carry()
    with pair.at(HOTLINE):
        assert Partner.objects.get().heard_at <= timezone.now()


def test_what_is_written_of_a_complaint_about_police_is_not_told_to_the_police_who_had_the_call(pair):
    with pair.at(POLICE) as cast:
        matter = cast.call(cast.yue, said=SAID, district="532301")
        row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    pair.carry()
    with pair.at(HOTLINE) as cast:
        cast.act(transfer.accept, Transfer.objects.get(pk=row.pk), by=cast.lin)
    pair.carry()
    with pair.at(HOTLINE) as cast:
        mine = Matter.objects.get(pk=matter.pk)
        code = next(one.code for one in opened(mine.pack).kinds if one.about_police)
        cast.act(
            receive.record,
            mine,
            said="出警民警收了对方的钱",
            kind=code,
            nature="complaint",
            district="532301",
            by=cast.lin,
        )
        assert Matter.objects.get(pk=matter.pk).secret
        Matter.objects.filter(pk=matter.pk).update(outcome="民警赵某已停职")
        telling.tell(Matter.objects.get(pk=matter.pk), "matter.archived", {}, by=cast.lin, at=timezone.now())
    pair.carry()
    assert "update" not in sent(pair, HOTLINE)
    with pair.at(POLICE):
        copy = Matter.objects.get(pk=matter.pk)
        assert (copy.said, copy.state, copy.outcome) == (SAID, "archived", "已办结")


def test_an_end_is_told_in_its_own_words_to_whom_it_concerns_alone(pair):
    for decline, outcome in ((True, "已办结"), (False, "业主刘某已换灯")):
        matter, row = pair.offer()
        pair.carry()
        with pair.at(POLICE) as cast:
            if decline:
                cast.act(
                    transfer.decline, Transfer.objects.get(pk=row.pk), "outside_scope", "12345:532300", by=cast.yue
                )
        pair.carry()
        with pair.at(HOTLINE) as cast:
            Matter.objects.filter(pk=matter.pk).update(outcome="业主刘某已换灯")
            telling.tell(Matter.objects.get(pk=matter.pk), "matter.archived", {}, by=cast.lin, at=timezone.now())
        pair.carry()
        with pair.at(POLICE):
            assert Matter.objects.get(pk=matter.pk).outcome == outcome


def test_what_others_added_to_a_long_record_goes_along_when_it_is_handed_over(pair):
    added = additions.joined("长" * 19_990, "县 110 11月29日 10:00 补记", "他家里还有两个孩子")
    with pair.at(HOTLINE) as cast:
        matter = cast.call(cast.lin, said=SAID, district="532301")
        Matter.objects.filter(pk=matter.pk).update(said=added)
        cast.act(transfer.offer, Matter.objects.get(pk=matter.pk), cast.desk("110:532301"), by=cast.lin)
    pair.carry()
    with pair.at(POLICE):
        assert Matter.objects.get(pk=matter.pk).said == added
