"""One message to another node over HTTPS: posted once, with what came back. When to try again is the caller's."""

import contextlib
import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from liandong.rules.exchange import HEADER, Signature

PATIENCE = 10.0
"""Seconds for one attempt."""
MEDIA_TYPE = "application/cloudevents+json"
URN = "urn:liandong:exchange:"
IDLE = 30.0
"""Seconds for which a connection is kept unused: what lies between forgets it later on, and tells nobody."""
_LONGEST_ANSWER = 1024 * 1024
_DROPPED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
"""What a connection that the other side has closed meanwhile ends with."""


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

    def is_receipt_of(self, name: str) -> bool:
        """Whether the node says that it has the message of this id: whatever stands between us may answer 200 as well."""
        return self.status == 200 and self.told.get("id") == name

    @property
    def is_refusal(self) -> bool:
        """Whether it is a node that refuses, and not something on the way to it."""
        return self.status >= 400 and str(self.told.get("type", "")).startswith(URN)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed message goes where it was registered to go, nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes, signed: Signature) -> Answer:
    """Post the bytes to a node's address. Raises Unreached when no node answered."""
    request = urllib.request.Request(url, data=body, headers=_head(signed), method="POST")
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            return _read(answer.status, answer.read(_LONGEST_ANSWER), answer.headers.get(HEADER, ""))
    except urllib.error.HTTPError as refused:
        with contextlib.closing(refused):
            return _read(refused.code, _rest(refused))
    except (OSError, http.client.HTTPException) as error:
        raise Unreached(str(error)) from error


class Lines:
    """The same over connections that are kept from one message to the next, a free one for whoever posts; several may post at
    once. Where the environment names a proxy each message goes through it, on a connection of its own."""

    def __init__(self) -> None:
        self.free: list[tuple[str, float, http.client.HTTPConnection]] = []

    def post(self, url: str, body: bytes, signed: Signature) -> Answer:
        """Post the bytes to a node's address. Raises Unreached when no node answered."""
        if _has_proxy(url):
            return post(url, body, signed)
        try:
            return self._post(url, body, signed)
        except (OSError, http.client.HTTPException) as error:
            raise Unreached(str(error) or type(error).__name__) from error

    def _post(self, url: str, body: bytes, signed: Signature) -> Answer:
        where = urlsplit(url)
        if kept := self._kept(where.netloc):
            with contextlib.suppress(*_DROPPED):  # it had been closed; a message that came twice is done once
                return self._on(kept, where, body, signed)
        fresh = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        return self._on(fresh(where.netloc, timeout=PATIENCE), where, body, signed)

    def _on(self, connection: http.client.HTTPConnection, where: Any, body: bytes, signed: Signature) -> Answer:
        whole = False
        try:
            target = (where.path or "/") + (f"?{where.query}" if where.query else "")
            connection.request("POST", target, body, _head(signed))
            with connection.getresponse() as answer:
                said = answer.read(_LONGEST_ANSWER)
                if answer.length:  # of what was announced something is missing
                    raise http.client.IncompleteRead(said, answer.length)
                whole = answer.isclosed() and not answer.will_close
                return _read(answer.status, said, answer.headers.get(HEADER, ""))
        finally:
            if whole:
                self.free.append((where.netloc, time.monotonic(), connection))
            else:
                connection.close()

    def _kept(self, place: str) -> http.client.HTTPConnection | None:
        while self.free:
            try:
                known, since, connection = self.free.pop()
            except IndexError:  # another thread took it
                return None
            if known == place and time.monotonic() - since < IDLE:
                return connection
            connection.close()  # the partner has moved, or it idled too long
        return None

    def close(self) -> None:
        """Hang up."""
        while self.free:
            self.free.pop()[2].close()


def _has_proxy(url: str) -> bool:
    """Whether the environment names a proxy for this address; `no_proxy` alone names none."""
    where = urlsplit(url)
    return where.scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(where.netloc)


def _head(signed: Signature) -> dict[str, str]:
    return {"Content-Type": MEDIA_TYPE, HEADER: str(signed)}


def _rest(refused: urllib.error.HTTPError) -> bytes:
    try:
        return refused.read(_LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise Unreached(str(error)) from error


def plain(told: object) -> str:
    """Another node's words as a database can keep them: without NUL and half characters."""
    return str(told).encode(errors="replace").decode().replace("\0", "")


def _read(status: int, body: bytes, signature: str = "") -> Answer:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreached(f"HTTP {status} without JSON") from None
    if not isinstance(told, dict):
        raise Unreached(f"HTTP {status} without a JSON object")
    return Answer(status, told, body, signature)
