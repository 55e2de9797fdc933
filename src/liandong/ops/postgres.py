"""Our own PostgreSQL: one cluster below the home, reached by a Unix socket with a password, never by the network.

After a kill -9 the first starts are refused while the dead server's children still hold its shared memory; `start`
tries again until the server answers. A pid file is only ever taken away when nothing of that data folder lives.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from liandong.ops.home import SOCKET_NAME, SOCKET_PATH_LIMIT, Home
from liandong.ops.postgres_binaries import NoPostgres, Programs, find_programs
from liandong.ops.processes import die_with_parent, end, working_in

DATABASE = USER = "liandong"
PATIENCE = 10.0  # seconds until a start counts as failed

# Given on the command line, which outranks every file and ALTER SYSTEM: nobody switches durability off by accident.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",  # compiling costs more than it saves on short statements
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] ",
    # A statement that failed, and the row it failed on, hold callers' numbers, names and words: neither is written down.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "idle_in_transaction_session_timeout": "60s",
}


@dataclass
class Cluster:
    """A cluster in `home`. `start` and `stop` must be called from the main thread: the child dies with the thread."""

    home: Home
    process: subprocess.Popen | None = field(default=None, init=False)

    def settings(self) -> dict:
        """Keywords of psycopg.connect, also read by Django's settings."""
        return {
            "host": str(self.home.run),
            "port": 5432,
            "user": USER,
            "password": self.home.secret("database"),
            "dbname": DATABASE,
        }

    def start(self, patience: float = PATIENCE, environ: dict | None = None) -> None:
        """Make the cluster if there is none, start it, return once it answers. Raises NoPostgres with what to do."""
        self.home.make()
        if len(os.fsencode(self.home.run / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
            raise NoPostgres(f"数据目录的路径太长:{self.home.path}。请用 LIANDONG_HOME 指定一个较短的路径。")
        programs = find_programs(self.home.path, self.home.data)
        make_folder(self.home.run, programs)
        if not self.home.data.exists():
            initialise(self.home, programs)
        check_version(self.home.data, programs)
        deadline = time.monotonic() + patience
        self.stop()  # one that died stays a zombie until it is waited for
        while True:
            clear_leftovers(self.home.data)
            self.process = launch(self.home, programs, environ)
            if self.wait_until_ready(deadline):
                break
            self.stop()
            if time.monotonic() > deadline:
                raise NoPostgres(f"数据库没能在 {patience:.0f} 秒内启动。日志:{self.home.logs / 'postgres.log'}")
            time.sleep(0.2)
        ensure_database(self.settings())

    def wait_until_ready(self, deadline: float) -> bool:
        """True once the server takes a query, False when it gave up or time is over."""
        while self.process is not None and self.process.poll() is None and time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(0.03)
        return False

    def answers(self) -> bool:
        try:
            with psycopg.connect(**{**self.settings(), "dbname": "postgres", "connect_timeout": 2}) as connection:
                connection.execute("SELECT 1")
            return True
        except psycopg.OperationalError:
            return False

    def stop(self, patience: float = PATIENCE) -> None:
        """Fast shutdown (a checkpoint, no waiting for clients); immediate when that takes longer than `patience` s."""
        if self.process is None:
            return
        for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is None:
                self.process.send_signal(sign)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(patience)
        self.process = None

    @contextlib.contextmanager
    def running(self) -> Iterator["Cluster"]:
        """The cluster up for the length of a block, whether or not somebody else already runs it."""
        if self.home.data.exists() and self.answers():
            yield self
            return
        with self.home.held():
            self.start()
            try:
                yield self
            finally:
                self.stop()


def make_folder(folder: Path, programs: Programs) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if programs.user is not None:
        os.chown(folder, programs.user.pw_uid, programs.user.pw_gid)
    folder.chmod(0o700)


def initialise(home: Home, programs: Programs) -> None:
    """initdb aside, then one rename: a kill in between leaves nothing that looks like a cluster."""
    fresh = home.path / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    make_folder(fresh, programs)
    locale = ["--locale=C.UTF-8"] + (["--locale-provider=builtin"] if programs.major >= 17 else [])
    password = fresh.parent / "run" / "password"
    password.write_text(home.secret("database") + "\n")
    try:
        if programs.user is not None:
            os.chown(password, programs.user.pw_uid, programs.user.pw_gid)
        password.chmod(0o600)
        command = [programs.bin / "initdb", "-D", fresh, "-U", USER, "-E", "UTF8", *locale, "--data-checksums"]
        command += ["--auth=scram-sha-256", f"--pwfile={password}"]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", env=plain_environ(), check=False, **programs.identity()
        )
    finally:
        password.unlink()
    if done.returncode:
        raise NoPostgres(f"建立数据库失败:{done.stderr.strip()[-800:]}")
    fresh.rename(home.data)


def check_version(data: Path, programs: Programs) -> None:
    """A cluster opens only with the major version that made it."""
    made_by = int((data / "PG_VERSION").read_text().strip())
    if made_by != programs.major:
        raise NoPostgres(
            f"数据目录由 PostgreSQL {made_by} 建立,现在找到的是 {programs.major}。"
            f"请用 LIANDONG_PG_BIN 指向 PostgreSQL {made_by} 的 bin 目录。"
        )


def clear_leftovers(data: Path, patience: float = 5.0) -> None:
    """End what our own earlier start left on this data; take away a pid file only when nothing of this data lives.

    The caller holds the home, so a live server here has no supervisor any more. PostgreSQL works inside its data
    folder, which is how it is told from a stranger that got the same number after a reboot. A zombie counts as dead:
    PostgreSQL itself would take it for a rival.
    """
    file = data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError):
        server = int(file.read_text().split("\n", 1)[0])
        if server in working_in(data):
            os.kill(server, signal.SIGINT)  # fast shutdown
    deadline = time.monotonic() + patience
    while (left := working_in(data)) and time.monotonic() < deadline:
        time.sleep(0.05)
    end(left)
    file.unlink(missing_ok=True)


def launch(home: Home, programs: Programs, environ: dict | None) -> subprocess.Popen:
    settings = SETTINGS | {"unix_socket_directories": str(home.run)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with open(home.logs / "postgres.log", "ab") as log:
        return subprocess.Popen(
            [programs.bin / "postgres", "-D", home.data, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=plain_environ() | (environ or {}),
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
            **programs.identity(),
        )


def plain_environ() -> dict:
    """No PG* variable and no foreign locale of the caller reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def ensure_database(settings: dict) -> None:
    with psycopg.connect(**{**settings, "dbname": "postgres"}, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f'CREATE DATABASE "{DATABASE}"')
