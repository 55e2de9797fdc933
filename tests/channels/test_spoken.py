"""What the switch says to callers, through a simulator with a city's own recordings."""

import json
import wave
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from liandong.actions import receive
from liandong.channels.phone import demo
from liandong.channels.phone.spoken import Notices
from liandong.packs import load, shipped
from liandong.packs.opened import opened
from liandong.queries.course import course
from liandong.records.models import Event, Matter, Seat
from liandong.rules import announcing
from liandong.rules.announcing import AGAIN
from liandong.rules.opening import CHINA
from liandong.telephony.voice import Recordings, Voice
from liandong.words.announced import all_parts, parts
from liandong.words.course import told


@pytest.fixture
def room(room, tmp_path):
    """One whose city has recorded every part, each of them a second long."""
    for part in all_parts():
        with wave.open(str(tmp_path / f"{part.name}.wav"), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes(b"\0\0" * 8000)
    room.switch.notices = Notices(room.exchange, Voice([Recordings(tmp_path)]), lambda: room.seconds)
    room.said, say = {}, room.exchange.say

    def says(call, sounds):
        room.said[call] = [file.stem for file in sounds]
        say(call, sounds)

    room.exchange.say = says
    return room


@pytest.fixture
def nobody(room):
    """Every seat is busy."""
    Seat.objects.update(presence="talking")


def said(room, matter):
    return room.said.pop(matter.contact.call, [])


def test_the_notice_is_said_while_the_phone_rings_and_ends_when_it_is_lifted(room, cast):
    matter = room.dials()
    room.round()
    assert said(room, matter) == ["recorded"]
    assert room.exchange.talk(matter.contact.call).saying
    cast.act(receive.answer, matter, by=cast.lin if matter.seat_id == cast.lin.seat else cast.zhou)
    room.round()
    assert not room.exchange.talk(matter.contact.call).saying
    room.round(AGAIN * 2)
    assert said(room, matter) == []


def heard(matter):
    """How the record says the notice was heard; None while nothing is said of it."""
    event = Event.objects.filter(matter=matter, kind="contact.notice").first()
    return event and json.loads(event.body)["heard"]


def answers(room, cast, matter):
    cast.act(receive.answer, matter, by=cast.lin if matter.seat_id == cast.lin.seat else cast.zhou)
    room.round()


def test_the_record_says_that_the_notice_was_heard_to_its_end(room, cast):
    matter = room.dials()
    assert heard(matter) is None
    room.round(1.1)
    assert heard(matter) == "whole"
    answers(room, cast, matter)
    room.round(1)
    assert Event.objects.filter(matter=matter, kind="contact.notice").count() == 1


def test_the_record_says_that_the_notice_was_cut_short_by_the_answer(room, cast):
    matter = room.dials()
    room.seconds += 0.5
    answers(room, cast, matter)
    room.round(1)
    assert heard(matter) == "answered"
    shown = [
        (one.word, one.more) for one in (told(e.kind, e.facts) for e in course(cast.lin, matter, opened(matter.pack)))
    ]
    assert ("录音提示", "接起时还没放完") in shown


def test_the_record_says_that_nothing_was_said_before_the_answer(room, cast):
    voice, room.switch.notices.voice = room.switch.notices.voice, Voice([])
    matter = room.dials()
    answers(room, cast, matter)
    room.switch.notices.voice = voice
    room.round(1)
    assert heard(matter) == "answered"


def test_the_record_says_that_the_caller_hung_up_before_its_end(room):
    matter = room.dials()
    room.seconds += 0.5
    room.hangs_up(matter)
    room.round(1)
    assert heard(matter) == "hung_up"


def test_the_record_says_that_the_exchange_could_not_play_it(room):
    matter = room.dials()
    room.exchange.hush(matter.contact.call)
    room.round(1)
    assert heard(matter) == "failed"


def test_the_record_says_that_there_is_no_voice(room, settings):
    settings.ARI_URL, settings.CALL_RECORDS = "ws://127.0.0.1:9", None
    room.switch.read_call_records = lambda at: None
    room.switch.notices = Notices(room.exchange, Voice([]), lambda: room.seconds)
    matter, police = room.dials(), room.dials("110", district="532301")
    room.round(1)
    assert (heard(matter), heard(police)) == ("no_voice", None)


@pytest.mark.usefixtures("nobody")
def test_who_was_spoken_to_by_an_earlier_switch_heard_nobody_knows_how_much(room, tmp_path):
    matter = room.dials()
    room.switch.notices = Notices(room.exchange, Voice([Recordings(tmp_path)]), lambda: room.seconds)
    room.switch.find_again()
    room.round(1)
    assert heard(matter) == "unknown"


@pytest.mark.usefixtures("nobody")
def test_who_waits_hears_the_place_among_those_of_the_same_desk(room):
    first, police, second = room.dials(), room.dials("110", district="532301"), room.dials()
    room.round(1)
    assert said(room, first) == ["recorded", "next", "in-danger"]
    assert said(room, second) == ["recorded", "ahead-before", "number-1", "ahead-after", "in-danger"]
    room.hangs_up(first)
    room.round(AGAIN)
    assert said(room, second) == ["next"]
    room.round(AGAIN)
    assert said(room, second) == ["next"]
    assert said(room, police) == [], "nothing covers a call for help"


@pytest.mark.usefixtures("nobody")
def test_who_is_passed_by_somebody_more_urgent_hears_why_and_the_true_place(room, cast):
    first = room.dials()
    assert said(room, first) == ["recorded", "next", "in-danger"]
    threatened = cast.call(cast.yue, "前夫拿着刀在楼下", number="13900000004", district="532301")
    assert Matter.objects.get(pk=threatened.pk).danger == "raised"
    urgent = demo.dial("12345", "13900000004", "鹿城镇", at=timezone.now())
    room.round(1)
    urgent = Matter.objects.get(contact__call=urgent)
    assert said(room, urgent) == ["recorded", "next", "in-danger"]
    room.round(AGAIN)
    assert said(room, first) == ["urgent-first", "ahead-before", "number-1", "ahead-after"]
    room.hangs_up(urgent)
    room.round(AGAIN)
    assert said(room, first) == ["next"]


@pytest.mark.usefixtures("nobody")
def test_a_switch_that_begins_anew_does_not_say_the_notice_again(room, tmp_path):
    matter = room.dials()
    said(room, matter)
    room.switch.notices = Notices(room.exchange, Voice([Recordings(tmp_path)]), lambda: room.seconds)
    room.switch.find_again()
    room.round(AGAIN)
    assert said(room, matter) == ["next", "in-danger"]


@pytest.mark.usefixtures("nobody")
def test_with_nothing_to_say_it_with_the_call_is_as_before(room):
    room.switch.notices = Notices(room.exchange, Voice([]))
    matter = room.dials()
    room.round(AGAIN)
    assert said(room, matter) == []
    assert room.call(matter).state == "queued"


@pytest.mark.usefixtures("nobody")
def test_a_caller_left_alone_after_a_talk_is_told_no_place(room, cast):
    matter = room.dials()
    said(room, matter)
    Matter.objects.filter(pk=matter.pk).update(state="held")
    type(matter.contact).objects.update(answered_at=timezone.now() - timedelta(minutes=1))
    room.round(AGAIN * 2)
    assert said(room, matter) == []


SATURDAY = datetime(2026, 11, 28, 15, tzinfo=CHINA)


@pytest.mark.parametrize(("line", "at", "hours", "closed"), [
    ("12358", SATURDAY, "workday", True),
    ("12358", SATURDAY, "24h", False),
    ("12358", SATURDAY, "unstated", False),
    ("12358", datetime(2026, 11, 27, 15, tzinfo=CHINA), "workday", False),
    ("110", SATURDAY, "workday", False),
    ("99999", SATURDAY, "workday", False),
])  # fmt: skip
def test_a_line_outside_its_hours_says_where_to_turn_in_danger_and_who_takes_the_call(line, at, hours, closed):
    pack = load(shipped()["panzhihua_2018"])
    lines = [replace(body, lines=tuple(replace(row, hours=hours) for row in body.lines)) for body in pack.bodies]
    said = announcing.first(line, replace(pack, bodies=tuple(lines)), at, None)
    assert [one.code for one in said] == [*(["closed"] if closed else []), *([] if line == "110" else ["recorded"])]
    words = "".join(part.text for one in said for part in parts(one))
    assert not closed or ("幺幺零、幺幺九或者幺二零" in words and "幺二三四五为您接听" in words)


@pytest.mark.usefixtures("nobody")
def test_a_line_outside_its_hours_is_said_to_be_and_rings_at_12345(room, tmp_path):
    for name in ("line-12358", "closed-12345"):
        (tmp_path / f"{name}.wav").write_bytes((tmp_path / "next.wav").read_bytes())
    voice, room.switch.notices.voice = room.switch.notices.voice, Voice([])
    matter = room.dials("12358", district="510402")
    Matter.objects.update(received_at=SATURDAY)
    room.switch.notices.voice = voice
    room.round(1)
    assert said(room, matter) == ["line-12358", "closed-12345", "recorded", "next"]
    assert matter.holder.code == "12345:510400"
