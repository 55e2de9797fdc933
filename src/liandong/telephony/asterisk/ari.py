"""Asterisk's REST interface over one WebSocket: requests, their answers and events on one line, connected anew when it
breaks. Requests and events of one connection keep their order."""

import asyncio
import contextlib
import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from liandong.telephony.port import Away

PATIENCE = 5.0
"""Seconds until an answer counts as not coming."""
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds before the next attempt to connect; the last is kept."""

_log = logging.getLogger(__name__)


class Refused(Exception):
    """Asterisk answered with an error: mostly a channel that has hung up meanwhile (404, 409)."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status} {words}")
        self.status = status


class Ari:
    """One application of one Asterisk. `connected` runs at each new connection, beside the events, which go to `hear`."""

    def __init__(self, url: str, user: str, password: str, app: str, hear: Callable[[dict], None],
                 connected: Callable[[], Awaitable[None]]) -> None:  # fmt: skip
        query = urlencode({"app": app, "api_key": f"{user}:{password}", "subscribeAll": "true"})
        self.url, self.app = f"{url}/ari/events?{query}", app
        self.hear, self.connected = hear, connected
        self.line: ClientConnection | None = None
        self.waiting: dict[str, asyncio.Future] = {}
        self.failed = 0  # attempts since what is there was last found

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with connect(self.url, max_size=None, ping_interval=10, ping_timeout=10, close_timeout=1, proxy=None,
                                   compression=None) as self.line:  # fmt: skip
                    await self._listen(self.line)
            except (OSError, WebSocketException) as error:
                if self.failed == 0:
                    _log.warning("the exchange is away: %s", type(error).__name__)
            except (ValueError, LookupError, TypeError, AttributeError):
                _log.exception("what the exchange said")  # what it meant is lost: found anew on a new line
            self._lost()
            await asyncio.sleep(PAUSES[min(self.failed, len(PAUSES) - 1)])
            self.failed += 1

    async def _listen(self, line: ClientConnection) -> None:
        begun = asyncio.create_task(self._find(line))
        try:
            async for text in line:
                said = json.loads(text)
                if said.get("type") == "RESTResponse":
                    answer = self.waiting.pop(said["request_id"], None)
                    if answer is not None and not answer.done():
                        answer.set_result(said)
                else:
                    self.hear(said)
        finally:
            begun.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await begun

    async def _find(self, line: ClientConnection) -> None:
        """What is there; when it changed under our hands, once more from the beginning, on a new line."""
        try:
            await self.connected()
            self.failed = 0
        except (Away, Refused) as error:
            _log.info("looking again: %s", error)
            await line.close()
        except Exception:
            _log.exception("what the exchange carries")
            await line.close()

    def _lost(self) -> None:
        self.line = None
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(Away("connection lost"))
        self.waiting.clear()

    async def ask(self, method: str, path: str, body: dict | None = None, **query: str | int) -> dict | list | None:
        """The answer's JSON. Raises Refused when Asterisk says no, Away when it says nothing."""
        if self.line is None:
            raise Away("not connected")
        key = uuid.uuid4().hex
        asked = {"type": "RESTRequest", "transaction_id": key, "request_id": key, "method": method, "uri": path,
                 "query_strings": [{"name": name, "value": str(value)} for name, value in query.items()]}  # fmt: skip
        if body is not None:
            asked |= {"content_type": "application/json", "message_body": json.dumps(body)}
        answer = self.waiting[key] = asyncio.get_running_loop().create_future()
        try:
            await self.line.send(json.dumps(asked))
            said = await asyncio.wait_for(answer, PATIENCE)
        except (OSError, WebSocketException) as error:
            raise Away(type(error).__name__) from error
        finally:
            self.waiting.pop(key, None)
        if said["status_code"] >= 300:
            raise Refused(said["status_code"], f"{method} {path}: {said.get('message_body') or said['reason_phrase']}")
        return json.loads(said["message_body"]) if said.get("message_body") else None

    async def get(self, path: str, **query: str | int):
        return await self.ask("GET", path, **query)

    async def post(self, path: str, body: dict | None = None, **query: str | int):
        return await self.ask("POST", path, body, **query)

    async def delete(self, path: str, **query: str | int):
        return await self.ask("DELETE", path, **query)
