"""What people hear. Every party sends a tone of its own, and what reaches the others is measured."""

import io
import time
import uuid
import wave

import numpy as np
import pytest

from liandong.telephony.port import Answered, Failed, HungUp, Left, Recorded, Ringing
from tests.telephony.contract import FIRST, SECOND, THIRD
from tests.telephony.pbx import HOST, SECRET, TONES
from tests.telephony.phone import LOUD, Phone, until
from tests.telephony.sound import MU_LAW, RATE, loudness

pytestmark = pytest.mark.voice

OUT, ONE, TWO, THREE = TONES["outside"], TONES[FIRST], TONES[SECOND], TONES[THIRD]
MUSIC = {392, 494, 587}
MUSIC_APART = MUSIC - {392}  # too near to a party's tone to be told from it in half a second


@pytest.fixture
def line(on_wires):
    return on_wires


def hear(line, **who):
    """Who hears which tones, and none of the others: outside={650}, first={400} …"""
    phones = {
        "outside": line.outside,
        "first": line.phones[FIRST],
        "second": line.phones[SECOND],
        "third": line.phones[THIRD],
    }
    for name, tones in who.items():
        phones[name].hears(tones, {OUT, ONE, TWO, THREE} - tones)


def test_caller_and_seat_hear_each_other_and_not_themselves(line, talking):
    hear(line, outside={ONE}, first={OUT})


def test_three_hear_each_other_and_two_go_on_when_one_leaves(line, talking):
    line.exchange.join(talking, SECOND)
    line.told(1)
    hear(line, outside={ONE, TWO}, first={OUT, TWO}, second={OUT, ONE})
    line.exchange.leave(talking, FIRST)
    hear(line, outside={TWO}, second={OUT})


def test_who_is_on_hold_hears_music_and_is_not_heard_while_the_seats_confer(line, talking):
    line.exchange.hold(talking)
    line.exchange.join(talking, SECOND)
    line.told(1)
    hear(line, first={TWO}, second={ONE})
    until(lambda: max(line.outside.current().stream.tones(sorted(MUSIC), 1.0).values()) > -40, 6)
    line.outside.hears(set(), {ONE, TWO})
    line.exchange.unhold(talking)
    line.exchange.leave(talking, FIRST)
    hear(line, outside={TWO}, second={OUT})


def test_a_muted_seat_hears_and_is_not_heard(line, talking):
    line.exchange.mute(talking, FIRST)
    hear(line, outside=set(), first={OUT})
    line.exchange.unmute(talking, FIRST)
    hear(line, outside={ONE})


def test_a_leader_hears_both_and_neither_hears_the_leader(line, talking):
    line.exchange.listen(talking, THIRD)
    line.until(lambda: line.exchange.talk(talking).listening == (THIRD,))
    hear(line, third={OUT, ONE}, outside={ONE}, first={OUT})
    line.exchange.join(talking, THIRD)
    hear(line, outside={ONE, THREE}, first={OUT, THREE})


def test_the_caller_who_is_handed_over_is_never_alone_and_never_cut(line, talking):
    caller = line.callers[talking]
    line.exchange.ring(talking, SECOND, 20)
    line.told(1)
    hear(line, outside={ONE})
    line.exchange.join(talking, SECOND)
    line.until(lambda: line.exchange.talk(talking).extensions == (FIRST, SECOND))
    line.exchange.leave(talking, FIRST)
    hear(line, outside={TWO}, second={OUT})
    assert caller.state == "up"
    assert line.told(2) == [Answered(talking, SECOND), Left(talking, FIRST)]
    line.until(lambda: line.phones[FIRST].current() is None)


@pytest.mark.parametrize(("refusal", "cause"), [("486 Busy Here", "busy"), ("603 Decline", "busy"),
                                               ("404 Not Found", "unregistered")])  # fmt: skip
def test_a_second_phone_that_refuses_changes_nothing_for_the_two_who_talk(line, talking, refusal, cause):
    line.phones[SECOND].refuses = refusal
    line.exchange.join(talking, SECOND)
    assert line.told(1) == [Failed(talking, SECOND, cause)]
    hear(line, outside={ONE}, first={OUT})


def test_a_phone_put_down_while_another_talks_has_left(line, talking):
    line.exchange.join(talking, SECOND)
    line.told(1)
    line.phones[FIRST].put_down()
    assert line.told(1) == [Left(talking, FIRST)]
    hear(line, outside={TWO}, second={OUT})


def test_the_last_phone_put_down_ends_the_call_as_a_seat_does(line, talking):
    line.phones[FIRST].put_down()
    assert line.told(1) == [HungUp(talking, "seat", (FIRST,))]
    until(lambda: line.callers[talking].state == "over")


def test_a_phone_put_down_while_the_next_one_rings_leaves_the_caller_on_the_line(line, talking):
    line.exchange.ring(talking, SECOND, 20)
    line.told(1)
    line.phones[FIRST].put_down()
    assert line.told(1) == [Left(talking, FIRST)]
    assert line.callers[talking].state == "up"
    line.picks_up(SECOND)
    assert line.told(1) == [Answered(talking, SECOND)]
    hear(line, outside={TWO}, second={OUT})


def test_a_phone_whose_machine_died_is_noticed_and_the_caller_stays(line, talking):
    line.phones[FIRST].current().stream.quiet = True
    began = time.monotonic()
    until(lambda: line.exchange.talk(talking).extensions == (), 15)
    assert time.monotonic() - began < 12
    assert line.told(1) == [Left(talking, FIRST, lost=True)]
    assert line.callers[talking].state == "up"
    line.exchange.join(talking, SECOND)
    hear(line, outside={TWO}, second={OUT})


