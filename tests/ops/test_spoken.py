"""The doctor says when callers are told nothing, and which of the city's recordings cannot be played."""

import wave

import pytest

from liandong.ops import spoken
from liandong.words.announced import all_parts


@pytest.fixture
def city(settings, tmp_path, monkeypatch):
    """An exchange, a folder of the city's own recordings, and no synthesiser."""
    settings.ARI_URL, settings.VOICE = "ws://127.0.0.1:8088", tmp_path
    monkeypatch.setattr("liandong.ops.spoken.synthesiser", lambda: None)
    for part in all_parts():
        with wave.open(str(tmp_path / f"{part.name}.wav"), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes(b"\0\0")
    return tmp_path


def said():
    return "\n".join(f"{one.what} {one.mend}" for one in spoken.voice())


def test_with_all_recordings_there_is_nothing_to_say(city):
    assert said() == ""


def test_without_any_voice_it_says_what_callers_miss_and_what_to_do(city, settings):
    settings.VOICE = None
    assert "没有语音" in said() and "make pbx" in said()
    assert not any(one.fatal for one in spoken.voice())


def test_a_recording_that_is_missing_or_cannot_be_played_is_named(city):
    (city / "next.wav").unlink()
    (city / "many.wav").write_text("no sound")
    (city / "number-7.wav").chmod(0o600)
    assert "缺 next.wav" in said()
    assert "many.wav 不是 16 位" in said() and "ffmpeg" in said()
    assert "number-7.wav 总机读不到" in said()


def test_where_there_is_a_synthesiser_recordings_need_not_be_whole(city, monkeypatch):
    (city / "next.wav").unlink()
    monkeypatch.setattr("liandong.ops.spoken.synthesiser", lambda: city)
    assert said() == ""


def test_without_an_exchange_nobody_has_to_speak(city, settings):
    settings.ARI_URL, settings.VOICE = "", None
    assert said() == ""
