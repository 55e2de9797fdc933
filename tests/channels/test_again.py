"""A switch that begins while the exchange goes on: calls live on, and what the rows say is found again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import receive, reply, seats, transfer
from liandong.channels.phone.switch import Switch
from liandong.channels.pulse import Pulse
from liandong.records.models import Call, Event, Matter, Transfer, VoiceOrder
from liandong.telephony import port
from liandong.telephony.simulator import Simulator

POLICE = "110:532301"


def begins_anew(room, exchange=None):
    """The switch of before is gone without a word; another begins at the same exchange."""
    room.switch = Switch(exchange or room.exchange, Pulse("switch"))
    assert room.switch.find_again()


@pytest.fixture
def talking(room, cast):
    matter = room.dials()
    by = cast.lin if matter.seat_id == cast.lin.seat else cast.zhou
    cast.act(receive.answer, matter, by=by)
    cast.act(receive.record, matter, by=by, said="小区里有人打架", district="532301")
    room.round()
    return Matter.objects.get(pk=matter.pk), by


@pytest.fixture
def offered(room, cast, talking):
    """On offer, and the second phone rings."""
    matter, by = talking
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    taker = cast.yue if row.to_seat_id == cast.yue.seat else cast.shi
    cast.act(transfer.receipt, row, "delivered", by=taker)
    room.round()
    return matter, by, row, taker


def test_a_talk_goes_on_over_a_new_switch_and_ends_once(room, cast, talking):
    matter, by = talking
    began = room.call(matter).began_at
    begins_anew(room)
    room.round()
    assert (room.call(matter).state, room.call(matter).seats, room.presence(by)) == ("talking", [by.seat], "talking")
    assert room.call(matter).began_at == began
    room.hangs_up(matter)
    assert (room.call(matter).state, room.presence(by)) == ("ended", "wrapping")
    assert Event.objects.filter(matter=matter, kind="contact.ended").count() == 1


def test_a_phone_that_rings_for_an_offer_is_stopped_by_the_next_switch_when_the_offer_is_over(room, cast, offered):
    matter, by, row, _ = offered
    begins_anew(room)
    Transfer.objects.filter(pk=row.pk).update(state="lapsed", due_at=None)
    room.switch.stop_stale()
    room.round()
    assert (room.call(matter).ringing, room.call(matter).seats) == ([], [by.seat])


def test_a_phone_that_fails_after_the_restart_still_rings_the_next_seat(room, cast, offered):
    matter, _, row, taker = offered
    begins_anew(room)
    extension = room.exchange.talk(matter.contact.call).ringing[0]
    room.exchange.stop_ringing(matter.contact.call, extension)
    room.exchange.told.append(port.Failed(matter.contact.call, extension, port.UNREGISTERED))
    room.round()
    row.refresh_from_db()
    assert row.state == "offered"
    assert row.to_seat_id != taker.seat


def test_an_offers_phone_that_stopped_meanwhile_rings_again_for_the_time_it_has_left(room, cast, offered):
    matter, _, row, _ = offered
    extension = room.exchange.talk(matter.contact.call).ringing[0]
    room.exchange.stop_ringing(matter.contact.call, extension)
    begins_anew(room)
    assert room.exchange.talk(matter.contact.call).ringing == (extension,)
    room.round((row.due_at - timezone.now()).total_seconds() + 0.5)
    assert room.call(matter).ringing == []


def test_a_seat_that_left_while_no_switch_ran_wraps_up(room, cast, offered):
    matter, by, row, taker = offered
    cast.act(transfer.accept, row, by=taker)
    room.round()
    seats.mark(by.seat, "talking", at=timezone.now())
    Call.objects.filter(pk=matter.contact.call).update(seats=[by.seat, taker.seat])
    begins_anew(room)
    room.round()
    assert (room.presence(by), room.presence(taker)) == ("wrapping", "talking")
    assert room.call(matter).seats == [taker.seat]


def test_a_person_who_picks_up_after_the_restart_was_rung_back_about_the_same_matter(room, cast, talking):
    matter, by = talking
    room.hangs_up(matter)
    cast.act(reply.call_back, matter, by=by)
    room.round()
    begins_anew(room)
    room.round(1.5)
    assert room.last("call_back").result == "answered"
    assert Event.objects.filter(matter=matter, kind="contact.reached").count() == 1


class Silent(Simulator):
    """An exchange that does not answer yet."""

    away = True

    def talks(self):
        if self.away:
            raise port.Away
        return super().talks()

    def talk(self, call):
        if self.away:
            raise port.Away
        return super().talk(call)


def test_while_the_exchange_does_not_answer_no_call_is_called_over_and_no_order_is_lost(room, cast, talking):
    matter, _ = talking
    exchange = Silent(lambda: room.seconds)
    exchange.bridges = room.exchange.bridges
    room.switch = Switch(exchange, Pulse("switch"))
    assert room.switch.find_again() is False
    room.round()
    assert room.call(matter).state == "talking"
    exchange.away = False
    assert room.switch.find_again()
    room.round()
    assert room.call(matter).state == "talking"


def test_an_order_waits_for_an_exchange_that_does_not_answer_and_is_late_in_the_end(room, cast, talking):
    matter, by = talking
    exchange = Silent(lambda: room.seconds)
    room.switch = Switch(exchange, Pulse("switch"))
    order = VoiceOrder.objects.create(kind="ring", call=matter.contact.call, seat_id=by.seat, asked_at=timezone.now())
    assert room.switch.orders.do(order, timezone.now()) is None
    assert room.switch.orders.do(order, timezone.now() + timedelta(minutes=3)) == "late"


class Slow(Simulator):
    """Phones that take their time to come up."""

    def __init__(self, clock):
        super().__init__(clock)
        self.coming: list[tuple] = []

    def join(self, call, extension):
        self._bridge(call)
        self.coming.append((call, extension))

    def talk(self, call):
        waiting = tuple(extension for one, extension in self.coming if one == call)
        return port.Talk(**{name: getattr(super(Slow, self).talk(call), name) for name in port.Talk.__slots__}
                         | {"joining": waiting})  # fmt: skip

    def come_up(self):
        for call, extension in self.coming:
            super().join(call, extension)
        self.coming = []


def test_the_first_seat_leaves_only_when_the_phone_that_takes_over_has_come_up(room, cast, offered):
    matter, by, row, taker = offered
    slow = Slow(lambda: room.seconds)
    slow.bridges = room.exchange.bridges
    room.exchange = slow
    begins_anew(room)
    cast.act(transfer.accept, row, by=taker)
    room.round()
    assert room.last("leave").done_at is None
    assert room.call(matter).seats == [by.seat]
    slow.come_up()
    room.round()
    assert room.last("leave").result == "left"
    assert room.call(matter).seats == [taker.seat]
