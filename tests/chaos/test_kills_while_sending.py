"""Kill -9 while other systems send matters, many in one commit: what was acknowledged is there exactly once, and whoever was not
answered asks again under the same key and is.

`LIANDONG_CHAOS_ROUNDS` (default 12) says how often; a failure names its seed, to be given by `LIANDONG_CHAOS_SEED`.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import psycopg
import pytest

from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from tests.ops.node import ENVIRON, OURS, Node, port_from
from tests.throwaway import make_home

pytestmark = pytest.mark.chaos

ROUNDS = int(os.environ.get("LIANDONG_CHAOS_ROUNDS", "12"))
SENDERS = 12
PATIENCE = 180.0
"""Seconds for a start: how soon it is well again is asked by test_kills; here the machine may be busy."""
WORDS = ("路灯坏了好几盏，晚上看不见路", "我家楼上有人拿刀砍人，正在打门，救命。", "下水道堵了，污水流到门口")


class Sender(threading.Thread):
    """Sends one matter after the other, each until it is answered; remembers key and number of each."""

    def __init__(self, name: int, port: int, key: str) -> None:
        super().__init__(daemon=True)
        self.number, self.port, self.key = name, port, key
        self.answered: dict[str, str] = {}
        self.refused: list[str] = []
        self.again, self.over = 0, threading.Event()

    def run(self) -> None:
        turn = 0
        while not self.over.is_set():
            turn += 1
            name = f"{self.number}-{turn}"
            body = {
                "text": WORDS[turn % 3],
                "district": "532301",
                "their_id": name,
                "number": f"138{self.number:04d}{turn:04d}",
            }
            while name not in self.answered and not self.over.is_set():
                self.send(name, json.dumps(body).encode())

    def send(self, name: str, body: bytes) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        head = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": name, "Content-Type": "application/json",
                "Host": "localhost", "X-Forwarded-Proto": "https"}  # fmt: skip
        try:
            line.request("POST", "/api/v1/matters", body, head)
            answer = line.getresponse()
            said = answer.read()
            if answer.status == 201:
                self.answered[name] = json.loads(said)["id"]
            elif answer.status < 500:
                self.refused.append(said.decode())
                self.over.set()
            else:
                self.again += 1
        except (OSError, http.client.HTTPException):
            self.again += 1
            time.sleep(0.1)
        finally:
            line.close()


def test_every_acknowledged_matter_is_there_once_whatever_was_killed_while_it_was_written():
    seed = int(os.environ.get("LIANDONG_CHAOS_SEED", random.randrange(10**6)))
    chance, home = random.Random(seed), Home(make_home())
    with Node(home, port_from(18800), {"LIANDONG_BEHIND_TLS_PROXY": "1"}) as node:
        node.start(within=PATIENCE)
        senders = [Sender(n, node.port, key) for n, key in enumerate(_keys(home))]
        for sender in senders:
            sender.start()
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(1.0, 3.0))
            everybody = node.everybody()
            victims = everybody if chance.random() < 0.3 else [chance.choice(everybody)]
            for pid in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if node.process.pid in victims:
                node.process.wait()
                node.start(within=PATIENCE)
        time.sleep(3)
        for sender in senders:
            sender.over.set()
        for sender in senders:
            sender.join(30)
        assert not [said for sender in senders for said in sender.refused], f"seed {seed}"
        answered = {name: pk for sender in senders for name, pk in sender.answered.items()}
        assert len(answered) > ROUNDS, f"seed {seed}"
        _compare(home, answered, seed)


def _compare(home: Home, answered: dict[str, str], seed: int) -> None:
    """By the database, not by asking the program."""
    with _connected(home) as connection:
        kept = connection.execute("SELECT their_id, matter_id::text FROM records_sent").fetchall()
        assert len(kept) == len({name for name, _ in kept}) == len({pk for _, pk in kept}), f"seed {seed}"
        assert answered.items() <= dict(kept).items(), f"seed {seed}"
        [[matters, chained]] = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE e.digest = m.head AND e.seq = m.seq) FROM records_matter m"
            " LEFT JOIN records_event e ON e.stream = 'matter:' || m.id AND e.seq = m.seq"
        ).fetchall()
        assert matters == chained == len(kept), f"seed {seed}"
        [[twice]] = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM records_matter GROUP BY city, year, number HAVING count(*) > 1) AS n"
        ).fetchall()
        [[unasked]] = connection.execute(
            "SELECT count(*) FROM records_matter m WHERE said LIKE '%拿刀%' AND"
            " NOT EXISTS (SELECT FROM records_demand d WHERE d.matter_id = m.id)"
        ).fetchall()
        assert twice == unasked == 0, f"seed {seed}"
    said = subprocess.run([sys.executable, "-m", "liandong.ops.command", "audit", "verify"], env=_environ(home),
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert said.returncode == 0, f"seed {seed}: {said.stdout}{said.stderr}"


def _connected(home: Home, patience: float = 60.0) -> psycopg.Connection:
    """Its server may be starting anew after the last kill."""
    until = time.monotonic() + patience
    while True:
        try:
            return psycopg.connect(**Cluster(home).settings())
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _environ(home: Home) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | ENVIRON | {"LIANDONG_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "liandong.config.settings"}


def _keys(home: Home) -> list[str]:
    words = [sys.executable, "-m", "bench.sent", "make", str(SENDERS)]
    return json.loads(subprocess.run(words, env=_environ(home), capture_output=True, text=True, check=True).stdout)
