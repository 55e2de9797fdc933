"""How long `liandong up` takes until every process is ready: the first time, again, and after kill -9 of everything."""

import contextlib
import os
import signal

from bench.row import Row
from liandong.ops.home import Home
from liandong.ops.readiness import free_port
from tests.ops.node import Node
from tests.throwaway import make_home


def start_rows() -> list[Row]:
    with Node(Home(make_home()), free_port(18800)) as node:
        cold = node.start()
        node.stop()
        warm = node.start()
        for pid in node.everybody():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        node.process.wait()
        healed = node.start()
    return [
        Row("start of an empty node (initdb, migrate, packs)", cold, "s", 60.0),
        Row("start again", warm, "s", 10.0),
        Row("start after kill -9 of every process", healed, "s", 10.0),
    ]
