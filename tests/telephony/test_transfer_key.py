"""The transfer key of a telephone itself (REFER, RFC 3515, 3891, 4488): it is told to us and moves nobody."""

import tempfile
import uuid
from pathlib import Path

import pytest

from liandong.telephony.asterisk.programs import find_asterisk
from liandong.telephony.port import Answered, Asked, Left
from tests.telephony.contract import FIRST, SECOND
from tests.telephony.pbx import HOST, Line, Pbx
from tests.telephony.test_voice import ONE, OUT, TWO, hear

pytestmark = pytest.mark.voice


@pytest.fixture
def line(on_wires):
    return on_wires


def test_caller_and_seat_talk_on_until_another_has_taken_and_the_phone_is_told_before_it_is_let_go(line, talking):
    line.presses_transfer(FIRST, "110")
    assert line.told(1) == [Asked(talking, FIRST, "110")]
    assert line.phones[FIRST].referred == [202]
    hear(line, outside={ONE}, first={OUT})
    line.exchange.join(talking, SECOND)
    line.until(lambda: line.exchange.talk(talking).extensions == (FIRST, SECOND))
    line.exchange.leave(talking, FIRST)
    hear(line, outside={TWO}, second={OUT})
    line.until(lambda: line.phones[FIRST].current() is None)
    assert line.phones[FIRST].notified == [100, 200]


def test_a_phone_put_down_right_after_its_key_leaves_the_caller_on_the_line(line, talking):
    line.presses_transfer(FIRST, "110")
    line.phones[FIRST].put_down()
    assert line.told(2) == [Asked(talking, FIRST, "110"), Left(talking, FIRST)]
    line.exchange.join(talking, SECOND)
    hear(line, outside={TWO}, second={OUT})


def test_a_phone_put_down_after_its_key_was_refused_leaves_the_caller_on_the_line_too(line, talking):
    line.presses_transfer(FIRST, "8888")
    line.told(1)
    line.exchange.refuse(talking, FIRST)
    line.until(lambda: line.key_said(FIRST) is False)
    line.phones[FIRST].put_down()
    assert line.told(1) == [Left(talking, FIRST)]
    line.exchange.join(talking, SECOND)
    hear(line, outside={TWO}, second={OUT})


def test_pressed_again_before_the_answer_it_is_asked_once_and_both_are_told(line, talking):
    line.presses_transfer(FIRST, "110")
    line.presses_transfer(FIRST, SECOND)
    assert line.told(1) == [Asked(talking, FIRST, "110")]
    line.exchange.refuse(talking, FIRST)
    line.until(lambda: line.phones[FIRST].notified.count(503) == 2)
    line.presses_transfer(FIRST, SECOND)
    assert line.told(1) == [Asked(talking, FIRST, SECOND)]
    hear(line, outside={ONE}, first={OUT})


@pytest.mark.parametrize(
    "target", ["sip:@127.0.0.1", "sip:abc@127.0.0.1", "tel:;", "sip:" + "1" * 40 + "@127.0.0.1", ""]
)
def test_with_nothing_sensible_dialled_it_is_refused_and_the_talk_goes_on(line, talking, target):
    phone = line.phones[FIRST]
    phone.current().refer(target)
    line.until(lambda: line.key_said(FIRST) is False or (phone.referred and phone.referred[-1] >= 400))
    assert line.told() == []
    hear(line, outside={ONE}, first={OUT})
    assert line.exchange.talk(talking).extensions == (FIRST,)


@pytest.mark.parametrize("of", ["its own", "the caller's", "nobody's"])
def test_a_transfer_into_another_talk_is_declined_whosever_it_is(line, talking, of):
    dialog = line.phones[FIRST].current()
    other = {"its own": dialog, "the caller's": line.callers[talking]}.get(of)
    key, theirs, ours = (other.key, other.their_tag, other.our_tag) if other else (uuid.uuid4().hex, "a", "b")
    dialog.refer(f"sip:110@{HOST}?Replaces={key}%3Bto-tag%3D{theirs}%3Bfrom-tag%3D{ours}")
    line.until(lambda: line.key_said(FIRST) is False)
    assert line.told() == []
    hear(line, outside={ONE}, first={OUT})


@pytest.mark.parametrize("who", ["the seat", "the caller"])
def test_whoever_puts_itself_in_the_place_of_another_hears_nothing_and_the_talk_goes_on(line, talking, who):
    """Asterisk lets in whoever knows the names of a call (RFC 3891); we let them go again."""
    other = line.phones[FIRST].current() if who == "the seat" else line.callers[talking]
    mine = line.outside.dial("110", Replaces=f"{other.key};to-tag={other.their_tag};from-tag={other.our_tag}")
    line.until(lambda: mine.status == 200 and mine.state == "over")
    hear(line, outside={ONE}, first={OUT})
    assert line.told() == []
    assert line.exchange.talk(talking).extensions == (FIRST,)


@pytest.mark.parametrize("target", ["110", SECOND])
def test_the_line_to_the_outside_moves_none_of_our_people(line, talking, target):
    line.callers[talking].refer(f"sip:{target}@{HOST}")
    line.until(lambda: line.outside.referred and line.outside.referred[-1] >= 400)
    assert line.told() == []
    hear(line, outside={ONE}, first={OUT})


@pytest.mark.skipif(not find_asterisk().hears_transfer_keys, reason="this release of Asterisk ends in it")
def test_a_phone_that_wants_no_word_of_it_is_heard_all_the_same_and_ends_no_call(line, talking):
    line.presses_transfer(FIRST, "110", Refer_Sub="false")
    assert line.told(1) == [Asked(talking, FIRST, "110")]
    line.exchange.refuse(talking, FIRST)
    hear(line, outside={ONE}, first={OUT})


def test_a_hundred_presses_answered_at_once_end_no_exchange(line, talking):
    for _ in range(100):
        line.presses_transfer(FIRST, "110")
        assert line.told(1, quiet=0) == [Asked(talking, FIRST, "110")]
        line.exchange.refuse(talking, FIRST)
    assert line.pbx.process.poll() is None
    hear(line, outside={ONE}, first={OUT})


def test_an_exchange_that_would_end_in_it_hears_nothing_of_it():
    pbx = Pbx(Path(tempfile.mkdtemp(prefix="liandong-pbx-")), transfer_key=False)
    try:
        pbx.start()
        line = Line(pbx)
        line.begin()
        call = line.rings_in()
        line.exchange.join(call, FIRST)
        assert line.told(2)[-1] == Answered(call, FIRST)
        line.presses_transfer(FIRST, "110", Refer_Sub="false")
        assert line.told() == []
        hear(line, outside={ONE}, first={OUT})
        line.close()
    finally:
        pbx.close()
