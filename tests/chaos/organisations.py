"""Two organisations as they run: a node each with its own home, PostgreSQL, pages, worker and live process; between them nothing
but two proxies, one each way."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg

from liandong.ops.home import Home
from liandong.ops.pair import desks_of
from liandong.ops.postgres import Cluster
from tests.chaos.proxy import Proxy, fair
from tests.exchange.test_two_nodes import typed
from tests.ops.node import ENVIRON, OURS, Node, port_from
from tests.throwaway import make_home

HANDS = 8
"""People and systems at each desk."""
STARTED = 300.0


@dataclass
class Side:
    """One organisation, or one place in a city. `way` is what others' messages to it go through; `keys` and `sessions` are of its
    `desk`, `hand` is the work number of somebody there. `beside`: further nodes that serve the same; `url`: their database, when it
    is not the node's own."""

    platform: str
    name: str
    desk: str
    desks: tuple[str, ...]
    node: Node
    way: Proxy | None = None
    keys: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    hand: str = ""
    beside: tuple[Node, ...] = ()
    url: str = ""
    free: list[psycopg.Connection] = field(default_factory=list)

    def start(self) -> None:
        self.node.start("--demo", within=STARTED)

    def people(self) -> None:
        """Hands for this place: systems with a key, people with a sign-in."""
        made = json.loads(child(self, "tests.chaos.people", self.desk, str(HANDS)))
        self.keys, self.sessions, self.hand = made["keys"], made["sessions"], made["hand"]

    def read(self, query: str, *given: object) -> list[tuple]:
        """What its database says; asked again while that is away. Connections are kept: a new one for each of a hundred looks a
        second would take a core from the nodes that are looked at."""
        until = time.monotonic() + 120
        while True:
            try:
                connection = self._connection()
                try:
                    found = connection.execute(query, given or None).fetchall()
                except BaseException:
                    connection.close()
                    raise
                self.free.append(connection)
                return found
            except psycopg.Error:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def _connection(self) -> psycopg.Connection:
        with contextlib.suppress(IndexError):
            return self.free.pop()
        own = {} if self.url else Cluster(self.node.home).settings()
        return psycopg.connect(self.url, **own, connect_timeout=5, autocommit=True)

    def hang_up(self) -> None:
        while self.free:
            self.free.pop().close()


@dataclass
class Both:
    """The hotline gives, the police take, and now and then the other way."""

    hotline: Side
    police: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.hotline, self.police

    def other(self, side: Side) -> Side:
        return self.police if side is self.hotline else self.hotline

    def heal(self) -> None:
        """The network is fair from now on."""
        for side in self.sides:
            side.way.mood = fair

    def stop(self) -> None:
        """Both, as an administrator stops them."""
        for side in self.sides:
            side.hang_up()
            side.node.stop()

    def start(self) -> None:
        """Both at once."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(Side.start, self.sides))


@contextlib.contextmanager
def both_running(first_port: int = 19200, *, between: bool = True) -> Iterator[Both]:
    """Both, linked through the proxies (or with nothing `between`), people at their desks."""
    hotline = side_of("12345", "hotline.chaos", "12345:532300", desks_of("12345", "duty"), port_from(first_port))
    police = side_of("110", "police.chaos", "110:532301", desks_of("110"), port_from(first_port + 20))
    both = Both(hotline, police)
    with hotline.node, police.node:
        both.start()
        for side in both.sides:
            side.way = Proxy(side.node.port) if between else None
        secret = "".join(random.choices("0123456789abcdef", k=64))
        for side in both.sides:
            link(side, both.other(side), secret)
            side.people()
        try:
            yield both
        finally:
            for side in both.sides:
                side.hang_up()
                if side.way:
                    side.way.stop()


def side_of(platform: str, name: str, desk: str, desks: tuple[str, ...], port: int) -> Side:
    """One organisation that is not started yet, in a home of its own."""
    environ = {"LIANDONG_NODE": name, "LIANDONG_DEMO_SIDE": platform}
    return Side(platform, name, desk, desks, Node(Home(make_home()), port, environ))


def link(here: Side, there: Side, secret: str) -> None:
    """`here` knows `there`: its address, their key, its desks."""
    port = there.way.port if there.way else there.node.port
    url, by = f"http://localhost:{port}/exchange/v1/messages", ("--by", "8001")
    for words, given in (
        (("add", there.name, "--name", there.name, "--url", url, *by), ""),
        (("key", there.name, "--key", "k1", "--take", *by), secret),
        (("desks", there.name, *there.desks, *by), ""),
    ):
        status, said = typed(here.node, here.name, *words, given=given)
        assert status == 0, said


def child(side: Side, module: str, *words: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    environ = kept | ENVIRON | side.node.environ | {"LIANDONG_HOME": str(side.node.home.path), "LIANDONG_MODE": "demo",
                                                    "DJANGO_SETTINGS_MODULE": "liandong.config.settings"}  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", module, *words], env=environ, capture_output=True, text=True, check=True
    ).stdout
