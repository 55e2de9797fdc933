"""接 · 判 · 转 · 办 · 复: one matter from the ring to the archive, and what a clumsy hand cannot break."""

import json
from datetime import datetime

import pytest
from django.db import DatabaseError, transaction

from liandong.actions import closing, drafts, handle, receive, reply, seats, transfer
from liandong.records.models import Contact, Draft, Event, Matter, Order, Seat, Unit
from liandong.rules import chain
from liandong.rules.access import system
from liandong.rules.say import Conflict, Forbidden, Invalid
from tests.cast import SHANGHAI

LAMP = "鹿城镇集镇路灯六盏不亮，晚上看不见路"


def in_hand(cast) -> tuple[Matter, Order]:
    """A lamp that 110 was told of, taken by 12345 and given to the unit of Duan."""
    matter = cast.call(cast.yue, LAMP, kind="12345-1", nature="complaint")
    cast.act(transfer.accept, cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue), by=cast.lin)
    return matter, cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)


def test_a_lamp_goes_from_110_to_12345_to_the_unit_and_back_to_the_person(cast):
    matter, order = in_hand(cast)
    cast.act(handle.sign, order, by=cast.duan)
    cast.act(handle.contact, order, "来电人说六盏都在桥头", by=cast.duan)
    cast.act(handle.resolve, order, "线缆老化，已换", "桥头六盏路灯已修好", by=cast.duan)
    cast.act(reply.tell, matter, "桥头六盏路灯已修好", "路灯已修复", by=cast.lin)
    done = cast.act(reply.follow_up, matter, by=cast.lin, reached=True, solved=True, satisfied="satisfied")
    assert (done.state, done.due_at, done.solved) == ("archived", None, True)
    rows = Event.objects.filter(matter=matter).order_by("seq").values_list("seq", "body", "before", "digest")
    assert chain.first_break(rows) is None
    assert len(rows) == 11
    for _, body, *_ in rows:
        fact = json.loads(body)
        assert fact["by"] and fact["at"] and fact["pack"], fact


def test_the_units_clock_runs_from_dispatch_on_working_days(cast):
    cast.clock.now = datetime(2026, 9, 30, 16, 0, tzinfo=SHANGHAI)  # National Day follows; 10 October is made up
    _, order = in_hand(cast)
    assert order.sign_due_at.astimezone(SHANGHAI) == datetime(2026, 10, 8, 17, 30, tzinfo=SHANGHAI)
    before = order.answer_due_at
    cast.clock.on(days=9)
    signed = cast.act(handle.sign, order, by=cast.duan)
    assert signed.answer_due_at == before == signed.due_at
    assert signed.answer_due_at.astimezone(SHANGHAI).date().isoformat() == "2026-10-27"