def test_a_caller_who_gives_up_before_anybody_answers_leaves_nothing_ringing(line):
    call = line.rings_in()
    line.exchange.ring(call, FIRST, 20)
    line.told(2)
    line.gives_up(call)
    assert line.told(1) == [HungUp(call, "caller", ())]
    line.until(lambda: line.phones[FIRST].current("ringing") is None)


@pytest.mark.parametrize("number", ["", "anonymous", "1" * 40, "+8613800002671"])
def test_a_caller_with_a_strange_number_or_none_is_put_through(line, number):
    line.outside.user = number or "unknown"
    call = line.rings_in()
    assert line.told(1)[0].number == (number if number.startswith("+") else "")
    line.exchange.join(call, FIRST)
    hear(line, outside={ONE}, first={OUT})


def test_a_person_rung_back_talks_with_the_seat_that_rang(line):
    call = uuid.uuid4()
    line.exchange.dial_out(call, "13800002671", FIRST, 20)
    assert line.told(2) == [Ringing(call, "13800002671"), Answered(call, "13800002671")]
    hear(line, outside={ONE}, first={OUT})
    line.outside.put_down()
    assert line.told(1) == [HungUp(call, "caller", (FIRST,))]
    line.until(lambda: line.phones[FIRST].current() is None)


def test_a_phone_registered_twice_rings_where_it_was_registered_last(line, talking):
    newer = Phone("127.0.0.29", (HOST, line.pbx.sip), SECOND, SECRET, tone=TWO)
    newer.register()
    line.exchange.join(talking, SECOND)
    assert line.told(1) == [Answered(talking, SECOND)]
    newer.hears({OUT, ONE}, {TWO})
    assert line.phones[SECOND].current() is None
    newer.close()


def test_many_who_call_at_once_are_each_told_once_and_leave_nothing(line):
    callers = [line.outside.dial("12345") for _ in range(15)]
    told = line.told(15)
    assert len({event.call for event in told}) == len(told) == 15
    for call in [event.call for event in told][:3]:
        line.exchange.join(call, FIRST)
    assert [type(event).__name__ for event in line.told(3)] == ["Failed", "Failed", "Answered"]
    for caller in callers:
        caller.hang_up()
    assert {event.call for event in line.told(15)} == {event.call for event in told}
    assert line.exchange.talks() == ()


def test_garbage_at_the_exchanges_door_ends_no_call(line, talking):
    for junk in (b"\0" * 600, b"INVITE", b"INVITE sip:x SIP/2.0\r\nVia: \r\n\r\n", "来电 SIP/2.0\r\n\r\n".encode()):
        line.outside.put(junk)
    hear(line, outside={ONE}, first={OUT})


def test_a_caller_whom_nobody_answers_is_taken_up_with_music_and_answered_later(line, monkeypatch):
    monkeypatch.setattr("liandong.telephony.asterisk.events.QUEUES_AFTER", 1.0)
    call = line.rings_in()
    until(lambda: line.callers[call].state == "up")
    until(lambda: max(line.outside.current().stream.tones(sorted(MUSIC), 1.0).values()) > -40, 6)
    line.exchange.join(call, FIRST)
    hear(line, outside={ONE}, first={OUT})


def test_a_recording_holds_what_each_said_while_it_went_on_and_no_music(line, talking):
    name = uuid.uuid4()
    line.exchange.record(talking, name)
    time.sleep(2)
    line.exchange.hold(talking)
    time.sleep(2)
    line.exchange.unhold(talking)
    line.exchange.join(talking, SECOND)
    line.told(1)
    hear(line, outside={ONE, TWO}, first={OUT, TWO}, second={OUT, ONE})  # nobody hears that it is recorded
    time.sleep(1.5)
    line.exchange.stop_recording(talking, name)
    assert line.told(1) == [Recorded(talking, name)]
    whole = samples_of(line.exchange.recording(talking, name))
    line.exchange.forget_recording(talking, name)
    parts = [heard_in(whole[at : at + RATE // 2]) for at in range(0, len(whole) - RATE // 2, RATE // 2)]
    assert parts[1] == {OUT, ONE}
    assert {ONE} in parts, "the caller on hold is not there, and hears music that is not there"
    assert parts[-1] == {OUT, ONE, TWO}
    assert not any(part & {f"music {hertz}" for hertz in MUSIC_APART} for part in parts)


@pytest.mark.parametrize("first_ends", [True, False], ids=["one after the other", "one over the other"])
def test_recordings_that_begin_and_end_leave_nobody_without_sound(line, talking, first_ends):
    """Each desk has its own: at a hand-over one ends and the next begins. The second phone codes its sound in another way."""
    line.phones[SECOND].law = MU_LAW
    names, ours = {FIRST: "first", SECOND: "second"}, {FIRST: ONE, SECOND: TWO}
    for here, there in ((FIRST, SECOND), (SECOND, FIRST), (FIRST, SECOND)):
        name = uuid.uuid4()
        line.exchange.record(talking, name)
        hear(line, outside={ours[here]}, **{names[here]: {OUT}})
        line.exchange.join(talking, there)
        until(lambda there=there: there in line.exchange.talk(talking).extensions)
        line.exchange.leave(talking, here)
        if first_ends:
            line.exchange.stop_recording(talking, name)
            hear(line, outside={ours[there]}, **{names[there]: {OUT}})


def samples_of(sound) -> np.ndarray:
    with wave.open(io.BytesIO(b"".join(sound))) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def heard_in(sound: np.ndarray) -> set:
    """The tones of a piece of a recording, the parties' by their hertz."""
    loud = loudness(sound, [*TONES.values(), *MUSIC_APART])
    return {hertz if hertz in TONES.values() else f"music {hertz}" for hertz, decibel in loud.items() if decibel > LOUD}
