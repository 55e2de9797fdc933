"""Voice orders through the port, and what the exchange tells turned into acts."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liandong.actions import confer, receive, reply, talk, transfer, voice
from liandong.channels.phone import demo
from liandong.channels.phone.again import end_dead_calls
from liandong.records.models import Call, Event, Matter, Seat, Transfer
from liandong.rules.say import Forbidden
from liandong.telephony.port import Incoming

POLICE = "110:532301"


def kinds(matter):
    """What was done; that it is recorded runs beside it."""
    told = Event.objects.filter(matter=matter).exclude(kind__startswith="recording.")
    return list(told.order_by("seq").values_list("kind", flat=True))


def answered(room, cast, by=None):
    """A call of which lin has written down what it is about."""
    matter = room.dials()
    by = by or cast.lin if matter.seat_id == cast.lin.seat else cast.zhou
    cast.act(receive.answer, matter, by=by)
    cast.act(receive.record, matter, by=by, said="小区里有人打架", district="532301")
    room.round()
    return Matter.objects.get(pk=matter.pk), by


def offered(room, cast):
    matter, by = answered(room, cast)
    return matter, by, cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)


def taker(cast, row):
    return cast.yue if Transfer.objects.get(pk=row.pk).to_seat_id == cast.yue.seat else cast.shi


def test_the_switch_hears_at_once_that_the_record_has_come(room, cast):
    _, _, row = offered(room, cast)
    with CaptureQueriesContext(connection) as asked:
        cast.act(transfer.receipt, row, "delivered", by=taker(cast, row))
    assert [one for one in asked if "pg_notify" in one["sql"] and voice.CHANNEL in one["sql"]]


def test_a_dialled_line_rings_a_free_seat_with_number_and_place(room, cast):
    matter = room.dials(accuracy_m=80)
    assert (matter.holder.code, matter.contact.place, matter.contact.accuracy_m) == ("12345:532300", "鹿城镇东兴路", 80)
    assert room.call(matter).state == "ringing"
    assert room.call(matter).ringing == [matter.seat_id]


@pytest.mark.parametrize(
    ("line", "district", "desk"),
    [
        ("110", "532301", "110:532301"),
        ("110", "", "110:532300"),
        ("110", "532399", "110:532300"),
        ("12345", "532301", "12345:532300"),
    ],
)
def test_the_line_and_the_district_choose_the_desk(room, line, district, desk):
    assert room.dials(line, district=district).holder.code == desk


@pytest.mark.parametrize(("line", "desk"), [("110", "110:510402"), ("12345", "12345:510400")])
def test_a_call_from_across_the_border_rings_there_and_is_judged_by_the_pack_of_its_place(room, line, desk):
    matter = room.dials(line, district="510402")
    assert (matter.holder.code, matter.city, matter.pack.pack) == (desk, "510400", "panzhihua_2018")


def test_a_call_from_across_a_border_nobody_here_serves_rings_where_it_came(room):
    matter = room.dials("110", district="530102")
    assert (matter.holder.code, matter.city) == ("110:532300", "532300")


def test_an_answered_call_is_shown_as_talking_with_its_seat(room, cast):
    matter, by = answered(room, cast)
    assert (room.call(matter).state, room.call(matter).seats) == ("talking", [by.seat])
    assert room.presence(by) == "talking"


def test_the_second_phone_does_not_ring_before_the_record_is_delivered(room, cast):
    _, _, row = offered(room, cast)
    room.round()
    row.refresh_from_db()
    assert row.rang_at is None
    assert room.last("transfer").done_at is None
    cast.act(transfer.receipt, row, "delivered", by=taker(cast, row))
    room.round()
    row.refresh_from_db()
    assert row.delivered_at < row.rang_at
    assert room.last("transfer").result == "ringing"


def test_a_machine_that_says_nothing_holds_the_voice_back_for_one_and_a_half_seconds_only(room, cast):
    matter, _, row = offered(room, cast)
    order = room.last("transfer")
    late = timezone.now() + transfer.RECORD_BEFORE_VOICE
    assert room.switch.orders.do(order, timezone.now()) is None
    assert room.switch.orders.do(order, late) == "ringing"
    assert room.exchange.talk(matter.contact.call).ringing == (f"seat-{row.to_seat_id}",)


def test_after_acceptance_the_second_seat_talks_and_the_first_wraps_up(room, cast):
    matter, by, row = offered(room, cast)
    other = taker(cast, row)
    cast.act(transfer.receipt, row, "delivered", by=other)
    room.round()
    cast.act(transfer.accept, row, by=other)
    room.round()
    assert room.call(matter).seats == [other.seat]
    assert (room.presence(by), room.presence(other)) == ("wrapping", "talking")
    assert kinds(matter)[-4:] == ["transfer.offered", "transfer.delivered", "transfer.rang", "transfer.accepted"]


def test_a_recalled_offer_stops_the_second_phone_and_nothing_else(room, cast):
    matter, by, row = offered(room, cast)
    cast.act(transfer.receipt, row, "seen", by=taker(cast, row))
    room.round()
    assert len(room.call(matter).ringing) == 1
    cast.act(transfer.recall, row, by=by)
    room.round()
    assert (room.call(matter).ringing, room.call(matter).seats) == ([], [by.seat])


def test_an_offer_that_ends_behind_the_switch_still_stops_the_phone(room, cast):
    matter, by, row = offered(room, cast)
    cast.act(transfer.receipt, row, "seen", by=taker(cast, row))
    room.round()
    Transfer.objects.filter(pk=row.pk).update(state="lapsed", due_at=None)
    room.switch.stop_stale()
    room.round()
    assert (room.call(matter).ringing, room.call(matter).seats) == ([], [by.seat])


def test_a_second_phone_that_is_not_there_leaves_the_caller_with_the_first_and_rings_the_next_seat(room, cast):
    matter, by, row = offered(room, cast)
    first = Seat.objects.get(pk=row.to_seat_id)
    room.exchange.unregistered.add(room.switch.orders.phones.extension(first))
    cast.act(transfer.receipt, row, "delivered", by=taker(cast, row))
    room.round()
    row.refresh_from_db()
    assert row.to_seat_id != first.pk
    assert (row.state, room.call(matter).seats, room.call(matter).ringing) == ("offered", [by.seat], [])
    order = room.last("transfer")  # the next seat's screen gets its time as well
    assert room.switch.orders.do(order, order.asked_at + transfer.RECORD_BEFORE_VOICE) == "ringing"
    room.switch.report(timezone.now())
    assert room.call(matter).ringing == [row.to_seat_id]


def test_a_taker_whose_phone_fails_does_not_cost_the_caller_the_first_seat(room, cast):
    matter, by, row = offered(room, cast)
    other = taker(cast, row)
    room.exchange.unregistered.add(f"seat-{other.seat}")
    cast.act(transfer.accept, row, by=other)
    room.round()
    assert room.last("leave").result == "alone"
    assert room.call(matter).seats == [by.seat]


def test_a_ring_that_nobody_answers_ends_with_the_offers_own_due_time(room, cast):
    matter, by, row = offered(room, cast)
    cast.act(transfer.receipt, row, "delivered", by=taker(cast, row))
    room.round()
    left = (row.due_at - timezone.now()).total_seconds()
    room.round(left + 0.5)
    assert (room.call(matter).ringing, room.call(matter).seats) == ([], [by.seat])


def test_a_caller_who_gives_up_during_an_offer_leaves_the_offer_alive_without_voice(room, cast):
    matter, by, row = offered(room, cast)
    other = taker(cast, row)
    cast.act(transfer.receipt, row, "delivered", by=other)
    room.round()
    room.hangs_up(matter)
    row.refresh_from_db()
    assert (row.state, room.call(matter).state, room.presence(by)) == ("offered", "ended", "wrapping")
    assert voice.live_call(Matter.objects.get(pk=matter.pk)) is None
    cast.act(transfer.accept, row, by=other)
    room.round()
    assert Matter.objects.get(pk=matter.pk).holder.code == POLICE
    assert room.presence(other) == "free"


def test_a_caller_who_gives_up_before_the_answer_is_kept_to_be_rung_back(room, cast):
    matter = room.dials()
    room.hangs_up(matter)
    event = Event.objects.get(matter=matter, kind="contact.ended")
    assert json.loads(event.body)["by_whom"] == "caller"
    assert json.loads(event.body)["answered"] is False
    assert Seat.objects.get(pk=matter.seat_id).presence == "free"
    matter.refresh_from_db()
    assert matter.due_at < timezone.now() + timedelta(minutes=2)


def test_an_invited_desk_rings_and_joins_as_the_third_and_leaves_when_the_first_takes_it(room, cast):
    matter, by = answered(room, cast)
    row = cast.act(confer.invite, matter, cast.desk(POLICE), by=by)
    room.round()
    assert room.call(matter).ringing == [row.with_seat_id]
    other = cast.yue if row.with_seat_id == cast.yue.seat else cast.shi
    cast.act(confer.join, row, by=other)
    room.round()
    assert room.call(matter).seats == [by.seat, other.seat]
    cast.act(confer.settle, row, cast.desk("12345:532300"), "路灯归我们", by=by)
    room.round()
    assert room.call(matter).seats == [by.seat]


def test_a_desk_that_asks_to_negotiate_is_in_the_talk_at_once(room, cast):
    matter, by, row = offered(room, cast)
    other = taker(cast, row)
    cast.act(transfer.negotiate, row, by=other)
    room.round()
    assert room.call(matter).seats == [by.seat, other.seat]
    assert room.presence(other) == "talking"


def test_hold_is_shown_and_moves_nobody(room, cast):
    matter, by = answered(room, cast)
    for kind, state in (("hold", "held"), ("mute", "held"), ("unmute", "held"), ("unhold", "talking")):
        voice.order(kind, at=timezone.now(), call=matter.contact.call, seat=Seat.objects.get(pk=by.seat))
        room.round()
        assert (room.call(matter).state, room.call(matter).seats) == (state, [by.seat])


def test_a_seat_that_ends_the_talk_ends_it_for_everybody(room, cast):
    matter, by = answered(room, cast)
    voice.order("hang_up", at=timezone.now(), call=matter.contact.call, seat=Seat.objects.get(pk=by.seat))
    room.round()
    assert room.call(matter).state == "ended"
    assert json.loads(Event.objects.get(matter=matter, kind="contact.ended").body)["by_whom"] == "seat"


def test_a_person_rung_back_picks_up_and_the_result_is_told(room, cast):
    matter, by = answered(room, cast)
    room.hangs_up(matter)
    cast.act(reply.call_back, matter, by=by)
    room.round()
    order = room.last("call_back")
    assert (order.result, room.presence(by)) == ("ringing", "talking")
    room.round(1.5)
    order.refresh_from_db()
    assert order.result == "answered"
    assert kinds(matter)[-2:] == ["contact.called_back", "contact.reached"]
    assert Call.objects.get(pk=order.call).seats == [by.seat]
    voice.order("hang_up", at=timezone.now(), call=order.call, seat=Seat.objects.get(pk=by.seat))
    room.round()
    assert (Call.objects.get(pk=order.call).state, room.presence(by)) == ("ended", "wrapping")


def test_a_person_who_does_not_pick_up_is_told_as_not_reached(room, cast):
    matter, by = answered(room, cast)
    room.hangs_up(matter)
    room.exchange.absent.add("13800002671")
    cast.act(reply.call_back, matter, by=by)
    room.round()
    room.round(30)
    assert room.last("call_back").result == "no_answer"
    assert kinds(matter)[-1] == "contact.not_reached"
    assert room.presence(by) == "wrapping"


def test_an_order_past_its_due_time_is_dropped_and_says_so(room, cast):
    matter, _ = answered(room, cast)
    seat, now = Seat.objects.get(pk=cast.yue.seat), timezone.now()
    voice.order("ring", at=now, call=matter.contact.call, seat=seat, due_at=now - timedelta(seconds=1))
    room.round()
    assert (room.last("ring").result, room.call(matter).ringing) == ("late", [])
    voice.order("hold", at=now - timedelta(hours=1), call=matter.contact.call, seat=seat)
    room.round()
    assert (room.last("hold").result, room.call(matter).state) == ("late", "talking")


def test_an_order_for_a_call_that_is_over_says_so(room, cast):
    voice.order("hold", at=timezone.now(), call=uuid.uuid4(), seat=Seat.objects.get(pk=cast.lin.seat))
    room.round()
    assert room.last("hold").result == "call_over"


def test_one_order_that_cannot_be_done_does_not_stop_the_next(room, cast):
    voice.order("call_back", at=timezone.now(), matter="not a matter", number="1")
    matter = room.dials()
    assert room.last("call_back").result == "error"
    assert room.call(matter).state == "ringing"


def test_the_same_call_told_twice_is_one_matter(room, cast):
    matter = room.dials()
    call = matter.contact.call
    again = Incoming(call, "13800002671", "12345", "鹿城镇东兴路", city="532300")
    room.switch.happenings.handle(again, timezone.now())
    assert Matter.objects.filter(contact__call=call).count() == 1


def test_a_city_without_a_pack_hangs_up_instead_of_letting_the_caller_wait_for_ever(room, cast):
    demo.dial("12345", city="999900", at=timezone.now())
    room.round()
    assert room.exchange.talks() == ()


def test_a_switch_that_starts_again_ends_the_calls_of_the_one_before(room, cast):
    matter, by = answered(room, cast)
    ringing = room.dials()
    end_dead_calls(set(), timezone.now())
    assert set(Call.objects.values_list("state", flat=True)) == {"ended"}
    assert room.presence(by) == "wrapping"
    assert Seat.objects.get(pk=ringing.seat_id).presence == "free"
    assert json.loads(Event.objects.get(matter=matter, kind="contact.ended").body)["by_whom"] == "switch"
    end_dead_calls(set(), timezone.now())
    assert kinds(matter).count("contact.ended") == 1


def test_made_up_callers_are_refused_outside_a_demo(room, cast, settings):
    demo.dial("12345", at=timezone.now())
    settings.LIANDONG_MODE = "production"
    room.round()
    assert room.last("dial_in").result == "refused"
    with pytest.raises(Forbidden):
        demo.dial("12345", at=timezone.now())
    with pytest.raises(Forbidden):
        demo.hang_up(uuid.uuid4(), at=timezone.now())
    assert demo.main([]) == 1


def test_a_call_can_be_made_from_the_command_line(room, cast, capsys):
    assert demo.main(["--to", "110", "--from", "13900001111", "--place", "金山镇", "--district", "532302"]) == 0
    room.round()
    matter = Matter.objects.get(contact__call=capsys.readouterr().out.strip())
    assert (matter.holder.code, matter.contact.number, matter.contact.place) == ("110:532302", "13900001111", "金山镇")


def test_a_call_that_the_exchange_still_carries_is_taken_up_again(room, cast):
    matter, by = answered(room, cast)
    end_dead_calls({matter.contact.call}, timezone.now())
    assert (room.call(matter).state, room.presence(by)) == ("talking", "talking")


def test_a_switch_that_ends_with_its_exchange_hangs_up_what_it_carries(room, cast):
    matter, by = answered(room, cast)
    room.switch.end()
    assert (room.call(matter).state, room.presence(by)) == ("ended", "wrapping")


def test_a_call_back_belongs_to_its_own_matter_and_seat_only(room, cast):
    matter, by = answered(room, cast)
    assert voice.call_back_of(matter, by.seat) is None
    room.hangs_up(matter)
    cast.act(reply.call_back, matter, by=by)
    room.round(1.5)
    assert voice.call_back_of(matter, by.seat).pk == room.last("call_back").call
    assert voice.call_back_of(matter, cast.yue.seat) is None
    assert voice.call_back_of(room.dials(), by.seat) is None


def test_the_seat_that_rang_back_ends_that_talk_with_its_own_key(room, cast):
    matter, by = answered(room, cast)
    room.hangs_up(matter)
    cast.act(reply.call_back, matter, by=by)
    room.round(1.5)
    cast.act(talk.control, matter, "hang_up", by=by)
    room.round()
    assert Call.objects.get(pk=room.last("call_back").call).state == "ended"
    assert room.presence(by) == "wrapping"


def test_a_person_rung_back_at_a_number_that_is_also_a_seats_extension_is_the_person(room, cast):
    matter, by = answered(room, cast)
    room.hangs_up(matter)
    Seat.objects.filter(pk=cast.yue.seat).update(extension=matter.contact.number)
    cast.act(reply.call_back, matter, by=by)
    room.round()
    room.round(1.5)
    assert room.last("call_back").result == "answered"
    assert room.presence(cast.yue) == "free"


def test_a_call_that_was_reported_before_it_was_told_is_received_and_not_cut_off(room, cast):
    arriving = Incoming(uuid.uuid4(), "13800002671", "12345", city="532300")
    room.exchange.dial_in(arriving)
    room.switch.report(timezone.now())
    room.round()
    matter = Matter.objects.get(contact__call=arriving.call)
    assert (room.call(matter).state, room.call(matter).ringing) == ("ringing", [matter.seat_id])
    assert [talk.call for talk in room.exchange.talks()] == [arriving.call]


def test_a_number_that_is_no_extension_is_asked_for_once(room, cast, django_assert_num_queries):
    phones = room.switch.orders.phones
    with django_assert_num_queries(1):
        assert [phones.seat("13800002671") for _ in range(3)] == [None, None, None]
    seat = Seat.objects.get(pk=cast.yue.seat)
    seat.extension = "13800002671"
    assert phones.extension(seat) == "13800002671"
    assert phones.seat("13800002671") == seat.pk


def test_a_call_that_cannot_be_written_down_is_logged_and_the_others_are_shown(room, cast, caplog):
    room.exchange.dial_in(Incoming(uuid.uuid4(), "13800002672", "1" * 16, city="532300"))
    matter = room.dials()
    assert room.call(matter).state == "ringing"
    assert "call " in caplog.text
    room.hangs_up(matter)
    assert Call.objects.exclude(state="ended").count() == 0
