"""What stands between two nodes and means harm: it takes each posted message whole, and a mood says how it goes on from there."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE = 20.0
"""Seconds for one answer of the node behind."""
Spoil = Callable[[bytes], bytes]


@dataclass
class Way:
    """How one message goes. `times` it reaches the node, after `waits` seconds; the answer to the last comes back if `answered`.
    `late`: one more copy comes after so many seconds, when nobody expects it. What `spoils` and `spoils_answer` give stands in the
    place of the body, under the length that was announced."""

    times: int = 1
    waits: float = 0.0
    answered: bool = True
    late: float | None = None
    spoils: Spoil | None = None
    spoils_answer: Spoil | None = None


Mood = Callable[[bytes], Way]


def fair(_: bytes) -> Way:
    """The network on a good day."""
    return Way()


class Proxy:
    """The way to one node, on a port of its own; a thread of its own carries all."""

    def __init__(self, to: int) -> None:
        self.to, self.mood = to, fair
        self.loop = asyncio.new_event_loop()
        self._late: set[asyncio.Task] = set()
        self.thread = threading.Thread(target=self.loop.run_forever, name=f"proxy-{to}", daemon=True)
        self.thread.start()
        starts = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.server = asyncio.run_coroutine_threadsafe(starts, self.loop).result(10)
        self.port = self.server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    async def _end(self) -> None:
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError, TimeoutError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One message; False when the sender's connection ends with it."""
        head, body = await _whole(reader)
        way = self.mood(body)
        await asyncio.sleep(way.waits)
        answer = None
        for _ in range(way.times):
            answer = await self._deliver(head, way.spoils(body) if way.spoils else body)
        if way.late is not None:
            task = asyncio.ensure_future(self._deliver_late(way.late, head, body))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        if answer is None or not way.answered:
            return False
        told, said = answer
        spoiled = way.spoils_answer(said) if way.spoils_answer else said
        writer.write(told + spoiled)
        await writer.drain()
        return len(spoiled) == len(said)

    async def _deliver_late(self, after: float, head: bytes, body: bytes) -> None:
        await asyncio.sleep(after)
        with contextlib.suppress(OSError, EOFError, TimeoutError):
            await self._deliver(head, body)

    async def _deliver(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.to)
            try:
                writer.write(head + body)
                if len(body) < _length(head):
                    writer.write_eof()
                return await _whole(reader)
            finally:
                writer.close()


async def _whole(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of a request or an answer; a body that comes in chunks goes on under its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return head, await reader.readexactly(_length(head))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return re.sub(rb"(?i)transfer-encoding: chunked", b"Content-Length: %d" % len(body), head), body


def _length(head: bytes) -> int:
    found = re.search(rb"(?i)content-length: (\d+)", head)
    return int(found[1]) if found else 0
