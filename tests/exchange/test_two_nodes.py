"""Two whole nodes as two organisations run them: own homes, own databases, own processes; only HTTP between them."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import psycopg
import pytest

from liandong.exchange import https
from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from liandong.ops.readiness import answers_http
from liandong.rules import exchange
from tests.ops.node import ENVIRON, Node, port_from
from tests.throwaway import make_home

pytestmark = pytest.mark.slow
HOTLINE, POLICE = "hotline.a", "police.b"


def typed(node: Node, name: str, *words: str, given: str = "") -> tuple[int, str]:
    """`liandong exchange …` as the administrator of that node types it."""
    environ = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    environ |= ENVIRON | {"LIANDONG_MODE": "demo", "LIANDONG_HOME": str(node.home.path), "LIANDONG_NODE": name}
    done = subprocess.run([sys.executable, "-P", "-m", "liandong.ops.command", "exchange", *words], env=environ, input=given,
                          capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def inbox(node: Node) -> list[tuple]:
    with psycopg.connect(**Cluster(node.home).settings()) as connection:
        return connection.execute("SELECT message_id, digest, refused FROM records_inboxmessage ORDER BY id").fetchall()


def address(node: Node) -> str:
    return f"http://localhost:{node.port}/exchange/v1/messages"


@pytest.fixture
def nodes(monkeypatch):
    with Node(Home(make_home()), port_from(18800)) as hotline, Node(Home(make_home()), port_from(18900)) as police:
        for node, name in ((hotline, HOTLINE), (police, POLICE)):
            monkeypatch.setenv("LIANDONG_NODE", name)
            node.start("--demo", within=120)
        yield hotline, police


def test_two_nodes_share_a_key_and_a_message_taken_before_kill_9_is_answered_alike_after_it(nodes):
    hotline, police = nodes
    by = ("--by", "8001")
    assert typed(hotline, HOTLINE, "add", POLICE, "--name", "州110", "--url", address(police), *by)[0] == 0
    assert typed(police, POLICE, "add", HOTLINE, "--name", "州12345", "--url", address(hotline), *by)[0] == 0
    status, said = typed(hotline, HOTLINE, "key", POLICE, "--key", "k1", *by)
    secret = said.strip().splitlines()[-1]
    assert status == 0
    status, said = typed(hotline, HOTLINE, "ping", POLICE)
    assert (status, "key_unknown" in said) == (1, True)  # the other side has no key yet, and says so
    assert typed(police, POLICE, "key", HOTLINE, "--key", "k1", "--take", *by, given=secret)[0] == 0
    for node, name, other in ((hotline, HOTLINE, POLICE), (police, POLICE, HOTLINE)):
        status, said = typed(node, name, "ping", other)
        assert status == 0, said

    body = exchange.write(exchange.Envelope("by-hand-0001", HOTLINE, POLICE, "ping", datetime.now(UTC), {}))
    first = post(police, secret, body)
    os.kill(police.pids()["web"], signal.SIGKILL)
    until = time.monotonic() + 30
    again = None
    while again is None and time.monotonic() < until:
        try:
            again = post(police, secret, body)
        except https.Unreached:
            time.sleep(0.2)
    assert (first.status, first.told) == (again.status, again.told)
    assert [row[0] for row in inbox(police)].count("by-hand-0001") == 1
    # a ping that was typed is the hour's own, and is kept once
    assert [row[0] for row in inbox(police) if not row[0].startswith("ping-")] == ["by-hand-0001"]
    assert inbox(hotline) and all(row[0].startswith("ping-") for row in inbox(hotline))
    assert json.dumps(first.told).count("delivered") == 1
    until = time.monotonic() + 30
    while not (up := answers_http(police.port)()) and time.monotonic() < until:
        time.sleep(0.2)
    assert up


def post(node: Node, secret: str, body: bytes) -> https.Answer:
    signed = exchange.sign(secret.encode(), HOTLINE, "k1", body, at=datetime.now(UTC))
    return https.post(address(node), body, signed)


def test_one_command_starts_two_organisations_that_hear_each_other(tmp_path):
    home, port = Home(make_home()), port_from(19000)
    with Pair(home, port) as pair:
        said = pair.ready(within=300)
        assert "州 12345" in said
        assert "州 110" in said
        assert "lin " in said
        for platform, others in (("12345", "police.demo"), ("110", "hotline.demo")):
            with psycopg.connect(**Cluster(Home(home.path / platform)).settings()) as connection:
                row = wait_for(connection, "SELECT node, heard_at, answered_at FROM records_partner WHERE heard_at IS NOT NULL "
                                           "AND answered_at IS NOT NULL")  # fmt: skip
                assert row[0] == others
                desks = connection.execute("SELECT count(*) FROM records_desk WHERE partner_id IS NOT NULL").fetchone()[
                    0
                ]
                assert desks == (2 if platform == "110" else 11)
                people = connection.execute("SELECT count(*) FROM records_post JOIN records_desk ON desk_id = records_desk.id "
                                            "WHERE platform = '110'").fetchone()[0]  # fmt: skip
                assert (people > 0) == (platform == "110")


def wait_for(connection, query: str, within: float = 60.0) -> tuple:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if row := connection.execute(query).fetchone():
            return row
        time.sleep(0.3)
    raise AssertionError(query)


class Pair:
    """`liandong up --demo --nodes 2`, stopped at the end."""

    def __init__(self, home: Home, port: int) -> None:
        environ = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        words = [
            sys.executable,
            "-P",
            "-m",
            "liandong.ops.command",
            "up",
            "--demo",
            "--nodes",
            "2",
            "--port",
            str(port),
        ]
        self.process = subprocess.Popen(words, env=environ | {"LIANDONG_HOME": str(home.path)}, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, start_new_session=True)  # fmt: skip

    def ready(self, within: float) -> str:
        said, until = "", time.monotonic() + within
        while "两边已连上" not in said:
            line = self.process.stdout.readline()
            assert line and time.monotonic() < until, said
            said += line
        return said

    def __enter__(self) -> "Pair":
        return self

    def __exit__(self, *_error) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()
