"""A line outside its hours, on a real exchange: the duty office's telephone rings, talks, holds and lets go; 12345 takes what
nobody there answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import seats, taking_down, talk
from liandong.channels.phone.switch import Switch
from liandong.channels.pulse import Pulse
from liandong.jobs.seating import look_after_seats
from liandong.records.models import Desk, Matter, Person, Post, Seat
from liandong.rules import announcing
from liandong.rules.access import Actor
from tests.cast import CHUXIONG, assemble
from tests.telephony.contract import FIRST, THIRD
from tests.telephony.phone import until
from tests.telephony.test_voice import MUSIC, ONE, OUT, THREE, hear

pytestmark = pytest.mark.voice
LINE = "12348"


@pytest.fixture
def office(db, monkeypatch) -> tuple[Actor, Actor]:
    """The officer at the third phone, an operator of 12345 at the first; no line of the directory is in its hours."""
    monkeypatch.setattr(announcing, "opening", lambda line, now, workday: "closed")
    cast = assemble(timezone.now() - timedelta(seconds=5))
    Seat.objects.exclude(presence="off").update(presence="break")
    desk = Desk.objects.get(code=f"duty:{CHUXIONG}")
    person = Person.objects.create_user("cheng", password="tests-only-2026", name="程川", work_no="9101")
    Post.objects.create(person=person, role="duty_officer", city=CHUXIONG, desk=desk)
    seat = Seat.objects.create(desk=desk, number="01", extension=THIRD)
    officer = Actor(
        role="duty_officer", person=person.pk, work_no="9101", desk=desk.code, seat=seat.pk, seat_no="01", city=CHUXIONG
    )
    seats.sit(seat, by=officer, at=timezone.now())
    Seat.objects.filter(pk=cast.lin.seat).update(extension=FIRST, presence="free", seen_at=timezone.now())
    return officer, cast.lin


@pytest.fixture
def rung(on_wires, office):
    """Somebody has dialled the line, and the office's telephone rings. Gives the line, a step of the switch, caller and matter."""
    switch, line = Switch(on_wires.exchange, Pulse("switch")), on_wires

    def comes(condition):
        until(lambda: (switch.round(), condition())[1])

    caller = line.outside.dial(LINE)
    comes(lambda: line.phones[THIRD].current("ringing"))
    yield line, comes, caller, Matter.objects.get()
    switch.notices.voice.close()


def test_the_office_answers_holds_and_the_caller_lets_go(rung, office):
    line, comes, caller, matter = rung
    officer, _ = office
    assert (matter.holder.code, matter.contact.line) == (f"12345:{CHUXIONG}", LINE)
    assert not line.phones[FIRST].current("ringing")
    taking_down.answer(matter, by=officer, at=timezone.now())
    comes(lambda: line.phones[THIRD].current("up") and caller.state == "up")
    hear(line, outside={THREE}, third={OUT})
    talk.control(matter, "mute", by=officer, at=timezone.now())
    comes(lambda: line.exchange.talk(matter.contact.call).muted == (THIRD,))
    hear(line, outside=set(), third={OUT})
    talk.control(matter, "unmute", by=officer, at=timezone.now())
    talk.control(matter, "hold", by=officer, at=timezone.now())
    comes(lambda: line.exchange.talk(matter.contact.call).held)
    line.outside.hears(set(), {OUT, ONE, THREE})
    until(lambda: max(caller.stream.tones(sorted(MUSIC), 0.5).values()) > -30)
    talk.control(matter, "unhold", by=officer, at=timezone.now())
    comes(lambda: not line.exchange.talk(matter.contact.call).held)
    hear(line, outside={THREE}, third={OUT})
    talk.control(matter, "hang_up", by=officer, at=timezone.now())
    comes(lambda: caller.state == "over" and not Matter.objects.filter(contact__ended_at=None).exists())
    assert Seat.objects.get(pk=officer.seat).presence == "wrapping"


def test_what_nobody_answers_there_rings_and_talks_at_12345(rung, office):
    line, comes, caller, _ = rung
    officer, _ = office
    Seat.objects.filter(pk=officer.seat).update(presence_at=timezone.now() - timedelta(minutes=1))
    look_after_seats(timezone.now())
    comes(lambda: line.phones[FIRST].current("ringing") and not line.phones[THIRD].current("ringing"))
    assert Seat.objects.get(pk=officer.seat).presence == "free"
    line.picks_up(FIRST)
    comes(lambda: caller.state == "up")
    hear(line, outside={ONE}, first={OUT})
    caller.hang_up()
    comes(lambda: not Matter.objects.filter(contact__ended_at=None).exists())
