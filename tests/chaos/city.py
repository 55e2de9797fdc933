"""One city on one node, as `liandong up` runs it: its 12345, its 110 and one of its units, each with people and systems of their own."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

from liandong.ops.home import Home
from liandong.ops.readiness import answers_http
from tests.chaos.organisations import STARTED, Side
from tests.ops.node import Node, port_from
from tests.throwaway import make_home

UNIT = "SELECT code FROM records_unit WHERE city = '532300' ORDER BY code LIMIT 1"
WHOLE = ("web", "live", "worker", "switch")


@dataclass
class City:
    """The three places where somebody acts; they share `hotline.node`."""

    hotline: Side
    police: Side
    unit: Side

    @property
    def sides(self) -> tuple[Side]:
        """What a fault befalls: there is one node."""
        return (self.hotline,)

    def heal(self) -> None:
        """Nothing lies between the places that could be mended."""

    def stop(self) -> None:
        """As an administrator stops it."""
        for place in (self.hotline, self.police, self.unit):
            place.hang_up()
        self.hotline.node.stop()

    def start(self) -> None:
        self.hotline.start()

    def healthy(self, within: float) -> float:
        """Seconds until every process runs and the pages answer; infinite when that takes longer than `within`."""
        began, node = time.monotonic(), self.hotline.node
        while time.monotonic() - began < within:
            running = node.pids()
            if all(any(name.startswith(one) for name in running) for one in WHOLE) and answers_http(node.port)():
                return time.monotonic() - began
            time.sleep(0.1)
        return float("inf")


@contextlib.contextmanager
def city_running(first_port: int = 19400, url: str = "", beside: int = 0) -> Iterator[City]:
    """The demo city with hands at 12345, at the 110 of one county and in one unit; stopped at the end. With `url` on that database,
    and then by so many nodes `beside` the first."""
    environ = {"LIANDONG_NODE": "city.chaos"} | ({"DATABASE_URL": url} if url else {})
    node, *others = [Node(Home(make_home()), port_from(first_port + 10 * n), environ) for n in range(1 + beside)]
    name = "city.chaos"
    hotline = Side("12345", name, "12345:532300", (), node)
    police = Side("110", name, "110:532301", (), node)
    unit = Side("unit", name, "", (), node)
    with contextlib.ExitStack() as running:
        for one in (node, *others):
            running.enter_context(one)
            one.start("--demo", within=STARTED)
        for place in (hotline, police, unit):
            place.url, place.beside = url, tuple(others)
        unit.desk = f"unit:{hotline.read(UNIT)[0][0]}"
        for place in (hotline, police, unit):
            place.people()
        yield City(hotline, police, unit)
        for place in (hotline, police, unit):
            place.hang_up()
