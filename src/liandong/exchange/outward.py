"""One POST to an address that another system chose: never to a machine or network that is not meant, and never for long.

The name is looked up once; every address it stands for must be allowed, and the connection goes to one of those that were
looked at, so that a second answer of the name server changes nothing. No redirect is followed, no proxy of the environment is
used, and nothing that comes back is kept but its status: a page of an inner system must not be read in this way."""

import contextlib
import functools
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from liandong.rules import webhooks

PATIENCE, WHOLE = 10.0, 20.0
"""Seconds for each step of one try, and for all of it."""
CALLED = "liandong-webhooks/1"


class Unsent(Exception):
    """Nobody answered, or nobody may be asked there. `reason` is a code: address, unreached."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status, and the seconds after which the other side asks to be tried again (0: it does not say)."""

    status: int
    retry_after: int


Post = Callable[[str, bytes, dict[str, str], Iterable[str]], Answer]


class _Plain(http.client.HTTPConnection):
    """A connection to the first of the addresses looked at that answers, under the name it was asked by."""

    addresses: tuple[str, ...] = ()

    def connect(self) -> None:
        *others, last = self.addresses
        for address in others:
            with contextlib.suppress(OSError):
                self.sock = socket.create_connection((address, self.port), self.timeout)
                return
        self.sock = socket.create_connection((last, self.port), self.timeout)


class _Sealed(_Plain):
    """The same through TLS, whose certificate must be of that name."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host)


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(url: str, body: bytes, headers: dict[str, str], inside: Iterable[str]) -> Answer:
    """Post the bytes once. Raises Unsent."""
    where = urlsplit(url)
    host, port = where.hostname or "", where.port or (443 if where.scheme == "https" else 80)
    connection = (_Sealed if where.scheme == "https" else _Plain)(host, port, timeout=PATIENCE)
    connection.addresses = _looked_up(host, port, inside)
    late = threading.Timer(WHOLE, _cut, [connection])
    late.daemon = True
    late.start()
    try:
        head = {"Content-Type": "application/json", "User-Agent": CALLED, "Connection": "close"} | headers
        target = (where.path or "/") + (f"?{where.query}" if where.query else "")
        connection.request("POST", target, body, head)
        with connection.getresponse() as answer:
            told = answer.headers.get("Retry-After", "")
            return Answer(answer.status, int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0)
    except (OSError, http.client.HTTPException, AttributeError, ValueError) as error:  # these two of one cut off
        raise Unsent("unreached", str(error) or type(error).__name__) from error
    finally:
        late.cancel()
        connection.close()


def _looked_up(host: str, port: int, inside: Iterable[str]) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unsent("unreached", str(error)) from error
    addresses = tuple(dict.fromkeys(str(row[4][0]) for row in found))
    for address in addresses:
        if not webhooks.reachable(address, host, inside):
            raise Unsent("address", address)
    return addresses


def _cut(connection: http.client.HTTPConnection) -> None:
    """Somebody who answers a letter a second holds a thread for hours: not longer than WHOLE."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # it is over already
        connection.sock.shutdown(socket.SHUT_RDWR)
