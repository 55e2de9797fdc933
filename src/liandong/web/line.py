"""The way of a page's telephone to the exchange: `GET /phone/?ticket=…`, a WebSocket that speaks SIP (RFC 7118).

Asterisk takes such phones from this process alone, and this process takes only what its ticket is for: who sits at seat 07
cannot speak as seat 08, whatever the page says. A seat has one line; a newer page takes it from an older one. Both
ends give a sign of life, so that a dead line is known within seconds and not when a call should ring.
"""

import asyncio
import contextlib
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.frames import Opcode
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from liandong.web import sip, tickets

SIP = Subprotocol("sip")
ALIVE = "\r\n"
"""A frame that is no message: asks the page whether it is there (RFC 5626 knows it as a keep-alive)."""
EVERY, SILENT = 4.0, 12.0
"""Seconds between two signs of life, and until a page that gives none counts as gone."""
LONGEST = 64 * 1024
"""Bytes of one message; a session description has some 3,000."""
TAKEN, AWAY, FOREIGN = 4001, 4002, 4003
"""Why a line is closed: a newer page has it; the exchange does not answer; what was said is not of this seat."""
MOST_CALLS = 300
"""Calls of one phone that are remembered; a shift has some dozens."""


class Line:
    """One page's line. `user` is whose phone it is; `calls` are that phone's, on this line and the ones before it."""

    def __init__(
        self, user: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, calls: dict[str, None]
    ) -> None:
        self.user, self.reader, self.writer, self.calls = user, reader, writer, calls
        self.page = ServerProtocol(subprotocols=[SIP], max_size=LONGEST)
        self.heard = asyncio.get_running_loop().time()

    def close(self, code: int) -> None:
        with contextlib.suppress(Exception):  # closed by the other end in the same moment
            self.page.send_close(code)
        self._flush()

    def say(self, text: str) -> None:
        self.page.send_text(text.encode())
        self._flush()

    def _flush(self) -> None:
        for data in self.page.data_to_send():
            if data:
                self.writer.write(data)
            elif self.writer.can_write_eof():
                self.writer.write_eof()

    def greet(self, head: bytes) -> bool:
        """Answer the request that opens the line; whether it did."""
        self.page.receive_data(head)
        for request in self.page.events_received():
            answer = self.page.accept(request)
            self.page.send_response(answer)
            self._flush()
            return answer.status_code == 101
        return False

    async def carry(self) -> None:
        """Until either end goes."""
        try:
            async with connect(f"{settings.ARI_URL}/ws", subprotocols=[SIP], proxy=None, compression=None, open_timeout=5,
                               max_size=LONGEST, ping_interval=None, close_timeout=1) as exchange:  # fmt: skip
                ways = [asyncio.create_task(way) for way in (self._in(exchange), self._out(exchange), self._watch())]
                try:
                    done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                    self.close(next(iter(done)).result())
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed):
            self.close(AWAY)

    async def _out(self, exchange: ClientConnection) -> int:
        """From the page to the exchange."""
        while data := await self.reader.read(LONGEST):
            self.heard = asyncio.get_running_loop().time()
            self.page.receive_data(data)
            self._flush()
            for frame in self.page.events_received():
                if frame.opcode in (Opcode.PING, Opcode.PONG):
                    continue
                if frame.opcode is not Opcode.TEXT or not frame.fin:
                    return FOREIGN
                text = bytes(frame.data).decode(errors="replace").lstrip("\r\n")
                if not text.strip():
                    continue
                if sip.is_of(self.user, text, self.calls):
                    await exchange.send(text)
                elif not sip.is_within(text):
                    return FOREIGN
        return AWAY

    async def _in(self, exchange: ClientConnection) -> int:
        """From the exchange to the page."""
        async for text in exchange:
            text = text if isinstance(text, str) else text.decode(errors="replace")
            self._remember(sip.call_of(text))
            self.say(text)
            await self.writer.drain()
        return AWAY

    def _remember(self, call: str) -> None:
        if call:
            self.calls.pop(call, None)
            self.calls[call] = None
            if len(self.calls) > MOST_CALLS:
                del self.calls[next(iter(self.calls))]

    async def _watch(self) -> int:
        while asyncio.get_running_loop().time() - self.heard < SILENT:
            await asyncio.sleep(EVERY)
            self.say(ALIVE)
        return AWAY


def allow(said: dict[str, str], host: str) -> list[str]:
    """The page may read us from the web port of the same host; from nowhere else. The ticket is in the address, so no
    cookies are asked for."""
    origin = said.get("origin", "")
    try:
        page = urlsplit(origin)
        ours = (page.hostname or "") == host.strip("[]") and page.port == settings.WEB_PORT
    except ValueError:
        ours = False
    return [f"Access-Control-Allow-Origin: {origin}", "Vary: Origin"] if ours else []


def caller_of(head: str) -> str:
    """Whose telephone asks for its line; empty for any other request, and for one that is not of our pages."""
    request, *lines = head.rstrip("\r\n").split("\r\n")
    method, _, rest = request.partition(" ")
    target = urlsplit(rest.rpartition(" ")[0])
    if method != "GET" or target.path != "/phone/" or not settings.ARI_URL:
        return ""
    said = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    host, _ = split_domain_port(said.get("host", ""))
    ours = validate_host(host, settings.ALLOWED_HOSTS) and (settings.PRODUCTION or allow(said, host))
    return tickets.line_of(parse_qs(target.query).get("ticket", [""])[0]) if ours else ""


class Lines:
    """The lines that are open, one a phone."""

    def __init__(self) -> None:
        self.open: dict[str, Line] = {}
        self.calls: dict[str, dict[str, None]] = {}

    async def serve(self, user: str, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One page's line, until it is over."""
        line = Line(user, reader, writer, self.calls.setdefault(user, {}))
        if not line.greet(head):
            return
        if older := self.open.pop(user, None):
            older.close(TAKEN)
            older.writer.close()
        self.open[user] = line
        try:
            await line.carry()
            await writer.drain()
        finally:
            if self.open.get(user) is line:
                del self.open[user]
