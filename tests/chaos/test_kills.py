"""Kill -9 at random, of one process or of all, while rows are written: every acknowledged row is there afterwards.

`LIANDONG_CHAOS_ROUNDS` (default 12) says how often; a failure names its seed, to be given by `LIANDONG_CHAOS_SEED`.
"""

import contextlib
import os
import random
import signal
import threading
import time

import psycopg
import pytest

from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from liandong.ops.readiness import answers_http, free_port
from tests.ops.node import Node
from tests.throwaway import make_home

pytestmark = pytest.mark.chaos

ROUNDS = int(os.environ.get("LIANDONG_CHAOS_ROUNDS", "12"))


class Writer(threading.Thread):
    """Writes numbers one by one and remembers those the database acknowledged."""

    def __init__(self, settings: dict):
        super().__init__(daemon=True)
        self.settings, self.acknowledged, self.over = settings, [], threading.Event()

    def run(self) -> None:
        number = 0
        while not self.over.is_set():
            with (
                contextlib.suppress(psycopg.Error),
                psycopg.connect(**self.settings, autocommit=True, connect_timeout=2) as connection,
            ):
                while not self.over.is_set():
                    number += 1
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                    self.acknowledged.append(number)
            time.sleep(0.05)


def test_every_acknowledged_row_survives_and_every_start_is_healthy_within_ten_seconds():
    seed = int(os.environ.get("LIANDONG_CHAOS_SEED", random.randrange(10**6)))
    chance = random.Random(seed)
    home = Home(make_home())
    with Node(home, free_port(18700)) as node:
        node.start()
        settings = Cluster(home).settings()
        with psycopg.connect(**settings, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n bigint)")
        writer = Writer(settings)
        writer.start()
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(0.2, 1.5))
            everybody = node.everybody()
            victims = everybody if chance.random() < 0.4 else [chance.choice(everybody)]
            for pid in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if node.process.pid in victims:
                node.process.wait()
                assert node.start() < 10, f"seed {seed}"
            began = time.monotonic()
            while not answers_http(node.port)():
                assert time.monotonic() - began < 10, f"seed {seed}"
                time.sleep(0.05)
        writer.over.set()
        writer.join(10)
        with psycopg.connect(**settings) as connection:
            kept = {row[0] for row in connection.execute("SELECT n FROM kept")}
        assert len(writer.acknowledged) > ROUNDS
        assert set(writer.acknowledged) - kept == set(), f"seed {seed}"
