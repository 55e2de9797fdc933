"""Sentences as files: the city's own recordings, and what a synthesiser's sound becomes."""

import struct
import wave

import numpy as np
import pytest

from liandong.rules.announcing import Part
from liandong.telephony import wav
from liandong.telephony.voice import LOUDEST, Recordings, Synthesised, Voice, fault, narrowed
from tests.telephony.phone import until
from tests.telephony.sound import loudness

PARTS = (Part("ahead-before", "您前面还有"), Part("number-3", "三"))


def record(folder, name, seconds=1.0, rate=8000):
    with wave.open(str(folder / f"{name}.wav"), "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(b"\1\2" * int(seconds * rate))


def test_recordings_are_used_only_when_every_part_is_there(tmp_path):
    record(tmp_path, "ahead-before")
    voice = Recordings(tmp_path)
    assert voice.files(PARTS) is None
    record(tmp_path, "number-3")
    assert [file.name for file in voice.files(PARTS)] == ["ahead-before.wav", "number-3.wav"]


def test_a_recording_the_exchange_could_not_play_is_named_and_not_used(tmp_path):
    record(tmp_path, "ahead-before")
    record(tmp_path, "number-3", rate=44100)
    assert fault(tmp_path / "number-3.wav") == "form"
    assert Recordings(tmp_path).files(PARTS) is None
    (tmp_path / "number-3.wav").write_text("no sound")
    assert fault(tmp_path / "number-3.wav") == "form"
    (tmp_path / "ahead-before.wav").chmod(0o600)
    assert fault(tmp_path / "ahead-before.wav") == "mode"
    assert fault(tmp_path / "next.wav") == "missing"


def test_a_synthesisers_sound_is_narrowed_to_a_telephone_line_and_as_loud_as_a_voice():
    rate = 22050
    tone = np.sin(2 * np.pi * 700 * np.arange(rate) / rate) * 900
    narrow = np.frombuffer(narrowed(tone.astype("<i2").tobytes(), rate), "<i2")
    assert abs(len(narrow) - wav.RATE) <= 1
    assert np.abs(narrow).max() == pytest.approx(LOUDEST, abs=2)
    loud = loudness(narrow, [700, 300, 1500, 3000])
    assert loud.pop(700) > -10 and max(loud.values()) < -40
    assert narrowed(b"", rate) == b"" and narrowed(b"\0\0" * 300, rate) == b"\0\0" * 108


@pytest.fixture
def program(tmp_path):
    """A synthesiser that counts how often it is asked."""
    sound = tmp_path / "sound.wav"
    with wave.open(str(sound), "wb") as out:
        out.setparams((1, 2, 22050, 0, "NONE", ""))
        out.writeframes(struct.pack("<22050h", *([1000, -1000] * 11025)))
    file = tmp_path / "says"
    file.write_text(
        f'#!/bin/sh\ncat >>{tmp_path}/asked; echo >>{tmp_path}/asked\nfor to; do :; done\ncp {sound} "$to"\n'
    )
    file.chmod(0o755)
    return file


def test_a_sentence_is_made_once_and_found_again(tmp_path, program):
    folder = tmp_path / "spoken"
    voice = Synthesised(program, folder)
    assert voice.files(PARTS) is None, "nobody waits for it"
    (file,) = until(lambda: voice.files(PARTS))
    assert (wav.seconds(file), file.stat().st_mode & 0o777) == (pytest.approx(1.0, abs=0.01), 0o644)
    assert Synthesised(program, folder).files(PARTS) == (file,)
    assert (tmp_path / "asked").read_text() == "您前面还有三\n"
    assert [one.name for one in folder.iterdir()] == [file.name]


def test_a_synthesiser_that_fails_says_nothing_and_is_not_asked_again_and_again(tmp_path, program):
    program.write_text(f"#!/bin/sh\necho >>{tmp_path}/asked; exit 1\n")
    voice = Voice([Recordings(tmp_path / "none"), Synthesised(program, tmp_path / "spoken")])
    for _ in range(3):
        assert voice.files(PARTS) is None
        until(lambda: (tmp_path / "asked").exists())
    assert (tmp_path / "asked").read_text() == "\n"
