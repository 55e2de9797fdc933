"""The examples of the API's page are asked as they stand, in order, and answered as they say."""

import argparse
import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from liandong.actions import handle
from liandong.records.models import Unit
from liandong.rules import webhooks
from tests.api.conftest import cast, key_of  # noqa: F401
from tests.cast import CHUXIONG
from tests.docs.tree import text

EXAMPLE = re.compile(r"```sh\n(curl .+?)\n```\n\n```json\n(.+?)\n```", re.DOTALL)
PAGE = "docs/reference/api.md"


def curl() -> argparse.ArgumentParser:
    """The words of curl that the page uses; any other fails the test."""
    words = argparse.ArgumentParser()
    words.add_argument("url")
    words.add_argument("-X", dest="method", default="")
    words.add_argument("-H", action="append", default=[])
    words.add_argument("-d", "--data-binary", dest="body")
    return words


def asked(line: str, known: dict[str, str]):
    """What the product answers to a line of curl; `known` is what its variables stand for. Bash's $'…' is read as bash reads it."""
    line = re.sub(r"\$'([^']*)'", lambda found: shlex.quote(found[1].replace("\\n", "\n")), line)
    typed = curl().parse_args(shlex.split(re.sub(r"\$([A-Z_]+)", lambda found: known[found[1]], line))[1:])
    headers = dict(header.split(": ", 1) for header in typed.H)
    parts = urlsplit(typed.url)
    url = parts.path + (f"?{parts.query}" if parts.query else "")
    ask = getattr(Client(), (typed.method or ("GET" if typed.body is None else "POST")).lower())
    if typed.body is None:
        return ask(url, headers=headers)
    return ask(url, typed.body.encode(), content_type=headers.pop("Content-Type"), headers=headers)


def test_the_receiver_of_the_how_to_knows_what_is_ours():
    page, known = text("docs/how-to/receive-webhooks.md"), {}
    exec(re.search(r"```python\n(.+?)```", page, re.DOTALL)[1], known)
    secret, at, body = b"s" * 32, datetime.now(UTC), b'{"type":"matter.opened"}'
    headers = webhooks.signed([b"another" * 5, secret], "ev_7", at, body)
    ours = known["is_from_liandong"]
    assert ours(webhooks.spelled(secret), headers, body)
    assert not ours(webhooks.spelled(b"t" * 32), headers, body)
    assert not ours(webhooks.spelled(secret), headers, body + b" ")
    assert not ours(webhooks.spelled(secret), headers | {"webhook-id": "ev_8"}, body)
    late = webhooks.signed([secret], "ev_7", at - timedelta(minutes=6), body)
    assert not ours(webhooks.spelled(secret), late, body)


def within(expected: Any, got: Any) -> bool:
    """Whether everything that is told is there; "…" stands for anything."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            name in got and within(value, got[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(got, list) and len(expected) == len(got) and all(map(within, expected, got))
    return expected == "…" or expected == got


def test_every_example_is_answered_as_the_page_says(cast):  # noqa: F811
    matter, done = (cast.call(cast.lin, "楼上有人打架") for _ in range(2))
    cast.act(handle.assign, done, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    known = {"KEY": key_of().secret, "MATTER": str(matter.pk),
             "DESK_KEY": key_of(CHUXIONG, "transfers", "conferences", desk=cast.lin.desk).secret,
             "UNIT_KEY": key_of(CHUXIONG, "orders", unit=cast.duan.unit).secret}  # fmt: skip
    examples = EXAMPLE.findall(text(PAGE))
    assert len(examples) == text(PAGE).count("```sh\n")
    for line, expected in examples:
        answer = asked(line, known)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        got = [json.loads(part) for part in body.decode().splitlines()]
        known |= {"ID": str(got[0]["id"])} if isinstance(got[0], dict) and "id" in got[0] else {}
        told = [json.loads(part) for part in expected.splitlines()]
        assert within(told, got), f"{line}\n{body.decode()}"
