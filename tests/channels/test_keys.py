"""The transfer key of the telephone itself: the same records as the key on the screen."""

import json

import pytest
from django.utils import timezone

from liandong.actions import transfer, untaken
from liandong.channels.phone.lines import desk_dialled
from liandong.records.models import Event, Matter, Person, Seat, Transfer, VoiceOrder
from liandong.rules import access
from liandong.words.course import told
from tests.channels.test_switch import POLICE, answered, kinds, taker


@pytest.fixture
def talk(room, cast):
    matter, by = answered(room, cast)
    return matter, by, f"seat-{by.seat}"


def presses(room, extension, target):
    room.exchange.phone_asks(extension, target)
    room.round()


@pytest.mark.parametrize("by_line", [True, False])
def test_it_offers_the_matter_to_the_desk_that_was_dialled_and_ends_like_the_key_on_the_screen(
    room, cast, talk, by_line
):
    matter, by, phone = talk
    Seat.objects.filter(pk=cast.shi.seat).update(extension="0404")
    presses(room, phone, "110" if by_line else "0404")
    row = Transfer.objects.get()
    assert (row.state, row.from_seat_id, row.to_desk.code, row.with_voice) == ("offered", by.seat, POLICE, True)
    assert not row.consent
    offered = json.loads(Event.objects.get(kind="transfer.offered").body)
    assert offered["by"]["work_no"] == by.work_no
    assert room.exchange.answers_to_keys == []
    other = taker(cast, row)
    cast.act(transfer.receipt, row, "delivered", by=other)
    room.round()
    cast.act(transfer.accept, row, by=other)
    room.round()
    assert room.exchange.answers_to_keys == [(phone, True)]
    assert room.call(matter).seats == [other.seat]
    assert Matter.objects.get(pk=matter.pk).holder.code == POLICE
    assert kinds(matter)[-4:] == ["transfer.offered", "transfer.delivered", "transfer.rang", "transfer.accepted"]
    assert room.presence(by) == "wrapping"


def test_an_offer_that_ends_otherwise_is_said_to_the_phone_and_the_talk_goes_on(room, cast, talk):
    matter, by, phone = talk
    presses(room, phone, "110")
    cast.act(transfer.recall, Transfer.objects.get(), by=by)
    room.round()
    assert room.exchange.answers_to_keys == [(phone, False)]
    assert (room.call(matter).state, room.call(matter).seats) == ("talking", [by.seat])


def test_an_offer_that_no_seat_made_ends_without_a_phone_to_tell(room, cast, talk):
    matter, by, _ = talk
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    Transfer.objects.filter(pk=row.pk).update(from_seat=None)
    cast.act(transfer.recall, row, by=by)
    VoiceOrder.objects.filter(kind="unhold").update(seat=None)
    room.round()
    assert room.last("unhold").result == "talking"


@pytest.mark.parametrize("target", ["12345", "12315", "8888", "13800002671"])
def test_a_number_that_is_no_other_desks_is_refused_at_once_and_the_course_says_why(room, talk, target):
    matter, by, phone = talk
    presses(room, phone, target)
    assert room.exchange.answers_to_keys == [(phone, False)]
    assert not Transfer.objects.exists()
    assert room.call(matter).seats == [by.seat]
    event = Event.objects.get(kind="transfer.key_refused")
    body = json.loads(event.body)
    assert (body["refused"], body["by"]["work_no"], event.matter_id) == ("invalid.to_desk", by.work_no, matter.pk)
    assert "dialled" not in body and "13800002671" not in event.body, "it may be anybody's number"
    assert told(event.kind, body).more == "不能转到这个台。"


def test_a_line_that_was_merged_into_12345_is_12345(room, cast):
    """From 110, the number people know is as good as the one that took it over (国办发〔2020〕53号)."""
    at = timezone.now()
    assert desk_dialled("532300", "12315", "532301", at).code == "12345:532300"
    assert desk_dialled("532300", "110", "532301", at).code == "110:532301"
    assert [desk_dialled("532300", n, "532301", at) for n in ("119", "13800002671", "")] == [None] * 3


def test_while_an_offer_is_open_another_is_refused_and_the_first_stays(room, cast, talk):
    matter, by, phone = talk
    cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    room.round()
    presses(room, phone, "110")
    assert room.exchange.answers_to_keys == [(phone, False)]
    assert Transfer.objects.get().state == "offered"
    event = Event.objects.get(kind="transfer.key_refused")
    assert told(event.kind, json.loads(event.body)).more == "转接还在等对方接受。"


def test_a_phone_at_which_nobody_is_signed_in_offers_nothing(room, talk):
    _, by, phone = talk
    Person.objects.filter(pk=by.person).update(is_active=False)
    presses(room, phone, "110")
    assert room.exchange.answers_to_keys == [(phone, False)]
    assert not Transfer.objects.exists()


def test_pressed_twice_it_is_one_offer(room, talk):
    _, _, phone = talk
    presses(room, phone, "110")
    room.exchange.refuse(room.exchange.talks()[0].call, phone)
    presses(room, phone, "110")
    assert Transfer.objects.count() == 1
    assert room.exchange.answers_to_keys == [(phone, False), (phone, False)]


def test_nobody_takes_it_and_the_phone_is_told(room, cast, talk):
    matter, by, phone = talk
    presses(room, phone, "110")
    untaken.lapse(Transfer.objects.get(), by=access.system("offer.lapsed", matter.city), at=timezone.now())
    room.round()
    assert room.call(matter).seats == [by.seat]
    assert room.exchange.answers_to_keys == [(phone, False)]
