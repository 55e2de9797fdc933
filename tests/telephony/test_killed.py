"""Who holds the exchange dies, or the exchange itself: what is true afterwards."""

import time
import uuid

import pytest

from liandong.channels.phone import reconcile
from liandong.telephony import port
from liandong.telephony.asterisk import call_records
from liandong.telephony.port import Answered, Failed, HungUp, Incoming, Left, Recorded
from tests.telephony.contract import FIRST, SECOND, THIRD, seconds_of
from tests.telephony.phone import until
from tests.telephony.test_voice import OUT, THREE, TWO, hear, line  # noqa: F401

pytestmark = pytest.mark.voice


def kinds(told):
    return [type(event).__name__ for event in told]


def test_a_talk_goes_on_while_nobody_holds_the_exchange_and_is_told_to_who_holds_it_next(line, talking):  # noqa: F811
    line.let_go()
    hear(line, outside={650}, first={OUT})
    line.hold_again()
    again = line.told(2)
    assert kinds(again) == ["Incoming", "Answered"]
    assert (again[0].call, again[0].number, again[0].line) == (talking, "13800002671", "12345")
    assert line.exchange.talk(talking).extensions == (FIRST,)
    line.exchange.join(talking, SECOND)
    line.until(lambda: line.exchange.talk(talking).extensions == (FIRST, SECOND))
    line.exchange.leave(talking, FIRST)
    hear(line, outside={TWO}, second={OUT})


def test_a_call_nobody_has_answered_rings_on_and_is_answered_later(line):  # noqa: F811
    call = line.rings_in()
    line.let_go()
    line.hold_again()
    assert [(type(event), event.call) for event in line.told(1)] == [(Incoming, call)]
    line.exchange.join(call, FIRST)
    hear(line, outside={650}, first={OUT})


def test_a_phone_that_rang_stops_when_its_time_is_over_under_the_next_holder(line, talking):  # noqa: F811
    line.exchange.ring(talking, SECOND, 3)
    line.told(1)
    line.let_go()
    line.hold_again()
    assert line.exchange.talk(talking).ringing == (SECOND,)
    assert line.told(3)[2:] == [Failed(talking, SECOND, "no_answer")]
    assert line.phones[SECOND].current("ringing") is None
    hear(line, outside={650}, first={OUT})


def test_a_phone_lifted_while_nobody_held_the_exchange_is_brought_into_the_talk(line, talking):  # noqa: F811
    line.exchange.ring(talking, SECOND, 20)
    line.told(1)
    line.let_go()
    line.picks_up(SECOND)
    line.hold_again()
    assert Answered(talking, SECOND) in line.told(3)
    hear(line, outside={650, TWO}, first={OUT, TWO}, second={OUT, 650})


def test_held_muted_and_listening_are_found_again_as_they_were(line, talking):  # noqa: F811
    line.exchange.listen(talking, THIRD)
    line.until(lambda: line.exchange.talk(talking).listening == (THIRD,))
    line.exchange.mute(talking, FIRST)
    line.exchange.hold(talking)
    before = line.exchange.talk(talking)
    line.let_go()
    line.hold_again()
    assert line.exchange.talk(talking) == before
    line.exchange.unhold(talking)
    hear(line, outside=set(), first={OUT}, third={OUT})
    line.exchange.unmute(talking, FIRST)
    hear(line, outside={650}, third={OUT, 650})


def test_a_caller_who_hung_up_meanwhile_is_no_call_and_no_phone_or_bridge_is_left_over(line, talking):  # noqa: F811
    line.exchange.join(talking, SECOND)
    line.told(1)
    line.let_go()
    line.gives_up(talking)
    line.hold_again()
    assert line.exchange.talks() == ()
    line.until(lambda: line.phones[FIRST].current() is None and line.phones[SECOND].current() is None)
    until(lambda: bridges(line) == [])


def bridges(line):  # noqa: F811
    import asyncio

    board = line.exchange.board
    return asyncio.run_coroutine_threadsafe(board.ari.get("bridges"), line.exchange.loop).result(5)


def test_a_person_being_rung_back_is_still_rung_and_told(line):  # noqa: F811
    call = uuid.uuid4()
    line.outside.answers = "never"
    line.exchange.dial_out(call, "13800002671", FIRST, 20)
    line.told(1)
    line.let_go()
    line.hold_again()
    assert line.exchange.talk(call).extensions == (FIRST,)
    line.outside.lift()
    assert line.told(1) == [Answered(call, "13800002671")]
    hear(line, outside={650}, first={OUT})


