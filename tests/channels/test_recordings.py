"""Recordings of calls, from the talk to the sealed file: each desk its own, whatever dies on the way."""

import io
import json
import uuid
import wave
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from liandong.actions import erase, receive, reply, transfer
from liandong.channels.phone.switch import Switch
from liandong.channels.pulse import Pulse
from liandong.records.models import Event, EvidenceFile, Matter, Recording
from liandong.rules.access import Actor
from liandong.telephony import port

POLICE = "110:532301"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    options = {"location": tmp_path, "keys": ["first-secret-of-the-tests-0123456789"]}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "liandong.records.sealed.SealedStorage", "OPTIONS": options}
    }
    return tmp_path


@pytest.fixture
def talking(room, cast):
    """A caller talks with 12345; the matter is written down."""
    matter = room.dials()
    by = cast.lin if matter.seat_id == cast.lin.seat else cast.zhou
    cast.act(receive.answer, matter, by=by)
    cast.act(receive.record, matter, by=by, said="小区里有人打架", district="532301")
    room.round()
    return Matter.objects.get(pk=matter.pk), by


def looks(room):
    """The switch looks who holds what, and fetches what is over."""
    room.switch.recordings.looked = 0.0
    room.round()
    room.switch.fetching.look(timezone.now())


def hands_over(room, cast, talking):
    matter, by = talking
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    taker = cast.yue if row.to_seat_id == cast.yue.seat else cast.shi
    cast.act(transfer.receipt, row, "delivered", by=taker)
    room.round()
    return row, taker


def seconds(recording) -> float:
    with default_storage.open(recording.file.stored) as file, wave.open(io.BytesIO(file.read())) as sound:
        return sound.getnframes() / sound.getframerate()


def stands() -> list[tuple[str, str]]:
    return [
        (r.desk.code.split(":")[0], r.because) for r in Recording.objects.select_related("desk").order_by("began_at")
    ]


def told(kind: str) -> list[dict]:
    return [json.loads(event.body) for event in Event.objects.filter(kind=kind).order_by("pk")]


def test_nothing_is_recorded_while_it_rings_and_the_talk_is_from_its_first_moment(room, cast):
    matter = room.dials()
    assert not Recording.objects.exists()
    cast.act(receive.answer, matter, by=cast.lin if matter.seat_id == cast.lin.seat else cast.zhou)
    room.round()
    row = Recording.objects.get()
    assert (row.desk.platform, row.call, row.ended_at) == ("12345", matter.contact.call, None)
    assert told("recording.began")[0]["desk"] == "12345:532300"
    assert row.pk in room.exchange.recorder.going_on


def test_12345s_ends_when_110_has_accepted_and_the_police_keep_their_own(room, cast, talking, folder):
    matter, _ = talking
    room.round(3)
    row, taker = hands_over(room, cast, talking)
    assert stands() == [("12345", "")], "offered is not accepted"
    cast.act(transfer.accept, row, by=taker)
    looks(room)
    room.round(5)
    room.hangs_up(matter)
    looks(room)
    assert stands() in ([("12345", "left"), ("110", "over")], [("12345", "police"), ("110", "over")])
    first, second = Recording.objects.select_related("file", "desk").order_by("began_at")
    assert 3 <= seconds(first) < 4 and 5 <= seconds(second) < 6
    for one in (first, second):
        assert one.file.kept_to_desk and one.file.desk_id == one.desk_id and one.file.person_id is None
    assert {e["because"] for e in told("recording.ended")} <= {"left", "police", "over"}
    assert [e["digest"] for e in told("recording.kept")] == [first.file.digest, second.file.digest]
    lying = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(lying) == 2 and not any(b"WAVE" in content for content in lying), "sealed at rest"
    assert not room.exchange.recorder.over, "the exchange keeps nothing that is kept here"


def test_while_110_holds_it_a_12345_seat_still_in_the_talk_is_not_recorded(room, cast, talking):
    matter, _ = talking
    Matter.objects.filter(pk=matter.pk).update(holder=cast.desk(POLICE))
    looks(room)
    assert stands() == [("12345", "police")]
    room.round(2)
    assert Recording.objects.count() == 1


def test_a_switch_that_begins_anew_goes_on_with_the_same_recording_and_loses_none(room, cast, talking):
    matter, _ = talking
    room.round(2)
    room.switch = Switch(room.exchange, Pulse("switch"))
    assert room.switch.find_again()
    looks(room)
    assert Recording.objects.count() == 1
    room.exchange.hang_up(matter.contact.call, "caller")  # and nobody hears of it
    room.exchange.events()
    room.switch = Switch(room.exchange, Pulse("switch"))
    assert room.switch.find_again()
    looks(room)
    row = Recording.objects.get()
    assert (row.because, round(seconds(row))) == ("over", 2)


