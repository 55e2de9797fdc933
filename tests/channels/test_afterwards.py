"""Calls that came while no switch ran: written down afterwards from what the exchange wrote, each once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.channels.phone import afterwards
from liandong.channels.phone.afterwards import EVERY, LOOKED_FOR, Afterwards
from liandong.queries import chains
from liandong.records.models import Call, Contact, Desk, Event, Matter, Seat
from liandong.telephony.asterisk.call_records import Record, Stay
from liandong.words.course import told
from tests.channels.test_switch import kinds

HOUR = timedelta(hours=1)


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def exchange(monkeypatch, cast):
    """What the exchange wrote, to be filled by the test."""
    written = []
    monkeypatch.setattr(afterwards, "missed", lambda folder, since: list(written))
    return written


def caller(at, line="12345", number="13800002672", seconds=20, talks_at=None):
    ended = at + timedelta(seconds=seconds) if seconds else None
    stays = [Stay(f"bridge of {at}", talks_at, ended)] if talks_at else []
    return Record(f"c{at}", f"c{at}", "", at, line, f"missed {number}".strip(), talks_at, ended, stays)


def phone(one, name):
    return Record(f"p{name}", one.linked, name, one.began, stays=[Stay(one.stays[0].bridge, one.stays[0].came)])


def test_one_nobody_answered_is_on_the_list_to_be_rung_back_with_the_times_of_the_call(exchange, cast, at):
    exchange.append(caller(at - HOUR))
    assert Afterwards().look(at, here=True) == 1
    matter = Matter.objects.select_related("contact").get()
    contact = matter.contact
    assert (contact.number, contact.line, contact.answered_at) == ("13800002672", "12345", None)
    assert (contact.rang_at, contact.ended_at) == (at - HOUR, at - HOUR + timedelta(seconds=20))
    assert (matter.state, matter.holder.code, matter.received_at) == ("held", "12345:532300", at - HOUR)
    assert matter.due_at > at
    assert matter.title.startswith("补录")
    assert kinds(matter) == ["matter.opened", "contact.made_up", "matter.kept"]
    assert Event.objects.get(kind="contact.made_up").at == at
    assert (Call.objects.get().state, Seat.objects.filter(presence="ringing").count()) == ("ended", 0)
    assert not list(chains.verify(chains.Tally()))


def test_one_that_a_seats_phone_answered_is_that_desks_to_write_down(exchange, cast, at):
    one = caller(at - HOUR, line="110", talks_at=at - HOUR + timedelta(seconds=5))
    exchange += [one, phone(one, f"seat-{cast.yue.seat}")]
    Afterwards().look(at, here=True)
    matter = Matter.objects.select_related("contact").get()
    assert (matter.holder.code, matter.seat_id, matter.contact.answered_at) == (
        "110:532301",
        cast.yue.seat,
        one.answered,
    )
    said = json.loads(Event.objects.get(kind="contact.made_up").body)
    assert (said["seat"], said["answered"]) == ("03", True)
    assert told("contact.made_up", said).more == "系统没运行，分机直接接听"
    assert told("contact.made_up", said | {"answered": False}).more == "系统没运行，没有人接听"


def test_each_is_made_up_for_once_whoever_looks(exchange, at):
    exchange.append(caller(at - HOUR))
    assert [Afterwards().look(at, here=True) for _ in range(3)] == [1, 0, 0]
    assert Matter.objects.count() == 1


def test_one_that_a_switch_had_already_taken_before_it_was_killed_is_not_told_twice(exchange, room, at):
    matter = room.dials()
    exchange.append(caller(matter.contact.rang_at + timedelta(seconds=2), number="13800002671"))
    assert Afterwards().look(at, here=True) == 0
    assert Matter.objects.count() == 1


def test_somebody_who_dialled_again_at_once_is_two_calls(exchange, at):
    exchange += [caller(at - HOUR, seconds=1), caller(at - HOUR + timedelta(seconds=2))]
    assert Afterwards().look(at, here=True) == 2


def test_a_caller_without_a_number_and_a_phone_that_is_no_seats_are_made_up_for_as_well(exchange, at):
    one = caller(at - HOUR, number="", talks_at=at - HOUR)
    exchange += [one, phone(one, "8888")]
    assert Afterwards().look(at, here=True) == 1
    assert Contact.objects.get().number == ""
    assert Matter.objects.get().seat is None


def test_a_call_no_pack_judges_is_logged_and_the_others_are_made_up_for(exchange, caplog, at):
    exchange += [caller(at - 24 * 365 * 5 * HOUR), caller(at - HOUR)]
    assert Afterwards().look(at, here=True) == 1
    assert "invalid.no_pack" in caplog.text


def test_a_call_for_which_no_desk_is_set_up_keeps_no_other_from_the_list(exchange, settings, caplog, at):
    Desk.objects.filter(code="110:532300").update(code="110:gone")
    exchange += [caller(at - HOUR, line="110"), caller(at - HOUR / 2)]
    assert Afterwards().look(at, here=True) == 1
    assert Matter.objects.get().holder.code == "12345:532300"
    assert "DoesNotExist" in caplog.text


def test_a_talk_that_goes_on_is_made_up_for_when_it_is_over_and_then_nobody_looks_any_more(exchange, at, monkeypatch):
    looked, ours = [], Afterwards()
    exchange.append(caller(at - timedelta(seconds=30), seconds=0))
    monkeypatch.setattr(afterwards, "missed", lambda folder, since: looked.append(since) or list(exchange))
    assert ours.look(at, here=True) == 0
    late = at + LOOKED_FOR - timedelta(seconds=1)
    assert ours.look(at + EVERY / 2, here=True) == 0
    assert ours.look(late, here=True) == 0
    exchange[0].ended = late
    assert ours.look(late + EVERY, here=True) == 1
    times = len(looked)
    assert looked[:2] == [None, at - timedelta(days=1)]
    for n in range(1, 40):
        ours.look(late + n * LOOKED_FOR, here=True)
    assert len(looked) <= times + 1
    assert ours.look(late + 50 * LOOKED_FOR, here=False) == 0
    exchange.append(caller(late + 50 * LOOKED_FOR))
    exchange[-1].ended = late + 50 * LOOKED_FOR + EVERY
    assert ours.look(late + 50 * LOOKED_FOR + 2 * EVERY, here=True) == 1


def test_a_call_that_cannot_be_written_down_is_logged_and_costs_nobody_else_theirs(exchange, caplog, at):
    exchange += [caller(at - HOUR, line="12345" * 3), caller(at - 2 * HOUR)]
    assert Afterwards().look(at, here=True) == 1
    assert Matter.objects.get().contact.rang_at == at - 2 * HOUR
    assert "is not made up for" in caplog.text


def test_a_call_whose_end_was_never_written_is_over_some_hours_after_its_last_line(exchange, at):
    one = caller(at - 8 * HOUR, seconds=0)
    one.last = at - 7 * HOUR
    exchange.append(one)
    ours = Afterwards()
    assert ours.look(at, here=True) == 1
    assert Contact.objects.get().ended_at == at - 7 * HOUR
    assert ours.until == at + LOOKED_FOR


def test_two_who_give_no_number_at_the_same_moment_are_two_calls(exchange, room, at):
    taken = room.dials().contact
    Contact.objects.filter(pk=taken.pk).update(number="")
    exchange.append(caller(taken.rang_at + timedelta(seconds=2), number=""))
    assert Afterwards().look(at, here=True) == 1
    assert Matter.objects.count() == 2
