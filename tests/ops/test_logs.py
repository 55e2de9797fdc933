"""What processes write down: JSON lines in production, and nothing of a person, whatever went wrong."""

import json
import logging
import subprocess
import sys

import pytest
from django.db import IntegrityError, transaction
from django.urls import resolve

from liandong.ops import logs
from liandong.ops.postgres import SETTINGS
from liandong.records.models import Call, Contact

SECRETS = ("13800002671", "2671", "王秀英", "跳下去", "鹿城")


def written(record: logging.LogRecord) -> dict:
    line = logs.Lines().format(record)
    assert "\n" not in line
    for secret in SECRETS:
        assert secret not in line
    return json.loads(line)


def record(message: str, *args, error: BaseException | None = None, **more) -> logging.LogRecord:
    exc = (type(error), error, error.__traceback__) if error else None
    row = logging.LogRecord("liandong.test", logging.ERROR, __file__, 1, message, args, exc)
    row.__dict__.update(more)
    return row


@pytest.mark.parametrize(
    ("message", "args", "said"),
    [
        ("call of %s", ("13800002671",), "call of …"),
        ("%s", (ValueError("王秀英 说 +86 138 0000 2671 要跳下去"),), "… … … …"),
        ("matter %s", ("018f4e2a-1111-7222-8333-444444444444",), "matter 018f4e2a-1111-7222-8333-444444444444"),
        (
            "partner %s does not answer: %s",
            ("110.chuxiong", "timeout"),
            "partner 110.chuxiong does not answer: timeout",
        ),
        ("caller-13800002671, tel:13800002671-in, code 482913", (), "caller-…, tel:…-in, code …"),
        ("\ua015\ua0e9 and \U00020b9f at 2026-11-29 17:05:09.123456", (), "… and … at 2026-11-29 17:05:09.123456"),
        ("is left alone for %.0f s", (300,), "is left alone for 300 s"),
    ],
)
def test_what_cannot_be_ours_is_blotted_out(message, args, said):
    assert written(record(message, *args))["message"] == said


@pytest.mark.django_db
def test_a_row_that_the_database_refused_is_not_written_down():
    number = {"number": "13800002671", "line": "110", "state": "王秀英", "began_at": None}
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Call.objects.create(**number)
    assert "13800002671" in str(caught.value)  # what a plain traceback would show
    line = written(record("voice order %s", 7, error=caught.value))
    assert line["fault"][0]["type"] == "django.db.utils.IntegrityError"
    assert line["fault"][1]["sqlstate"] == "23502"
    assert any("test_logs.py" in place for place in line["fault"][0]["at"])
    assert Contact.objects.count() == 0


def test_a_request_is_told_by_its_route(rf):
    asked = rf.get("/matters/018f4e2a-1111-7222-8333-444444444444/?q=13800002671")
    asked.resolver_match = resolve(asked.path)
    line = written(record("Not Found: %s", asked.get_full_path(), request=asked, status_code=404))
    assert line["message"] == "404 GET matters/<uuid:pk>/"
    lost = rf.get("/13800002671/王秀英/")
    assert written(record("Not Found: %s", lost.path, request=lost, status_code=404))["message"] == "404 GET -"


def test_a_process_that_ends_by_a_fault_tells_no_text_of_it():
    source = """
        import logging, threading
        from liandong.ops import logs
        handler = logging.StreamHandler(); handler.setFormatter(logs.Lines()); logging.getLogger().addHandler(handler)
        logs.catch_what_nobody_catches()
        thread = threading.Thread(target=lambda: {}["13800002671"]); thread.start(); thread.join()
        raise ValueError("王秀英 13800002671")
    """
    lines = "\n".join(line.strip() for line in source.splitlines())
    said = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, timeout=30, check=False).stderr
    first, last = map(json.loads, said.splitlines())
    assert (first["fault"][0]["type"], last["fault"][0]["type"]) == ("builtins.KeyError", "builtins.ValueError")
    assert not [secret for secret in SECRETS if secret in said]


def test_the_embedded_database_writes_down_neither_statements_nor_rows():
    assert SETTINGS["log_min_error_statement"] == "panic"
    assert SETTINGS["log_error_verbosity"] == "terse"


@pytest.mark.parametrize(
    ("mode", "said", "lines"),
    [("production", "", True), ("demo", "", False), ("demo", "json", True), ("production", "plain", False)],
)
def test_production_writes_lines_of_json(monkeypatch, mode, said, lines):
    monkeypatch.setenv("LIANDONG_MODE", mode)
    monkeypatch.setenv("LIANDONG_LOG_FORMAT", said)
    assert logs.as_lines() is lines
