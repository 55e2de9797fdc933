"""Asterisk behind the port: an event loop in a thread of its own, and the port's commands handed to it one by one."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from liandong.telephony import port
from liandong.telephony.asterisk.ari import Ari, Refused
from liandong.telephony.asterisk.board import Board
from liandong.telephony.asterisk.commands import Commands
from liandong.telephony.asterisk.events import Events
from liandong.telephony.asterisk.found import find
from liandong.telephony.asterisk.recordings import Recordings
from liandong.telephony.port import Event, Talk

APP = "liandong"
PATIENCE = 12.0
"""Seconds a command may take before the exchange counts as away."""

_log = logging.getLogger(__name__)


class Asterisk:
    """Satisfies telephony.port.Exchange. `url` of its HTTP server (ws://127.0.0.1:8088), a user of its REST interface,
    `city` of its lines, `trunk` as its configuration names the way out."""

    def __init__(self, url: str, user: str, password: str, city: str, trunk: str = "carrier") -> None:
        self.loop = asyncio.new_event_loop()
        self.known = threading.Event()
        self.thread = threading.Thread(target=self.loop.run_forever, name="asterisk", daemon=True)
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self._begin(url, user, password, city, trunk), self.loop).result(PATIENCE)

    async def _begin(self, url: str, user: str, password: str, city: str, trunk: str) -> None:
        self.board = Board(trunk)
        self.recordings = Recordings(self.board, url, user, password)
        self.commands, self.handling = Commands(self.board), Events(self.board, self.recordings, city)
        self.heard: asyncio.Queue[dict] = asyncio.Queue()
        self.board.ari = Ari(url, user, password, APP, self.heard.put_nowait, self._connected)
        self.running = [asyncio.create_task(self.board.ari.run()), asyncio.create_task(self._act())]

    async def _connected(self) -> None:
        """Events that arrive meanwhile wait for the turn to be over: they are about what is found, or later."""
        async with self.board.turn:
            await find(self.board, self.handling)
            await self.recordings.find()
            self.known.set()

    async def _act(self) -> None:
        while True:
            said = await self.heard.get()
            async with self.board.turn:
                try:
                    await self.handling.handle(said)
                except (Refused, port.Away) as error:
                    _log.info("%s: %s", said.get("type"), error)
                except Exception:
                    _log.exception("event %s", said.get("type"))

    def _do(self, command, *words) -> None:
        async def in_turn() -> None:
            async with self.board.turn:
                if not self.here():
                    raise port.Away("the exchange does not answer")
                await command(*words)

        if self.loop.is_closed():
            raise port.Away("let go")
        waiting = asyncio.run_coroutine_threadsafe(in_turn(), self.loop)
        try:
            waiting.result(PATIENCE)
        except TimeoutError:
            waiting.cancel()
            raise port.Away("no answer in time") from None
        except Refused as error:
            _log.info("%s", error)  # the phone or person hung up meanwhile; that is told by itself

    def ring(self, call: UUID, extension: str, seconds: float) -> None:
        self._do(self.commands.ring, call, extension, seconds)

    def stop_ringing(self, call: UUID, extension: str) -> None:
        self._do(self.commands.stop_ringing, call, extension)

    def join(self, call: UUID, extension: str) -> None:
        self._do(self.commands.join, call, extension)

    def leave(self, call: UUID, extension: str) -> None:
        self._do(self.commands.leave, call, extension)

    def listen(self, call: UUID, extension: str) -> None:
        self._do(self.commands.listen, call, extension)

    def refuse(self, call: UUID, extension: str) -> None:
        self._do(self.commands.refuse, call, extension)

    def hold(self, call: UUID) -> None:
        self._do(self.commands.hold, call)

    def unhold(self, call: UUID) -> None:
        self._do(self.commands.unhold, call)

    def mute(self, call: UUID, extension: str) -> None:
        self._do(self.commands.mute, call, extension)

    def unmute(self, call: UUID, extension: str) -> None:
        self._do(self.commands.unmute, call, extension)

    def dial_out(self, call: UUID, number: str, extension: str, seconds: float) -> None:
        self._do(self.commands.dial_out, call, number, extension, seconds)

    def hang_up(self, call: UUID, by: str = "switch") -> None:
        self._do(self.commands.hang_up, call, by)

    def say(self, call: UUID, sounds: Sequence[Path]) -> None:
        self._do(self.commands.say, call, sounds)

    def hush(self, call: UUID) -> None:
        self._do(self.commands.hush, call)

    def record(self, call: UUID, recording: UUID) -> None:
        self._do(self.recordings.record, call, recording)

    def stop_recording(self, call: UUID, recording: UUID) -> None:
        self._do(self.recordings.stop, call, recording)

    def recording(self, call: UUID, recording: UUID) -> Iterator[bytes]:
        self._do(self.recordings.over, call, recording)
        return self.recordings.fetch(call, recording)

    def forget_recording(self, call: UUID, recording: UUID) -> None:
        self._do(self.recordings.forget, call, recording)

    def talk(self, call: UUID) -> Talk:
        return self._see(lambda: self.board.of(call).talk())

    def talks(self) -> tuple[Talk, ...]:
        return self._see(lambda: tuple(call.talk() for call in self.board.calls.values()))

    def _see(self, look):
        """As the calls stand between two turns; while the exchange is away, and once it is let go, as they last stood."""
        if not self.known.is_set():
            raise port.Away("not heard of yet")
        if self.loop.is_closed():
            return look()

        async def in_turn():
            async with self.board.turn:
                return look()

        try:
            return asyncio.run_coroutine_threadsafe(in_turn(), self.loop).result(PATIENCE)
        except TimeoutError:
            raise port.Away("no answer in time") from None

    def events(self) -> list[Event]:
        told = []
        with contextlib.suppress(IndexError):
            while True:
                told.append(self.board.told.popleft())
        return told

    def here(self) -> bool:
        return self.known.is_set() and self.board.ari.line is not None and not self.loop.is_closed()

    def close(self) -> None:
        """Disconnect; Asterisk keeps the calls."""
        if self.loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()

    async def _end(self) -> None:
        for task in self.running:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.board.close()