def test_not_solved_is_done_again_with_its_history_and_the_citizens_clock_goes_on(cast):
    matter, order = in_hand(cast)
    promised = Matter.objects.get(pk=matter.pk).answer_due_at
    cast.act(handle.sign, order, by=cast.duan)
    cast.act(handle.contact, order, "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "已修", "已修好", by=cast.duan)
    cast.act(reply.tell, matter, "已修好", "已修复", by=cast.lin)
    cast.clock.on(days=1)
    cast.act(reply.follow_up, matter, by=cast.lin, reached=True, solved=False, note="还有两盏不亮")
    again = Order.objects.get(matter=matter, state="assigned")
    matter.refresh_from_db()
    assert (again.again_of, matter.state, matter.answer_due_at) == (order, "handling", promised)


def test_a_person_not_reached_three_times_is_archived_as_not_reached(cast):
    matter, order = in_hand(cast)
    cast.act(handle.sign, order, by=cast.duan)
    cast.act(handle.contact, order, "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "已修", "已修好", by=cast.duan)
    cast.act(reply.tell, matter, "已修好", "已修复", by=cast.lin)
    for state in ("answered", "answered", "archived"):
        cast.act(reply.follow_up, matter, by=cast.lin, reached=False)
        matter.refresh_from_db()
        assert matter.state == state
    assert matter.solved is None


def test_a_unit_cannot_resolve_before_it_has_reached_the_person(cast):
    _, order = in_hand(cast)
    cast.act(handle.sign, order, by=cast.duan)
    with pytest.raises(Invalid):
        cast.act(handle.resolve, order, "查了", "好了", by=cast.duan)


def test_another_unit_cannot_sign_the_order(cast):
    _, order = in_hand(cast)
    with pytest.raises(Forbidden):
        cast.act(handle.sign, order, by=cast.lei)


def test_a_hand_back_names_the_owner_and_the_matter_is_its_desks_again(cast):
    matter, order = in_hand(cast)
    cast.act(handle.hand_back, order, "not_our_duty", cast.lei.unit, "路灯归另一家管", by=cast.duan)
    matter.refresh_from_db()
    assert (matter.state, matter.holder.code) == ("held", "12345:532300")
    with pytest.raises(Conflict):
        cast.act(handle.sign, order, by=cast.duan)


def test_nothing_is_closed_over_an_open_order(cast):
    matter, _ = in_hand(cast)
    with pytest.raises(Conflict):
        cast.act(closing.close, matter, "answered", answer="好了", by=cast.lin)


def test_an_inquiry_is_answered_and_closed_in_one_key(cast):
    matter = cast.call(cast.lin, "社保卡丢了去哪里补", nature="inquiry")
    done = cast.act(closing.close, matter, "answered", answer="到就近社保窗口带身份证补办", by=cast.lin)
    assert (done.state, done.due_at, done.outcome) == ("archived", None, "已当场答复")


def test_a_person_is_guided_only_to_a_number_of_the_directory(cast):
    matter = cast.call(cast.he, "菜场乱涨价")
    with pytest.raises(Invalid):
        cast.act(closing.close, matter, "redirected", hotline="99999", by=cast.he)
    done = cast.act(closing.close, matter, "redirected", hotline="12358", by=cast.he)
    assert (done.state, done.closing) == ("archived", "redirected")


def test_a_call_rings_the_seat_that_was_free_longest_and_both_cannot_answer(cast):
    matter = cast.rings(call=True)
    assert matter.seat_id == cast.lin.seat
    cast.act(receive.answer, matter, by=cast.lin)
    with pytest.raises(Conflict) as told:
        cast.act(receive.answer, matter, by=cast.zhou)
    assert told.value.say.code == "conflict.answered_by_other"
    assert cast.rings(call=True).seat_id == cast.zhou.seat


def test_a_call_nobody_answered_becomes_one_to_call_back(cast):
    matter = cast.rings(call=True)
    cast.act(receive.end_call, matter, by=system("switch"))
    assert Seat.objects.get(pk=cast.lin.seat).presence == "free"
    cast.clock.on(minutes=1)
    kept = cast.act(receive.keep, matter, by=system("deadline"))
    assert kept.state == "held"
    assert (kept.due_at - cast.clock.now).total_seconds() == 600


def test_what_was_typed_is_kept_when_nobody_saves_it(cast):
    matter = cast.call(cast.lin, call=True)
    drafts.keep(matter, "门口的井盖塌了", {}, by=cast.lin, at=cast.clock.now)
    cast.act(receive.end_call, matter, by=system("switch"))
    kept = cast.act(receive.keep, matter, by=system("deadline"))
    assert (kept.said, kept.title) == ("门口的井盖塌了", "门口的井盖塌了")
    assert Draft.objects.filter(matter=matter).exists()


def test_numbers_start_at_one_each_day_and_in_each_city(cast):
    first, second = cast.rings(), cast.rings()
    other = cast.rings("12345:510400")
    cast.clock.on(days=1)
    assert [m.number[:5] for m in (first, second, other, cast.rings())] == ["1118-", "1118-", "1118-", "1119-"]
    assert len({(m.city, m.number) for m in Matter.objects.all()}) == 4
    assert other.number == "1118-0001"
    assert Matter.objects.order_by("-received_at").first().number == "1119-0001"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"said": "路灯\n不亮", "number": "1380878"}, "number"),
        ({"said": "路灯不亮", "number": "十三八"}, "number"),
        ({"said": "灯" * 100_000}, "said"),
        ({"said": " \x00 "}, "said"),
        ({"said": "路灯不亮", "district": "999999"}, "district"),
        ({"said": "路灯不亮", "kind": "110-99"}, "kind"),
        ({"said": "路灯不亮", "nature": "whatever"}, "nature"),
        ({"said": "路灯不亮", "title": "长" * 121}, "title"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(cast, form, field):
    matter = cast.call(cast.lin)
    before = Matter.objects.filter(pk=matter.pk).values().get(), Contact.objects.values().get(), Event.objects.count()
    with pytest.raises(Invalid) as told, transaction.atomic():
        cast.act(receive.record, matter, by=cast.lin, **form)
    assert told.value.field == field
    assert before == (
        Matter.objects.filter(pk=matter.pk).values().get(),
        Contact.objects.values().get(),
        Event.objects.count(),
    )


def test_emoji_nul_and_rare_characters_are_kept_as_words(cast):
    matter = cast.call(cast.lin, "路灯\x00不亮😀，𠮷先生说")
    assert Matter.objects.get(pk=matter.pk).said == "路灯不亮😀，𠮷先生说"


def test_a_double_click_does_it_once_and_answers_twice(cast):
    matter = cast.call(cast.yue, LAMP)
    ask = dict(by=cast.yue, at=cast.clock.now, key="press-1")
    first = transfer.offer(matter, cast.desk("12345:532300"), **ask)
    assert transfer.offer(matter, cast.desk("12345:532300"), **ask).pk == first.pk
    with pytest.raises(Conflict) as told:
        transfer.offer(matter, cast.desk("110:532300"), **ask)
    assert told.value.say.code == "conflict.key_reused"


def test_events_are_append_only_and_only_the_private_part_may_be_blanked(cast):
    matter = cast.call(cast.lin, LAMP)
    event = Event.objects.filter(matter=matter).exclude(private="").first()
    for change in ({"body": "{}"}, {"private": "x"}, {"digest": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()
    Event.objects.filter(pk=event.pk).update(private="", salt="")
    rows = Event.objects.filter(matter=matter).order_by("seq").values_list("seq", "body", "before", "digest")
    assert chain.first_break(rows) is None


def test_the_words_of_a_person_stand_outside_the_chain(cast):
    matter = cast.call(cast.lin, "我叫王二麻子，路灯不亮", number="13900001111")
    for body in Event.objects.filter(matter=matter).values_list("body", flat=True):
        assert "王二麻子" not in body and "13900001111" not in body


def test_a_seat_taken_by_a_colleague_is_not_taken_twice(cast):
    with pytest.raises(Conflict):
        cast.act(seats.sit, Seat.objects.get(pk=cast.lin.seat), by=cast.zhou)


def test_a_seat_whose_page_is_gone_is_not_rung(cast):
    cast.clock.on(minutes=2)
    seats.seen(cast.zhou.seat, at=cast.clock.now)
    assert cast.rings(call=True).seat_id == cast.zhou.seat
