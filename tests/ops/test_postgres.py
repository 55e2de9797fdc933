"""The launcher with real servers: it starts, keeps what it acknowledged through kill -9, and never runs as root."""

import os
import signal
import subprocess
from contextlib import suppress

import psycopg
import pytest

from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from liandong.ops.postgres_binaries import NoPostgres, candidates, copied, find_programs, reachable
from liandong.ops.processes import alive

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(home):
    cluster = Cluster(home)
    cluster.start()
    yield cluster
    cluster.stop()


def rows(cluster) -> int:
    with psycopg.connect(**cluster.settings()) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def write(cluster, count: int) -> None:
    with psycopg.connect(**cluster.settings(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n serial)")
        for _ in range(count):
            connection.execute("INSERT INTO kept DEFAULT VALUES")


def test_a_new_cluster_speaks_utf8_and_keeps_its_promises(cluster):
    with psycopg.connect(**cluster.settings()) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert connection.execute(f"SHOW {name}").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        found = connection.execute("SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database").fetchall()
    assert set(found) == {("UTF8", "C.UTF-8")}


def test_durability_cannot_be_switched_off_for_the_server(cluster):
    with psycopg.connect(**cluster.settings(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    cluster.stop()
    cluster.start()
    with psycopg.connect(**cluster.settings()) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_every_acknowledged_row_survives_kill_9_of_the_postmaster(cluster, until):
    written = 0
    for _ in range(3):
        write(cluster, 20)
        written += 20
        os.kill(cluster.process.pid, signal.SIGKILL)
        assert until(lambda: cluster.start() is None) < 10
        assert rows(cluster) == written


def test_rows_survive_kill_9_of_every_server_process(cluster):
    write(cluster, 20)
    pids = subprocess.run(["pgrep", "-g", str(cluster.process.pid)], capture_output=True, text=True).stdout.split()
    server = cluster.process.pid
    children = subprocess.run(["pgrep", "-P", str(server)], capture_output=True, text=True).stdout.split()
    assert len(children) >= 3
    for pid in {*map(int, pids), *map(int, children)}:
        with suppress(ProcessLookupError):  # a worker of the server may have gone home by itself meanwhile
            os.kill(pid, signal.SIGKILL)
    cluster.start()
    assert rows(cluster) == 20


def test_the_server_stops_when_its_starter_is_killed_and_the_next_start_finds_the_rows(home, spawn, until):
    starter = spawn("""
        import time
        from liandong.ops.home import find_home
        from liandong.ops.postgres import Cluster
        cluster = Cluster(find_home())
        cluster.start()
        print(cluster.process.pid, flush=True)
        time.sleep(60)
    """)
    server = int(starter.stdout.readline())
    write(Cluster(home), 5)
    starter.kill()
    starter.wait()
    again = Cluster(home)
    again.start()
    try:
        assert rows(again) == 5
        assert not alive(server)
    finally:
        again.stop()


def test_a_pid_file_that_names_a_stranger_does_not_keep_the_server_down(cluster):
    write(cluster, 1)
    cluster.stop()
    (cluster.home.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.home.data}\n")
    cluster.start()
    assert rows(cluster) == 1


def test_a_second_launcher_uses_the_server_that_runs(cluster):
    with Cluster(cluster.home).running() as other:
        assert other.process is None
        assert other.answers()
    assert cluster.answers()


def test_a_wrong_password_is_refused(cluster):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**{**cluster.settings(), "password": "wrong"})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop")
def test_as_root_the_server_runs_as_another_user_and_data_stay_its_own(cluster):
    assert os.stat(f"/proc/{cluster.process.pid}").st_uid != 0
    assert cluster.home.data.stat().st_uid != 0
    assert cluster.home.data.stat().st_mode & 0o077 == 0
    assert (cluster.home.path / "database.secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop")
def test_programs_in_a_private_folder_are_copied_to_where_their_user_can_run_them(home, tmp_path, monkeypatch):
    monkeypatch.delenv("LIANDONG_PG_BIN", raising=False)
    programs = find_programs(home.path, home.data)
    private = copied(programs, tmp_path)  # pytest's own folder is 0700
    tmp_path.chmod(0o700)
    assert not reachable(private)
    assert reachable(copied(private, home.path))


def test_data_of_another_major_version_are_not_touched(home):
    programs = find_programs(home.path, home.data)
    home.data.mkdir()
    (home.data / "PG_VERSION").write_text(f"{programs.major - 1}\n")
    with pytest.raises(NoPostgres, match=f"PostgreSQL {programs.major - 1}"):
        Cluster(home).start()
    assert [file.name for file in home.data.iterdir()] == ["PG_VERSION"]


def test_a_folder_without_postgresql_is_named(home, monkeypatch):
    monkeypatch.setenv("LIANDONG_PG_BIN", "/nonexistent")
    with pytest.raises(NoPostgres, match="LIANDONG_PG_BIN=/nonexistent"):
        find_programs(home.path, home.data)


def test_the_wheels_binaries_come_before_the_systems(monkeypatch):
    monkeypatch.delenv("LIANDONG_PG_BIN", raising=False)
    assert candidates()[0].parts[-2:] == ("pginstall18", "bin")


def test_a_path_too_long_for_a_socket_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(NoPostgres, match="LIANDONG_HOME"):
        Cluster(Home(tmp_path / ("x" * 100))).start()
