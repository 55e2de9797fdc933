"""How long `liandong up` takes until every process is ready: the first time, again, and after kill -9 of everything; and
what each holds in memory then, its share of what it shares counted once (PSS)."""

import contextlib
import os
import signal
from pathlib import Path

from bench.row import Row
from liandong.ops.home import Home
from liandong.ops.readiness import free_port
from tests.ops.node import Node, children
from tests.throwaway import make_home


def start_rows() -> list[Row]:
    with Node(Home(make_home()), free_port(18800)) as node:
        cold = node.start()
        node.stop()
        warm = node.start()
        held = {name: sum(map(_megabytes, _with_children(pid))) for name, pid in node.pids().items()}
        for pid in node.everybody():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        node.process.wait()
        healed = node.start()
    return [
        Row("start of an empty node (initdb, migrate, packs)", cold, "s", 60.0),
        Row("start again", warm, "s", 10.0),
        Row("start after kill -9 of every process", healed, "s", 10.0),
        *(Row(f"memory of {name}, started", much, "MB") for name, much in sorted(held.items())),
    ]


def _with_children(pid: int) -> list[int]:
    return [pid, *(below for child in children(pid) for below in _with_children(child))]


def _megabytes(pid: int) -> float:
    with contextlib.suppress(OSError):  # gone meanwhile
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    return 0.0
