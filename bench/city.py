"""The city that bench.voice measures: the whole product with its exchange as `make run VOICE=1` starts it, people at their pages and
telephones, and callers on the line to the outside."""

import asyncio
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
from websockets.asyncio.client import connect

from bench.seated import HERE, THERE, Page
from bench.talks import CALLER, Talk
from bench.talks import HERE as HERE_SAYS
from bench.talks import THERE as THERE_SAYS
from bench.telephones import Telephones
from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from liandong.ops.readiness import free_port
from tests.ops.node import ENVIRON, OURS, Node
from tests.throwaway import make_home

HOST, OUTSIDE, AT_HERE, AT_THERE = "127.0.0.1", "127.0.0.10", "127.0.0.40", "127.0.0.41"
BARE = "10000"
"""Who rings when the bench itself asks the exchange for a call."""
DIRECT = {"app": "bench", "timeout": 10, "callerId": BARE}


class Running:
    """Use as a context. `shared`: a city that runs already, as (node, port of SIP, port of the line to the outside)."""

    def __init__(self, many: int, shared: tuple[Node, int, int] | None = None) -> None:
        self.many, self.own = many, shared is None
        self.sip, self.outside = shared[1:] if shared else (_free(HOST), _free(OUTSIDE))
        self.environ = {"LIANDONG_SIP": f"{HOST}:{self.sip}", "LIANDONG_TRUNK": f"{OUTSIDE}:{self.outside}"}
        self.node = shared[0] if shared else Node(Home(make_home()).make(), free_port(19500), self.environ)
        self.at: dict[str, Page] = {}
        self.created: dict[str, float] = {}
        """When the exchange last made a channel to an extension, as it told."""
        self.tasks: list[asyncio.Task] = []
        self.bare: asyncio.Future | None = None

    async def __aenter__(self) -> "Running":
        try:
            await self._begin()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _begin(self) -> None:
        if self.own:
            self.node.start("--demo", "--pbx", within=300)
        made = json.loads(self._child("-m", "bench.seated", str(self.many)))
        self._child("-P", "-m", "liandong.ops.command", "pbx", "--reload")
        listed = self._child("-P", "-m", "liandong.ops.command", "pbx", "--phones")
        secrets = dict(line.split("\t")[:2] for line in listed.splitlines())
        server = (HOST, self.sip)
        self.callers = Telephones(OUTSIDE, server, CALLER, self.outside)
        self.here = Telephones(AT_HERE, server, HERE_SAYS, rung=self.rung)
        self.there = Telephones(AT_THERE, server, THERE_SAYS, rung=self.rung)
        first = Page(made[0], self.node.port, 0, self.told)
        _, page = await first.ask("GET", "/desk/")
        live = int(re.search(r'data-live-port="(\d+)"', page)[1])
        for one in made:
            page = self.at[one["extension"]] = Page(one, self.node.port, live, self.told)
            await (self.here if page.desk == HERE else self.there).register(page.extension, secrets[page.extension])
            self.tasks.append(asyncio.create_task(page.listen()))
        self.line = await connect(self._events(), max_size=None, proxy=None, compression=None)
        self.tasks.append(asyncio.create_task(self._hear()))
        await asyncio.sleep(1)

    async def __aexit__(self, *_error: object) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for name in ("callers", "here", "there"):
            if phones := getattr(self, name, None):
                phones.close()
        if hasattr(self, "line"):
            await self.line.close()
        if self.own:
            self.node.__exit__()
        else:
            self._child("-m", "bench.seated", "leave")

    def _child(self, *words: str) -> str:
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        environ = (
            inherited | ENVIRON | self.environ | {"LIANDONG_HOME": str(self.node.home.path), "LIANDONG_MODE": "demo"}
        )
        if words[0] == "-m":
            environ["DJANGO_SETTINGS_MODULE"] = "liandong.config.settings"
        done = subprocess.run([sys.executable, *words], env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout

    def read(self, query: str, *given: object) -> list[tuple]:
        with psycopg.connect(**Cluster(self.node.home).settings(), autocommit=True) as connection:
            return connection.execute(query, given or None).fetchall()

    # the exchange, heard and asked beside the product -----------------------------------------------------------------

    def _events(self) -> str:
        url = (self.node.home.path / "pbx.url").read_text()
        return f"{url}/ari/events?app=bench&subscribeAll=true&api_key=liandong:{self.node.home.secret('exchange')}"

    async def _hear(self) -> None:
        async for text in self.line:
            if '"ChannelCreated"' in text and (name := re.search(r'"name":\s*"PJSIP/(\d+)-', text)):
                self.created[name[1]] = time.perf_counter()

    async def channel_made(self, extension: str, since: float) -> float:
        """When it told of a channel to this extension, at the moment `since` or later."""
        await until(lambda: self.created.get(extension, 0.0) > since)
        return self.created[extension]

    async def ask(self, method: str, path: str, **query: str | int) -> None:
        names = [{"name": name, "value": str(value)} for name, value in query.items()]
        asked = {
            "type": "RESTRequest",
            "transaction_id": "b",
            "request_id": uuid.uuid4().hex,
            "method": method,
            "uri": path,
        }
        await self.line.send(json.dumps(asked | {"query_strings": names}))

    async def rung_by_the_exchange(self) -> float:
        """Seconds until a telephone rings that is asked for by nothing but one command to the exchange."""
        page = next(page for page in self.at.values() if page.desk == THERE)
        self.bare, channel, began = asyncio.get_running_loop().create_future(), uuid.uuid4().hex, time.perf_counter()
        await self.ask("POST", "channels", endpoint=f"PJSIP/{page.extension}", channelId=channel, **DIRECT)
        talk = await asyncio.wait_for(self.bare, 5)
        await self.ask("DELETE", f"channels/{channel}")
        await until(lambda: talk.state == "over")
        return talk.rang_at - began

    def rung(self, talk: Talk) -> None:
        """A telephone rings, or comes up by itself."""
        self.bare.set_result(talk)

    async def told(self, page: Page, matter: str, kind: str) -> None:
        """A page hears of an Event about its seat."""


async def until(condition: Callable[[], Any], within: float = 8.0) -> None:
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(condition.__qualname__)
        await asyncio.sleep(0.01)


def _free(host: str) -> int:
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]
