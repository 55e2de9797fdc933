"""What callers are told, the whole way: the switch as a process, a synthesiser, a real exchange, and what the caller hears."""

import json
import time

import numpy as np
import pytest
from django.utils import timezone

from liandong.actions import receive, seats
from liandong.records.models import Call, Contact, Event, Matter, Seat
from tests.jobs.test_processes import cast, ended, start  # noqa: F401
from tests.telephony.conftest import readable_by_all
from tests.telephony.contract import FIRST
from tests.telephony.phone import until
from tests.telephony.sound import RATE
from tests.telephony.test_voice import MUSIC, ONE, OUT, hear
from tests.telephony.test_whole import begin, desks, line  # noqa: F401

pytestmark = pytest.mark.voice

TONES = sorted({*MUSIC, 450, ONE})
"""Music, ringing and the seat: what else a caller may hear."""


@pytest.fixture(autouse=True)
def folder(monkeypatch):
    with readable_by_all("liandong-spoken-") as folder:
        monkeypatch.setenv("LIANDONG_SPOKEN", str(folder))
        yield folder


def speech(dialog, seconds=1.0) -> bool:
    """Whether somebody spoke to the caller in the last second: loud, and none of the tones."""
    since = time.monotonic() - seconds
    sound = np.concatenate([np.zeros(0), *(part for at, part in list(dialog.stream.came) if at > since)]) / 32768
    if len(sound) < RATE * seconds * 0.4:
        return False
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    tones = sum(spectrum[np.abs(hertz - tone) < 15].sum() for tone in TONES)
    return bool(np.sqrt(np.mean(sound**2)) > 0.01 and tones < spectrum.sum() / 2)


def test_callers_hear_the_notice_and_their_place_and_a_seat_is_alone(line, begin, desks, folder):  # noqa: F811
    cast = desks  # noqa: F811
    switch = begin()
    police = line.outside.dial("110")
    until(lambda: len(list(folder.glob("*.wav"))) > 1)
    caller = line.outside.dial("12345")
    until(lambda: line.phones[FIRST].current("ringing"))
    until(lambda: speech(caller))
    waiting = line.outside.dial("12345")
    assert caller.state == "ringing"
    matter = Matter.objects.get(contact__line="12345", seat=cast.lin.seat)
    cast.act(receive.answer, matter, by=cast.lin)
    until(lambda: Call.objects.get(pk=matter.contact.call).seats == [cast.lin.seat])
    until(lambda: speech(waiting))
    hear(line, outside={ONE}, first={OUT})
    assert not speech(caller) and not police.stream.came
    until(lambda: Event.objects.filter(kind="contact.notice").count() == 2, 20)  # with all that is said after it
    heard = {event.matter_id: json.loads(event.body)["heard"] for event in Event.objects.filter(kind="contact.notice")}
    assert heard.pop(matter.pk) in ("answered", "whole") and list(heard.values()) == ["whole"], (
        "and none on the police's line"
    )
    caller.hang_up()
    until(lambda: not list((line.pbx.folder / "spool/recording").iterdir()), 15)  # nothing is left to the next test
    assert ended(switch) == 0
    assert "Traceback" not in switch.log.read_text()


def test_the_seat_that_is_free_again_rings_for_danger_before_who_waited_longer(line, begin, desks, start):  # noqa: F811
    cast = desks  # noqa: F811
    switch, worker = begin(), start("worker")
    seats.mark(cast.lin.seat, "talking", at=timezone.now())
    threatened = cast.call(cast.yue, "前夫拿着刀在楼下", number="13900000004", district="532301")
    assert Matter.objects.get(pk=threatened.pk).danger == "raised"
    longest = line.outside.dial("12345")
    until(lambda: Contact.objects.filter(line="12345", number="13800002671").exists())
    line.outside.user = "13900000004"
    urgent = line.outside.dial("12345")
    until(lambda: Contact.objects.filter(line="12345", number="13900000004", call__isnull=False).exists())
    until(lambda: speech(longest) and speech(urgent), 15)
    assert not line.phones[FIRST].current("ringing")
    Seat.objects.filter(pk=cast.lin.seat).update(presence="free", seen_at=timezone.now())
    until(lambda: line.phones[FIRST].current("ringing"))
    rings = Matter.objects.get(seat=cast.lin.seat, contact__answered_at=None)
    assert rings.contact.number == "13900000004"
    cast.act(receive.answer, rings, by=cast.lin)
    until(lambda: urgent.state == "up" and Call.objects.get(pk=rings.contact.call).seats == [cast.lin.seat])
    assert longest.state in ("ringing", "up") and Matter.objects.get(contact__number="13800002671").seat_id is None
    for caller in (longest, urgent):
        caller.hang_up()
    until(lambda: not list((line.pbx.folder / "spool/recording").iterdir()), 15)
    assert ended(worker) == 0 and ended(switch) == 0
    assert "Traceback" not in switch.log.read_text() + worker.log.read_text()
