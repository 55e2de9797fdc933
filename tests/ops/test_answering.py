"""Every answer of the web application is a sign of life to its supervisor."""

import os

import pytest

from liandong.config import answering
from liandong.config.answering import Answering


def app(environ, start_response):
    if environ.get("fails"):
        raise ValueError
    return [b"ok"]


def test_an_answer_touches_the_file_and_so_does_one_that_fails(tmp_path, monkeypatch):
    file = tmp_path / "web"
    monkeypatch.setenv("LIANDONG_BEAT", str(file))
    monkeypatch.setattr(answering, "EVERY", 0.0)
    served = Answering(app)
    assert served({}, None) == [b"ok"] and file.exists()
    os.utime(file, (0, 0))
    with pytest.raises(ValueError):
        served({"fails": True}, None)
    assert file.stat().st_mtime > 0


def test_it_is_touched_once_a_second_and_a_disk_that_is_full_stops_nobody(tmp_path, monkeypatch):
    file = tmp_path / "web"
    monkeypatch.setenv("LIANDONG_BEAT", str(file))
    served = Answering(app)
    served({}, None)
    os.utime(file, (0, 0))
    served({}, None)
    assert file.stat().st_mtime == 0
    monkeypatch.setenv("LIANDONG_BEAT", str(tmp_path / "away" / "web"))
    assert Answering(app)({}, None) == [b"ok"]
    monkeypatch.delenv("LIANDONG_BEAT")
    assert Answering(app)({}, None) == [b"ok"]