def test_a_row_whose_exchange_was_never_asked_is_begun_by_the_next_switch(room, cast, talking):
    row = Recording.objects.get()
    room.exchange.recorder.going_on.clear()  # killed between the row and the command
    room.switch = Switch(room.exchange, Pulse("switch"))
    assert room.switch.find_again()
    looks(room)
    assert row.pk in room.exchange.recorder.going_on


def test_a_sound_that_was_kept_and_not_yet_forgotten_is_forgotten_when_it_is_told_again(room, cast, talking):
    matter, _ = talking
    room.round(2)
    room.hangs_up(matter)
    looks(room)
    row = Recording.objects.get()
    room.exchange.recorder.over[row.pk] = 2.0
    room.exchange.told.append(port.Recorded(row.call, row.pk))
    looks(room)
    assert not room.exchange.recorder.over
    assert EvidenceFile.objects.count() == 1


def test_an_exchange_that_lost_a_sound_is_said_and_not_asked_for_ever(room, cast, talking):
    matter, _ = talking
    room.hangs_up(matter)
    room.exchange.recorder.over.clear()
    looks(room)
    row = Recording.objects.get()
    assert row.lost_at and told("recording.lost")[0]["how"] == "missing"
    looks(room)
    assert len(told("recording.lost")) == 1


def test_an_exchange_that_does_not_give_it_is_asked_again_until_it_is_too_late(room, cast, talking, monkeypatch):
    matter, _ = talking
    room.round(2)
    room.hangs_up(matter)

    def away(call, recording):
        raise port.Away("not now")

    with monkeypatch.context() as now:
        now.setattr(room.exchange, "recording", away)
        looks(room)
        assert Recording.objects.get().lost_at is None
    looks(room)
    assert Recording.objects.get().file
    Recording.objects.update(file=None)
    monkeypatch.setattr(room.exchange, "recording", away)
    room.switch.fetching.look(timezone.now() + timedelta(days=4))
    assert told("recording.lost")[0]["how"] == "late"


def test_one_that_breaks_off_half_way_leaves_no_half_file(room, cast, talking, monkeypatch):
    matter, _ = talking
    room.round(2)
    room.hangs_up(matter)

    def breaks(call, recording):
        yield b"RIFF"
        raise port.Away("cut off half way")

    with monkeypatch.context() as now:
        now.setattr(room.exchange, "recording", breaks)
        looks(room)
        assert not EvidenceFile.objects.exists()
    looks(room)
    assert round(seconds(Recording.objects.get())) == 2


def test_a_recording_the_exchange_ended_by_itself_is_kept_and_not_begun_again(room, cast, talking):
    matter, _ = talking
    row = Recording.objects.get()
    room.round(2)
    room.exchange.stop_recording(matter.contact.call, row.pk)
    looks(room)
    assert stands() == [("12345", "failed")]
    looks(room)
    assert Recording.objects.count() == 1
    assert Recording.objects.get().file


def test_a_person_rung_back_is_recorded_from_when_they_pick_up_with_the_matter_it_is_about(room, cast, talking):
    matter, by = talking
    room.hangs_up(matter)
    cast.act(reply.call_back, matter, by=by)
    room.round()
    assert Recording.objects.count() == 1, "it rings"
    room.round(1.5)
    looks(room)
    second = Recording.objects.order_by("began_at").last()
    assert (second.matter_id, second.ended_at) == (matter.pk, None)
    assert second.call != matter.contact.call


def test_of_a_person_who_was_erased_meanwhile_no_sound_is_kept(room, cast, talking):
    matter, _ = talking
    room.round(2)
    room.hangs_up(matter)
    Matter.objects.filter(pk=matter.pk).update(state="archived", archived_at=timezone.now(), due_at=None)
    cast.act(erase.erase, matter.contact, "本人要求", by=Actor("administrator", cast.lin.person, city="532300"))
    looks(room)
    assert told("recording.lost")[0]["how"] == "erased"
    assert not EvidenceFile.objects.exists()


def test_a_simulators_recordings_are_fetched_before_it_ends(room, cast, talking):
    room.round(2)
    room.switch.end()
    row = Recording.objects.get()
    assert row.because == "over" and round(seconds(row)) == 2


def test_a_recording_nobody_knows_is_left_at_the_exchange_and_logged(room, cast, talking, caplog):
    room.exchange.told.append(port.Recorded(uuid.uuid4(), uuid.uuid4()))
    room.round()
    assert "no record knows" in caplog.text
