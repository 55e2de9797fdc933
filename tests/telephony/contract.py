"""What every exchange behind the port must do. A test module brings the fixture `line`, and collects `Contract`.

`line` has `exchange` (telephony.port.Exchange), `rings_in() -> call`, `picks_up(extension)`, `gives_up(call)` (the
caller), `takes_away(extension)` (the phone is no longer registered), `nobody_at(number)`, `pass_time(seconds)`,
`presses_transfer(extension, target)` (the phone's own key), `key_said(extension) -> True, False or None` (what the phone
was told of it last), `told(n) -> list of events` since it was last asked, and `until(condition)`. Real phones take their time: `told` waits
until there are `n` events and then a moment for one too many, `until` until it holds; both give up after a while. `spoken`
makes files that are said.
"""

import io
import uuid
import wave

import pytest

from liandong.telephony.port import (
    Answered,
    Asked,
    Away,
    Failed,
    HungUp,
    Incoming,
    Left,
    NoSuchCall,
    NoSuchRecording,
    Recorded,
    Ringing,
    Said,
)

FIRST, SECOND, THIRD = "8007", "0403", "0404"
VOICE = (1750, 2150)
"""Hertz of what is said in tests, a file for each: nobody else's tone."""


def seconds_of(sound) -> float:
    """How long a recording is; what is no telephone's WAV fails."""
    with wave.open(io.BytesIO(b"".join(sound))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        return len(file.readframes(file.getnframes())) / 16000


class Contract:
    @pytest.fixture
    def talking(self, line):
        """A call that the first seat has answered; what was told until then is read."""
        call = line.rings_in()
        line.exchange.ring(call, FIRST, 20)
        assert line.told(2)[-1] == Ringing(call, FIRST)
        line.exchange.join(call, FIRST)
        assert line.told(1) == [Answered(call, FIRST)]
        return call

    def test_a_call_is_told_with_its_number_and_the_line_it_dialled(self, line):
        call = line.rings_in()
        (event,) = line.told(1)
        assert isinstance(event, Incoming)
        assert (event.call, event.line) == (call, "12345")
        assert line.exchange.talk(call).extensions == ()

    def test_a_ringing_phone_that_is_lifted_is_in_the_talk(self, line):
        call = line.rings_in()
        line.told(1)
        line.exchange.ring(call, FIRST, 20)
        assert line.exchange.talk(call).ringing == (FIRST,)
        line.picks_up(FIRST)
        assert line.told(2) == [Ringing(call, FIRST), Answered(call, FIRST)]
        assert line.exchange.talk(call).extensions == (FIRST,)
        assert line.exchange.talk(call).ringing == ()

    def test_nobody_lifts_the_second_phone_and_the_caller_is_still_with_the_first(self, line, talking):
        line.exchange.ring(talking, SECOND, 1)
        line.pass_time(1.2)
        assert line.told(2) == [Ringing(talking, SECOND), Failed(talking, SECOND, "no_answer")]
        assert line.exchange.talk(talking).extensions == (FIRST,)

    def test_a_phone_in_another_talk_is_busy_and_both_talks_go_on(self, line, talking):
        other = line.rings_in()
        line.exchange.join(other, SECOND)
        assert line.told(2)[-1] == Answered(other, SECOND)
        line.exchange.ring(talking, SECOND, 20)
        line.exchange.join(talking, SECOND)
        assert line.told(2) == [Failed(talking, SECOND, "busy")] * 2
        assert line.exchange.talk(talking).extensions == (FIRST,)
        assert line.exchange.talk(other).extensions == (SECOND,)

    def test_a_phone_that_is_not_there_fails_at_once_and_nothing_changes(self, line, talking):
        line.takes_away(SECOND)
        line.exchange.ring(talking, SECOND, 20)
        assert line.told(1) == [Failed(talking, SECOND, "unregistered")]
        assert line.exchange.talk(talking).extensions == (FIRST,)

    def test_two_seats_and_the_caller_talk_until_one_leaves(self, line, talking):
        line.exchange.join(talking, SECOND)
        line.until(lambda: line.exchange.talk(talking).extensions == (FIRST, SECOND))
        assert line.exchange.talk(talking).joining == ()
        line.exchange.leave(talking, FIRST)
        assert line.told(2) == [Answered(talking, SECOND), Left(talking, FIRST)]
        assert line.exchange.talk(talking).extensions == (SECOND,)

    def test_the_caller_stays_even_when_every_seat_has_left(self, line, talking):
        line.exchange.leave(talking, FIRST)
        assert line.exchange.talk(talking).extensions == ()
        line.exchange.join(talking, THIRD)
        assert line.told(2) == [Left(talking, FIRST), Answered(talking, THIRD)]

    def test_a_phone_told_to_stop_neither_rings_nor_fails(self, line, talking):
        line.exchange.ring(talking, SECOND, 1)
        assert line.told(1) == [Ringing(talking, SECOND)]
        line.exchange.stop_ringing(talking, SECOND)
        line.pass_time(1.2)
        assert line.told() == []
        assert line.exchange.talk(talking).ringing == ()

    def test_asking_twice_changes_nothing(self, line, talking):
        for _ in range(2):
            line.exchange.ring(talking, SECOND, 20)
            line.exchange.join(talking, FIRST)
            line.exchange.stop_ringing(talking, THIRD)
            line.exchange.leave(talking, THIRD)
        assert line.told(1) == [Ringing(talking, SECOND)]

    def test_hold_and_mute_move_nobody(self, line, talking):
        line.exchange.hold(talking)
        line.exchange.mute(talking, FIRST)
        talk = line.exchange.talk(talking)
        assert (talk.held, talk.muted, talk.extensions) == (True, (FIRST,), (FIRST,))
        line.exchange.unhold(talking)
        line.exchange.unmute(talking, FIRST)
        talk = line.exchange.talk(talking)
        assert (talk.held, talk.muted, talk.extensions) == (False, (), (FIRST,))
        assert line.told() == []

    def test_a_phones_own_transfer_key_is_told_and_moves_nobody(self, line, talking):
        line.presses_transfer(FIRST, "110")
        assert line.told(1) == [Asked(talking, FIRST, "110")]
        assert line.exchange.talk(talking).extensions == (FIRST,)
        line.exchange.refuse(talking, FIRST)
        line.until(lambda: line.key_said(FIRST) is False)
        line.exchange.refuse(talking, FIRST)
        assert line.exchange.talk(talking).extensions == (FIRST,)
        assert line.told() == []

    def test_a_phone_whose_key_came_about_is_told_before_it_leaves(self, line, talking):
        line.presses_transfer(FIRST, SECOND)
        assert line.told(1) == [Asked(talking, FIRST, SECOND)]
        line.exchange.join(talking, SECOND)
        line.until(lambda: line.exchange.talk(talking).extensions == (FIRST, SECOND))
        line.exchange.leave(talking, FIRST)
        assert line.told(2) == [Answered(talking, SECOND), Left(talking, FIRST)]
        line.until(lambda: line.key_said(FIRST) is True)
        assert line.exchange.talk(talking).extensions == (SECOND,)

    def test_the_caller_hangs_up_while_a_second_phone_rings_and_everything_ends(self, line, talking):
        line.exchange.ring(talking, SECOND, 1)
        assert line.told(1) == [Ringing(talking, SECOND)]
        line.gives_up(talking)
        line.pass_time(1.2)
        assert line.told(1) == [HungUp(talking, "caller", (FIRST,))]
        assert line.exchange.talks() == ()

    def test_what_is_asked_of_a_call_that_is_over_is_refused_by_name(self, line, talking):
        line.exchange.hang_up(talking, "seat")
        assert line.told(1) == [HungUp(talking, "seat", (FIRST,))]
        for command in (line.exchange.hold, line.exchange.unhold, line.exchange.hang_up, line.exchange.talk):
            with pytest.raises(NoSuchCall):
                command(talking)
        for command in (line.exchange.join, line.exchange.leave, line.exchange.stop_ringing, line.exchange.mute):
            with pytest.raises(NoSuchCall):
                command(talking, FIRST)
        with pytest.raises(NoSuchCall):
            line.exchange.ring(talking, FIRST, 5)
        with pytest.raises(NoSuchCall):
            line.exchange.refuse(talking, FIRST)

    def test_a_person_who_is_rung_back_picks_up(self, line):
        call = uuid.uuid4()
        line.exchange.dial_out(call, "13800002671", FIRST, 20)
        line.exchange.dial_out(call, "13800002671", FIRST, 20)
        line.pass_time(1.2)
        assert line.told(2) == [Ringing(call, "13800002671"), Answered(call, "13800002671")]
        assert line.exchange.talk(call).extensions == (FIRST,)

    def test_a_person_who_does_not_pick_up_ends_the_call(self, line):
        call = uuid.uuid4()
        line.nobody_at("13800002671")
        line.exchange.dial_out(call, "13800002671", FIRST, 1)
        line.pass_time(1.2)
        assert line.told(3) == [Ringing(call, "13800002671"), Failed(call, "13800002671", "no_answer"),
                               HungUp(call, "switch", (FIRST,))]  # fmt: skip
        assert line.exchange.talks() == ()

    def test_a_leader_hears_the_talk_and_is_no_part_of_it(self, line, talking):
        line.exchange.listen(talking, THIRD)
        line.exchange.listen(talking, THIRD)
        assert line.told() == []
        assert line.exchange.talk(talking).extensions == (FIRST,)
        line.until(lambda: line.exchange.talk(talking).listening == (THIRD,))
        line.exchange.leave(talking, THIRD)
        assert line.told() == []
        assert line.exchange.talk(talking).listening == ()

    def test_listening_ends_with_the_call_and_needs_a_phone_and_a_call(self, line, talking):
        line.takes_away(SECOND)
        line.exchange.listen(talking, SECOND)
        assert line.told(1) == [Failed(talking, SECOND, "unregistered")]
        line.exchange.listen(talking, THIRD)
        line.exchange.hang_up(talking)
        assert line.told(1) == [HungUp(talking, "switch", (FIRST,))]
        with pytest.raises(NoSuchCall):
            line.exchange.listen(talking, THIRD)

    def test_a_listener_who_comes_into_the_talk_listens_no_more(self, line, talking):
        line.exchange.listen(talking, THIRD)
        line.until(lambda: line.exchange.talk(talking).listening == (THIRD,))
        line.exchange.join(talking, THIRD)
        assert line.told(1) == [Answered(talking, THIRD)]
        assert line.exchange.talk(talking).listening == ()

    def test_a_recording_goes_on_until_it_is_stopped_is_fetched_and_then_forgotten(self, line, talking):
        name = uuid.uuid4()
        line.exchange.record(talking, name)
        line.exchange.record(talking, name)
        with pytest.raises(Away):
            line.exchange.recording(talking, name)
        line.pass_time(1.2)
        line.exchange.stop_recording(talking, name)
        assert line.told(1) == [Recorded(talking, name)]
        line.exchange.stop_recording(talking, name)
        assert 0.8 < seconds_of(line.exchange.recording(talking, name)) < 2.5
        assert line.exchange.talk(talking).extensions == (FIRST,)
        for _ in range(2):
            line.exchange.forget_recording(talking, name)
        with pytest.raises(NoSuchRecording):
            line.exchange.recording(talking, name)
        assert line.told() == []

    def test_two_recordings_of_one_call_each_have_their_own_beginning_and_end_with_the_call(self, line, talking):
        whole, late = uuid.uuid4(), uuid.uuid4()
        line.exchange.record(talking, whole)
        line.pass_time(1.5)
        line.exchange.record(talking, late)
        line.pass_time(0.7)
        line.exchange.hang_up(talking, "seat")
        told = line.told(3)
        assert told[0] == HungUp(talking, "seat", (FIRST,))
        assert set(told[1:]) == {Recorded(talking, whole), Recorded(talking, late)}
        first, second = (seconds_of(line.exchange.recording(talking, name)) for name in (whole, late))
        assert 1.1 < first - second < 2.2
        for name in (whole, late):
            line.exchange.forget_recording(talking, name)
        with pytest.raises(NoSuchCall):
            line.exchange.record(talking, uuid.uuid4())
        with pytest.raises(NoSuchRecording):
            line.exchange.recording(talking, uuid.uuid4())

    def test_what_is_said_to_who_waits_ends_by_itself_and_moves_nobody(self, line, spoken):
        call = line.rings_in()
        assert not line.exchange.talk(call).saying
        line.exchange.say(call, [spoken(0.3), spoken(0.3, VOICE[1])])
        assert line.exchange.talk(call).saying
        line.exchange.ring(call, FIRST, 20)
        line.pass_time(0.7)
        line.until(lambda: not line.exchange.talk(call).saying)
        told = line.told(3)
        assert [type(event) for event in told] == [Incoming, Ringing, Said] and told[-1] == Said(call, 2)
        assert line.exchange.talk(call).ringing == (FIRST,)

    def test_who_comes_into_the_talk_ends_what_is_said_and_is_never_covered(self, line, spoken):
        call = line.rings_in()
        line.exchange.say(call, [spoken(0.3), spoken(5)])
        line.pass_time(1.0)
        line.exchange.join(call, FIRST)
        assert line.told(3)[1:] == [Said(call, 1), Answered(call, FIRST)], "the first was heard to its end"
        assert not line.exchange.talk(call).saying
        line.exchange.say(call, [spoken(5)])
        assert not line.exchange.talk(call).saying
        line.exchange.leave(call, FIRST)
        line.exchange.say(call, [spoken(5)])
        assert line.exchange.talk(call).saying
        assert line.told(1) == [Left(call, FIRST)]

    def test_what_is_said_is_stopped_or_gives_way_to_the_next_and_ends_with_the_call(self, line, spoken):
        call = line.rings_in()
        line.exchange.hush(call)
        line.exchange.say(call, [spoken(5)])
        line.exchange.say(call, [spoken(5, VOICE[1])])
        assert line.exchange.talk(call).saying
        for _ in range(2):
            line.exchange.hush(call)
        line.until(lambda: not line.exchange.talk(call).saying)
        line.exchange.say(call, [spoken(5)])
        line.gives_up(call)
        assert line.told(5)[1:] == [*[Said(call, 0)] * 3, HungUp(call, "caller", ())]
        for command in (lambda: line.exchange.say(call, [spoken(5)]), lambda: line.exchange.hush(call)):
            with pytest.raises(NoSuchCall):
                command()
