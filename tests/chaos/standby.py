"""A PostgreSQL primary and its standby as Patroni keeps them, with etcd for its lock: Debian's own, each on a free port, fetched once by
`tools/patroni.sh`. What the primary acknowledges the standby has on its disk (`synchronous_mode`)."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from liandong.ops.processes import working_in
from liandong.ops.readiness import free_port

FETCHED = (
    Path("/var/lib/liandong" if not os.geteuid() else os.path.expanduser("~/.local/share/liandong")) / "patroni/root"
)
TOOL = Path(__file__).parents[2] / "tools/patroni.sh"
BINARIES = "/usr/lib/postgresql/15/bin"
SECRET = "only-for-this-run"
AWAY = 20
"""Seconds after which a primary that says nothing has lost its place; Patroni takes no less."""


@dataclass
class Member:
    """One server: its database's port, Patroni's own, its folder."""

    name: str
    port: int
    rest: int
    folder: Path
    process: subprocess.Popen | None = None

    def ask(self) -> dict:
        """What Patroni knows of all members; empty when it does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.rest, timeout=2)
        try:
            connection.request("GET", "/cluster")
            return json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return {}
        finally:
            connection.close()


@dataclass
class Pair:
    """Both members and the etcd they agree by."""

    folder: Path
    members: dict[str, Member] = field(default_factory=dict)
    etcd: subprocess.Popen | None = None
    etcd_port: int = 0

    def start(self) -> None:
        """From nothing to a primary with a standby that has all it has, and an empty database `liandong`."""
        subprocess.run([TOOL], check=True)
        self.etcd_port, peers = free_port(19600), free_port(19620)
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{peers}"
        self.etcd = self._run("etcd", [FETCHED / "usr/bin/etcd", "--data-dir", self.folder / "etcd", "--name", "lock",
                                       "--listen-client-urls", client, "--advertise-client-urls", client,
                                       "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                                       "--initial-cluster", f"lock={peer}"])  # fmt: skip
        for number, name in enumerate(("one", "two")):
            folder = self.folder / name
            folder.mkdir()
            _to_postgres(folder)
            self.members[name] = Member(name, free_port(19640 + 20 * number), free_port(19650 + 20 * number), folder)
            self.revive(name)
            self.wait(standbys=number)
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE USER liandong PASSWORD '{SECRET}'")
            connection.execute("CREATE DATABASE liandong OWNER liandong TEMPLATE template0 ENCODING 'UTF8'")

    def url(self, user: str = "liandong", database: str = "liandong") -> str:
        """Both servers; whoever connects comes to the one that writes."""
        ports = ",".join(str(one.port) for one in self.members.values())
        hosts = ",".join("127.0.0.1" for _ in self.members)
        return (f"host={hosts} port={ports} dbname={database} user={user} password={SECRET} target_session_attrs=read-write"
                f" connect_timeout=3")  # fmt: skip

    def primary(self) -> str:
        """The member that writes just now; "" while there is none."""
        for one in self.members.values():
            for row in one.ask().get("members", []):
                if row.get("role") == "leader" and row.get("state") == "running":
                    return row["name"]
        return ""

    def wait(self, standbys: int = 1, other_than: str = "", within: float = 120.0) -> float:
        """Seconds until there is a primary, another than that, with so many that have all it has."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            primary = self.primary()
            if primary and primary != other_than:
                rows = self.members[primary].ask().get("members", [])
                follow = sum(row["role"] == "sync_standby" and row["state"] in ("running", "streaming") for row in rows)
                if follow >= standbys and self._writes():
                    return time.monotonic() - began
            time.sleep(0.2)
        raise AssertionError({one.name: one.ask() for one in self.members.values()})

    def _writes(self) -> bool:
        with contextlib.suppress(psycopg.Error):
            psycopg.connect(self.url("postgres", "postgres")).close()
            return True
        return False

    def kill(self, name: str) -> None:
        """The whole server is gone at once: Patroni, and every process of its database."""
        member = self.members[name]
        member.process.kill()
        member.process.wait()
        for pid in working_in(member.folder / "data"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def revive(self, name: str) -> None:
        """The server is switched on again; Patroni makes it what it has to be."""
        member = self.members[name]
        file = member.folder / "patroni.json"  # JSON is YAML
        file.write_text(json.dumps(self._configuration(member)))
        member.process = self._run(f"patroni-{name}", ["/usr/bin/python3", FETCHED / "usr/bin/patroni", file])

    def stop(self) -> None:
        for name, member in self.members.items():
            if member.process and member.process.poll() is None:
                self.kill(name)
        if self.etcd:
            self.etcd.kill()
            self.etcd.wait()

    def _run(self, name: str, command: list) -> subprocess.Popen:
        """As the user that PostgreSQL may run as."""
        user = {} if os.geteuid() else {"user": "postgres", "group": "postgres", "extra_groups": []}
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(FETCHED / "usr/lib/python3/dist-packages"),
                   "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}  # fmt: skip
        with open(self.folder / f"{name}.log", "ab") as log:
            return subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                    env=environ, cwd=self.folder, start_new_session=True, **user)  # fmt: skip

    def _configuration(self, member: Member) -> dict:
        quick = {"ttl": AWAY, "loop_wait": 2, "retry_timeout": 5, "synchronous_mode": True,
                 "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 100, "wal_log_hints": "on"}}}  # fmt: skip
        by_password = ["host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256",
                       "local all all trust"]  # fmt: skip
        return {
            "scope": "liandong", "name": member.name,
            "restapi": {"listen": f"127.0.0.1:{member.rest}", "connect_address": f"127.0.0.1:{member.rest}"},
            "etcd3": {"host": f"127.0.0.1:{self.etcd_port}"},
            "bootstrap": {"dcs": quick, "initdb": ["data-checksums", {"encoding": "UTF8"}, {"locale": "C.UTF-8"}]},
            "postgresql": {
                "listen": f"127.0.0.1:{member.port}", "connect_address": f"127.0.0.1:{member.port}",
                "data_dir": str(member.folder / "data"), "bin_dir": BINARIES, "pgpass": str(member.folder / "pgpass"),
                "pg_hba": by_password,
                "parameters": {"unix_socket_directories": str(member.folder), "log_min_error_statement": "panic"},
                "authentication": {"superuser": {"username": "postgres", "password": SECRET},
                                   "replication": {"username": "follower", "password": SECRET}},
            },
        }  # fmt: skip


def _to_postgres(folder: Path) -> None:
    if not os.geteuid():
        shutil.chown(folder, "postgres", "postgres")


@contextlib.contextmanager
def kept_by_patroni(folder: Path):
    """A running pair below `folder`, ended with everything it started."""
    folder.chmod(0o755)
    _to_postgres(folder)
    pair = Pair(folder)
    try:
        pair.start()
        yield pair
    finally:
        pair.stop()
