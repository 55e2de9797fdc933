"""What the switch says to callers, through a simulator with a city's own recordings."""

import wave
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from liandong.actions import receive
from liandong.channels.phone import demo
from liandong.channels.phone.spoken import Notices
from liandong.packs import load, shipped
from liandong.records.models import Matter, Seat
from liandong.rules import announcing
from liandong.rules.announcing import AGAIN
from liandong.rules.opening import CHINA
from liandong.telephony.voice import Recordings, Voice
from liandong.words.announced import all_parts, parts


@pytest.fixture
def room(room, tmp_path):
    """One whose city has recorded every part, each of them a second long."""
    for part in all_parts():
        with wave.open(str(tmp_path / f"{part.name}.wav"), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes(b"\0\0" * 8000)
    room.switch.notices = Notices(room.exchange, Voice([Recordings(tmp_path)]), lambda: room.seconds)
    return room


@pytest.fixture
def nobody(room):
    """Every seat is busy."""
    Seat.objects.update(presence="talking")


def said(room, matter):
    bridge = room.exchange.bridges[matter.contact.call]
    parts, bridge.said = [file.stem for file in bridge.said], ()
    return parts


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
