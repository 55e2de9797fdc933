"""The supervisor with real processes: what dies comes back, what was left over is ended, nobody is left behind."""

import json
import os
import signal
import socket
import time

import psycopg
import pytest

from liandong.ops import supervisor
from liandong.ops.postgres import Cluster
from liandong.ops.processes import alive, tagged
from liandong.ops.readiness import answers_http, free_port
from tests.ops import programs
from tests.ops.node import port_from
from tests.ops.programs import SUPERVISE

pytestmark = pytest.mark.slow


@pytest.fixture
def port():
    return port_from(18500)


@pytest.fixture
def running(home, spawn, port):
    """Start a supervisor and wait until it says it is ready; more programs are given as name=SOURCE."""

    def start(*words: str):
        process = spawn(SUPERVISE, str(port), *words)
        for line in process.stdout:
            if line.strip() == "ready":
                return process
        raise AssertionError("the supervisor ended before it was ready")

    return start


def pid_of(home, name: str) -> int:
    try:
        return json.loads(home.state.read_text())["processes"][name]["pid"]
    except (OSError, KeyError):
        return 0


def everybody(home) -> list[int]:
    return [row["pid"] for row in json.loads(home.state.read_text())["processes"].values()]


def test_a_killed_process_is_started_again(home, running, until):
    running("worker=BEATING")
    before = pid_of(home, "worker")
    os.kill(before, signal.SIGKILL)
    until(lambda: pid_of(home, "worker") not in (0, before))
    assert alive(pid_of(home, "worker"))


def test_a_killed_database_is_started_again_with_its_rows(home, running, until):
    running("worker=BEATING")
    with psycopg.connect(**Cluster(home).settings(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    before = pid_of(home, "postgres")
    os.kill(before, signal.SIGKILL)
    assert until(lambda: pid_of(home, "postgres") not in (0, before)) < 10
    with psycopg.connect(**Cluster(home).settings()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_sigterm_stops_everybody(home, running, port):
    supervisor = running("worker=BEATING", "switch=BEATING")
    pids = everybody(home)
    assert len(pids) == 4
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert not home.state.exists()
    assert "stopped" in supervisor.stdout.read()


def test_who_ignores_sigterm_is_ended_all_the_same(home, running):
    supervisor = running("worker=STUBBORN")
    stubborn = pid_of(home, "worker")
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert not alive(stubborn)


def test_nobody_outlives_a_supervisor_killed_with_9_and_the_next_one_is_healthy(home, running, until, port):
    first = running("worker=BEATING")
    pids = everybody(home)
    first.kill()
    first.wait()
    began = time.monotonic()
    running("worker=BEATING")
    assert time.monotonic() - began < 10
    assert [pid for pid in pids if alive(pid)] == []
    assert answers_http(port)()


def test_a_grandchild_in_a_session_of_its_own_is_ended_by_the_next_start(home, running):
    first = running("worker=WITH_CHILD")
    grandchild = int((home.path / "grandchild").read_text())
    first.kill()
    first.wait()
    assert alive(grandchild)  # the kernel told only the child
    running("worker=BEATING")
    assert not alive(grandchild)


def test_the_next_start_ends_only_what_carries_its_own_tag(home, running, spawn):
    stranger = spawn("import time; print('up', flush=True); time.sleep(600)")
    stranger.stdout.readline()
    running("worker=BEATING")
    assert stranger.poll() is None
    assert stranger.pid not in tagged(str(home.path))


def test_kill_9_of_everything_at_once_is_healed_by_the_next_start(home, running, port):
    first = running("worker=BEATING", "switch=BEATING")
    with psycopg.connect(**Cluster(home).settings(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    for pid in [first.pid, *everybody(home)]:
        os.kill(pid, signal.SIGKILL)
    first.wait()
    began = time.monotonic()
    running("worker=BEATING")
    assert time.monotonic() - began < 10
    assert answers_http(port)()
    with psycopg.connect(**Cluster(home).settings()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_what_keeps_dying_is_tried_again_ever_more_slowly_and_said(home, spawn, port):
    supervisor = spawn(SUPERVISE, str(port), "worker=DYING")
    pauses = []
    for line in supervisor.stdout:
        if "worker 停了(代码 7)" in line:
            pauses.append(float(line.split(",")[1].split(" ")[0]))
        if len(pauses) == 3:
            break
    assert pauses == [0.1, 0.5, 1.0]


def test_a_second_supervisor_on_the_same_home_is_refused(home, running, spawn):
    first = running("worker=BEATING")
    second = spawn("""
        import sys
        from liandong.ops.command import main
        sys.exit(main(["up", "--demo"]))
    """)
    assert second.wait(20) == 1
    said = second.stdout.read()
    assert "已经在运行" in said
    assert str(first.pid) in said
    assert "Traceback" not in said
    assert first.poll() is None


def test_a_taken_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert free_port(number) > number


def said_of(home, monkeypatch, program, seconds: float, stuck: float) -> list[str]:
    """What a supervisor tells that looks after one program for so long, and takes it for stuck after `stuck`."""
    monkeypatch.setattr(supervisor, "STUCK", stuck)
    monkeypatch.setattr(supervisor, "PROBE_EVERY", 0.1)
    said: list[str] = []
    one = supervisor.Supervisor(home.make(), None, said.append)
    one.children = [supervisor.Child(program)]
    try:
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            one.look_after(one.children[0])
            time.sleep(0.05)
    finally:
        one.stop()
    return said


@pytest.mark.parametrize("answers", [True, False])
def test_what_answers_and_only_waits_for_its_database_is_left_running(home, port, answers, monkeypatch):
    said = said_of(home, monkeypatch, programs.waiting(port, answers), seconds=4, stuck=1.0)
    assert any("没有反应" in words for words in said) is not answers


@pytest.mark.parametrize("works", [True, False])
def test_a_queue_that_moves_is_no_hang(home, port, works, monkeypatch):
    """The supervisor's own question waits behind everybody's presses: who is ended over it takes them all along."""
    said = said_of(home, monkeypatch, programs.crowded(port, home.beats, works), seconds=8, stuck=2.5)
    assert any("没有反应" in words for words in said) is not works
