"""What is said to who waits: heard by the caller alone, never beside a seat, and not left over by anybody who dies."""

import time

import pytest

from liandong.telephony.port import Answered, HungUp
from tests.telephony.contract import FIRST, VOICE
from tests.telephony.phone import LOUD, SOFT, until
from tests.telephony.test_killed import bridges
from tests.telephony.test_voice import MUSIC, ONE, OUT, hear, line  # noqa: F401

pytestmark = pytest.mark.voice

RINGING_TONE = 450


def loud(dialog, tones, seconds=0.5) -> float:
    return max(dialog.stream.tones(sorted(tones), seconds).values())


def hears(dialog, wanted, others=frozenset(), within=6.0) -> None:
    until(lambda: loud(dialog, wanted) > LOUD and (not others or loud(dialog, others) < SOFT), within,
          lambda: f"{dialog.stream.tones(sorted({*wanted, *others}), 0.5)}")  # fmt: skip


def test_the_caller_hears_it_while_it_rings_and_nothing_of_it_once_a_seat_has_answered(line, spoken):  # noqa: F811
    call = line.rings_in()
    dialog = line.callers[call]
    line.exchange.ring(call, FIRST, 20)
    until(lambda: line.phones[FIRST].current("ringing"))
    line.exchange.say(call, [spoken(0.6), spoken(9, VOICE[1])])
    hears(dialog, {VOICE[0]})
    hears(dialog, {VOICE[1]}, {VOICE[0]})
    assert dialog.state == "ringing", "said before the call is answered"
    began = time.monotonic()
    line.picks_up(FIRST)
    until(lambda: dialog.state == "up")
    assert time.monotonic() - began < 0.5, "nobody waits for the end of a sentence"
    hears(dialog, {ONE}, set(VOICE), 1.5)
    hear(line, outside={ONE}, first={OUT})
    assert line.told(3)[-1] == Answered(call, FIRST)


def test_the_ringing_comes_again_after_it_and_so_does_the_music(line, spoken, monkeypatch):  # noqa: F811
    monkeypatch.setattr("liandong.telephony.asterisk.events.QUEUES_AFTER", 1.5)
    call = line.rings_in()
    dialog = line.callers[call]
    line.exchange.say(call, [spoken(0.4)])
    hears(dialog, {RINGING_TONE}, set(VOICE))
    until(lambda: dialog.state == "up")
    hears(dialog, MUSIC)
    line.exchange.say(call, [spoken(9)])
    hears(dialog, {VOICE[0]}, MUSIC)
    line.exchange.hush(call)
    hears(dialog, MUSIC, {VOICE[0]})


def test_who_dies_in_mid_sentence_leaves_it_to_its_end_and_the_next_brings_the_music(line, spoken, monkeypatch):  # noqa: F811
    monkeypatch.setattr("liandong.telephony.asterisk.events.QUEUES_AFTER", 0.2)
    call = line.rings_in()
    dialog = line.callers[call]
    until(lambda: dialog.state == "up")
    line.exchange.say(call, [spoken(1.2)])
    line.let_go()
    hears(dialog, {VOICE[0]})
    line.hold_again()
    assert line.exchange.talk(call).saying, "it still goes on, and whoever holds the exchange knows"
    line.let_go()
    until(lambda: loud(dialog, VOICE) < SOFT)
    line.hold_again()
    assert not line.exchange.talk(call).saying
    hears(dialog, MUSIC, set(VOICE))
    line.exchange.say(call, [spoken(9)])
    line.let_go()
    line.hold_again()
    line.exchange.join(call, FIRST)
    hears(dialog, {ONE}, set(VOICE), 1.5)
    hear(line, outside={ONE}, first={OUT})


def test_a_caller_who_hangs_up_in_mid_sentence_leaves_nothing(line, spoken):  # noqa: F811
    call = line.rings_in()
    line.exchange.say(call, [spoken(9)])
    hears(line.callers[call], {VOICE[0]})
    line.gives_up(call)
    assert line.told(2)[-1] == HungUp(call, "caller", ())
    assert line.exchange.talks() == () and bridges(line) == []