def test_the_exchange_killed_in_the_middle_of_a_talk_ends_it_by_the_switch_and_serves_the_next(line, talking):  # noqa: F811
    line.pbx.kill()
    until(lambda: not line.exchange.here())
    with pytest.raises(port.Away):
        line.exchange.hold(talking)
    assert line.exchange.talk(talking).extensions == (FIRST,)  # as it last stood
    line.pbx.start()
    until(line.exchange.here)
    assert line.told(1) == [HungUp(talking, "switch", (FIRST,))]
    assert line.exchange.talks() == ()
    line.begin()  # phones register again
    for dialog in (*line.outside.dialogs.values(), *line.phones[FIRST].dialogs.values()):
        dialog.end()
    call = line.rings_in()
    line.exchange.join(call, THIRD)
    hear(line, outside={THREE}, third={OUT})


def test_a_call_that_comes_while_no_switch_runs_rings_on_and_is_taken_up_by_the_next(line):  # noqa: F811
    line.let_go()
    caller = line.outside.dial("12345")
    until(lambda: caller.state == "ringing")
    time.sleep(1)
    line.hold_again()
    (arrived,) = line.told(1)
    assert (arrived.line, arrived.number) == ("12345", "13800002671")
    line.exchange.join(arrived.call, FIRST)
    hear(line, outside={650}, first={OUT})


def test_without_any_switch_the_phones_of_the_line_ring_by_themselves(line):  # noqa: F811
    line.let_go()
    line.outside.dial("12345")
    until(lambda: line.phones[FIRST].current("ringing") and line.phones[SECOND].current("ringing"), 15)
    line.picks_up(FIRST)
    hear(line, outside={650}, first={OUT})
    line.presses_transfer(FIRST, "110")  # nobody is there to do it, and the caller must not be sent away
    hear(line, outside={650}, first={OUT})
    line.until(lambda: line.phones[SECOND].current("ringing") is None)
    line.hold_again()
    assert line.exchange.talks() == ()  # a talk we did not make is left alone
    hear(line, outside={650})
    line.outside.put_down()
    line.until(lambda: line.phones[FIRST].current() is None)
    until(lambda: call_records.missed(line.pbx.folder / "log/cel-custom")[-3].ended)
    caller, first, second = call_records.missed(line.pbx.folder / "log/cel-custom")[-3:]
    assert (caller.phone, caller.line, caller.written) == ("", "12345", "missed 13800002671")
    assert {first.phone, second.phone} == {FIRST, SECOND}
    assert reconcile.answered_by(caller, [first, second]) == FIRST


def test_a_lost_connection_is_made_again_and_what_happened_meanwhile_is_told_once(line, talking):  # noqa: F811
    import asyncio

    line.exchange.join(talking, SECOND)
    line.told(1)
    ari = line.exchange.board.ari
    held = ari.line
    asyncio.run_coroutine_threadsafe(held.close(), line.exchange.loop).result(5)
    line.phones[SECOND].put_down()
    assert line.told(1) == [Left(talking, SECOND, lost=True)]
    until(lambda: ari.line is not None and ari.line is not held)
    hear(line, outside={650}, first={OUT})


def test_a_recording_goes_on_without_its_process_and_is_told_until_it_is_taken_away(line, talking):  # noqa: F811
    name, later = uuid.uuid4(), uuid.uuid4()
    line.exchange.record(talking, name)
    line.let_go()
    time.sleep(1.5)
    line.hold_again()
    line.exchange.record(talking, name)  # goes on: not begun anew
    line.exchange.record(talking, later)
    line.exchange.stop_recording(talking, name)
    assert Recorded(talking, name) in line.told(3)
    assert seconds_of(line.exchange.recording(talking, name)) > 1.2
    line.let_go()
    line.gives_up(talking)
    line.hold_again()
    line.until(lambda: {Recorded(talking, name), Recorded(talking, later)} <= set(line.told()))
    line.exchange.forget_recording(talking, name)
    line.let_go()
    line.hold_again()
    assert line.told(1) == [Recorded(talking, later)]
    line.exchange.forget_recording(talking, later)


def test_of_an_exchange_killed_in_mid_recording_what_was_said_until_then_is_there(line, talking):  # noqa: F811
    name = uuid.uuid4()
    line.exchange.record(talking, name)
    time.sleep(3)
    line.pbx.kill()
    until(lambda: not line.exchange.here())
    with pytest.raises(port.Away):
        line.exchange.recording(talking, name)
    line.pbx.start()
    until(line.exchange.here)
    assert Recorded(talking, name) in line.told(2)
    assert seconds_of(line.exchange.recording(talking, name)) > 1
    line.exchange.forget_recording(talking, name)
