"""One message to another node over HTTPS: posted once, with what came back. When to try again is the caller's."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from liandong.rules.exchange import HEADER, Signature

PATIENCE = 10.0
"""Seconds for one attempt."""
MEDIA_TYPE = "application/cloudevents+json"
_LONGEST_ANSWER = 1024 * 1024


class Unreached(Exception):
    """Nobody answered as a node does: whether the message arrived is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other node said. `status` 200: it has the message; else `told` is its problem+json. `raw` are the exact bytes, and
    `signature` stands beside the answer to a question."""

    status: int
    told: dict[str, Any]
    raw: bytes = b""
    signature: str = ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed message goes where it was registered to go, nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes, signed: Signature) -> Answer:
    """Post the bytes to a node's address. Raises Unreached when no node answered."""
    head = {"Content-Type": MEDIA_TYPE, HEADER: str(signed)}
    request = urllib.request.Request(url, data=body, headers=head, method="POST")
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            return _read(answer.status, answer.read(_LONGEST_ANSWER), answer.headers.get(HEADER, ""))
    except urllib.error.HTTPError as refused:
        return _read(refused.code, refused.read(_LONGEST_ANSWER))
    except OSError as error:
        raise Unreached(str(error)) from error


def plain(told: object) -> str:
    """Another node's words as a database can keep them: without NUL and half characters."""
    return str(told).encode(errors="replace").decode().replace("\0", "")


def _read(status: int, body: bytes, signature: str = "") -> Answer:
    try:
        told = json.loads(body)
    except ValueError:
        raise Unreached(f"HTTP {status} without JSON") from None
    if not isinstance(told, dict):
        raise Unreached(f"HTTP {status} without a JSON object")
    return Answer(status, told, body, signature)
