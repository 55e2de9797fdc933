"""What befalls one city beside what befalls two organisations: a database that stands still now and then, processes that get no
more memory, and clocks of one process alone."""

import contextlib
import os
import random
import resource
import signal
import threading
from pathlib import Path

from tests.chaos import faults
from tests.chaos.city import City
from tests.ops.node import children

ROLES = ("web", "worker", "live", "switch", "database")
MB = 1 << 20


def _backends(city: City) -> list[int]:
    pid = city.hotline.node.pids().get("postgres", 0)
    with contextlib.suppress(OSError):
        return children(pid) if pid else []
    return []


def slow_database(city: City, dice: random.Random, over: threading.Event) -> None:
    """Some or all of the database's processes stand still for up to three seconds, as on a disk that does not answer."""
    while not over.wait(dice.uniform(0.2, 2)):
        still = [pid for pid in _backends(city) if dice.random() < dice.choice((0.3, 1.0))]
        for pid in still:
            _signal(pid, signal.SIGSTOP)
        over.wait(dice.uniform(0.1, 3))
        for pid in still:
            _signal(pid, signal.SIGCONT)


def _signal(pid: int, sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sign)


def no_memory(city: City, dice: random.Random, over: threading.Event) -> None:
    """One process, of ours or of the database, may take no byte more than it has for some seconds; then it may again. Not the
    one that starts the others: it asks for nothing while it waits."""
    while not over.wait(dice.uniform(0.5, 3)):
        ours = city.hotline.node.everybody()
        pids = [pid for pid in [*ours, *_backends(city)] if pid != city.hotline.node.process.pid]
        pid = dice.choice(pids)
        with contextlib.suppress(OSError, ProcessLookupError, ValueError):
            taken = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
            most = resource.prlimit(
                pid, resource.RLIMIT_AS, (taken + dice.choice((0, 1, 8)) * MB, resource.RLIM_INFINITY)
            )
            over.wait(dice.uniform(0.5, 4))
            resource.prlimit(pid, resource.RLIMIT_AS, most)


def clock_steps(city: City, dice: random.Random, over: threading.Event) -> None:
    """The worker's clock, the database's or another's jumps to and fro, by itself or with all the others'."""
    side = city.hotline
    while not over.wait(dice.uniform(1, 6)):
        seconds = dice.randint(-1200, 1200) if dice.random() < 0.15 else dice.randint(-140, 140)
        for role in ROLES if dice.random() < 0.3 else (dice.choice(("worker", "database", *ROLES)),):
            faults.set_clock(side, seconds, role)
    for role in ROLES:
        faults.set_clock(side, 0, role)


FAULTS = {
    "kills": faults.kills,
    "database_restarts": faults.database_restarts,
    "slow_database": slow_database,
    "no_memory": no_memory,
    "clock_steps": clock_steps,
    "full_disk": faults.full_disk,
}
BEFORE = {"clock_steps": faults.own_clocks, "full_disk": faults.small_disks}
AFTER = {"full_disk": faults.off_small_disks}
"""What has to be made ready before people begin, and taken away after them."""
