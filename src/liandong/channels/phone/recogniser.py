"""The door for an outside speech recogniser: `GET /transcripts/`, a WebSocket on the event stream's port. One message in, one
answer out, in order (docs/reference/transcripts.md). A line is kept before it is answered, and then told to the pages."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections
from django.utils import timezone
from websockets.exceptions import ProtocolError
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from liandong.actions import keys, transcripts
from liandong.channels.address import digest, passed_on
from liandong.channels.phone.phones import Phones
from liandong.exchange import relay
from liandong.records.models import Call, Matter
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Say, Unable
from liandong.rules.spoken import Said, said
from liandong.rules.strictly import strict_json
from liandong.words import fault

PATH = "/transcripts/"
LONGEST = 16 * 1024
"""Bytes of one message."""
SILENT = 60.0
"""Seconds after which a recogniser that says nothing is asked whether it is there; gone after as many again."""
AGAIN = {"heard": False, "code": "away", "wait": 2}
"""The answer while the database is away: nothing was kept, the same line is to be sent again."""
GREW = "transcript.grew"

_log = logging.getLogger(__name__)


class Recognisers:
    """All lines of recognisers; the database is spoken to in one thread of its own, so that no page waits for it."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, "transcripts")

    async def serve(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One recogniser's line, until it is over."""
        line = _Line(reader, writer, self._in_thread)
        if await line.greet(head):
            await line.carry()

    async def _in_thread(self, do: Callable, *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, _once, do, *given)

    def close(self) -> None:
        """No more lines; what is being written is finished."""
        self.thread.submit(connections.close_all)
        self.thread.shutdown(wait=True)


def asks(head: str) -> bool:
    """Whether a request is for this door."""
    method, _, rest = head.partition(" ")
    return method == "GET" and rest.split(" ", 1)[0].split("?", 1)[0] == PATH


def _once(do: Callable, *given: Any) -> Any:
    close_old_connections()
    try:
        return do(*given)
    finally:
        close_old_connections()


def secret_of(request: Request) -> str:
    """The key of `Authorization: Bearer ld_…`; "" without one. Never in the address: addresses are written down."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _refused_key(sender: str) -> tuple[int, str]:
    """What a key that is not good is answered; it is counted with the wrong keys that this address tried at the API."""
    if keys.wrong(digest(sender, "api"), at=timezone.now()):
        return 429, "429 Too Many Requests: wrong keys; wait ten minutes\n"
    return 401, "401 Unauthorized: a key with the scope `transcripts`\n"


def known(secret: str) -> Actor | None:
    """Whose key it is, when it is good now and good for this."""
    row = keys.known(secret, at=timezone.now()) if secret else None
    return row.actor if row and transcripts.SCOPE in row.actor.scopes else None


def answer(secret: str, text: str) -> dict[str, Any]:
    """Take one message; whatever it says, there is an answer. The key is asked for again each time: one that was revoked
    is good for nothing from that moment on."""
    name = None
    try:
        message = strict_json(text)
        name = message.get("id") if isinstance(message, dict) and isinstance(message.get("id"), str) else None
        line, at = said(message), timezone.now()
        by = known(secret)
        if by is None:
            raise Forbidden("forbidden.api_key")
        row = transcripts.take(line, _call(line), by=by, at=at)
        _tell(tuple(Matter.objects.filter(contact=row.contact_id).values_list("pk", flat=True)), at)
    except ValueError:
        return _refused(name, Say("invalid.api_json"))
    except Unable as refused:
        return _refused(name, refused.say)
    except (DatabaseError, InterfaceError) as error:
        _log.warning("transcripts: %s", type(error).__name__)
        return {"id": name, **AGAIN}
    return {"id": name, "heard": True}


def _refused(name: str | None, say: Say) -> dict[str, Any]:
    told = fault(say)
    said_of = {key: say.params[key] for key in ("what", "wait") if key in say.params}
    return {
        "id": name,
        "heard": False,
        "code": say.code,
        "title": told.what,
        "detail": f"{told.work}{told.press}",
    } | said_of


def _call(line: Said) -> UUID:
    """The call a line was said in: the one it names, else the talk of the seat at its extension."""
    if line.call:
        return line.call
    seat = Phones().seat(line.extension)
    talk = Call.objects.exclude(state="ended").filter(seats__contains=[seat]).first() if seat else None
    if talk is None:
        raise Conflict("conflict.no_talk")
    return talk.pk


def _tell(matters: tuple[UUID, ...], at: datetime) -> None:
    """The pages of these matters look again; no Event says so, because a line is no act."""
    rows = [(0, matter, GREW, [f"matter:{matter}"], at) for matter in matters]
    with connection.cursor() as cursor:
        for notice in relay.messages(rows):
            cursor.execute("SELECT pg_notify(%s, %s)", [relay.CHANNEL, notice])


class _Line:
    """One recogniser's line."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, thread: Callable[..., Awaitable[Any]]
    ) -> None:
        self.reader, self.writer, self.thread = reader, writer, thread
        self.protocol, self.secret = ServerProtocol(max_size=LONGEST), ""

    async def greet(self, head: bytes) -> bool:
        """Answer the request that opens the line; whether it stands. A key that is not good is refused before anything."""
        self.protocol.receive_data(head)
        for request in self.protocol.events_received():
            self.secret = secret_of(request)
            try:
                good = await self.thread(known, self.secret) is not None
                refused = None if good else await self.thread(_refused_key, self._from(request))
            except (DatabaseError, InterfaceError):
                refused = (503, "the database is away; try again\n")
            reply = self.protocol.reject(*refused) if refused else self.protocol.accept(request)
            self.protocol.send_response(reply)
            self._flush()
            return reply.status_code == 101
        return False

    def _from(self, request: Request) -> str:
        """The address it comes from."""
        peer = self.writer.get_extra_info("peername") or ("",)
        return passed_on(request.headers.get("X-Forwarded-For", ""), str(peer[0]))

    async def carry(self) -> None:
        """Message by message, until either end goes."""
        quiet, parts = False, b""
        while True:
            try:
                data = await asyncio.wait_for(self.reader.read(LONGEST), SILENT)
            except TimeoutError:
                if quiet:
                    return
                quiet = True
                self.protocol.send_ping(b"")
                self._flush()
                continue
            if not data:
                return
            quiet = False
            with contextlib.suppress(ProtocolError):
                self.protocol.receive_data(data)
            for frame in self.protocol.events_received():
                if frame.opcode in (Opcode.TEXT, Opcode.CONT):
                    parts += bytes(frame.data)
                    if frame.fin:
                        told = await self.thread(answer, self.secret, parts.decode(errors="replace"))
                        parts = b""
                        self.protocol.send_text(json.dumps(told, ensure_ascii=False).encode())
                elif frame.opcode is Opcode.BINARY:
                    self.protocol.fail(1003, "text only")
            self._flush()
            await self.writer.drain()
            if self.protocol.close_expected():
                return

    def _flush(self) -> None:
        for data in self.protocol.data_to_send():
            if data:
                self.writer.write(data)
