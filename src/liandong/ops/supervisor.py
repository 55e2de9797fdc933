"""One process owns every other: starts them in order, restarts what dies or hangs, and leaves nobody behind.

Children die with the supervisor (the kernel sees to it) and carry a tag in their environment; the next start ends
whatever still carries the tag of this home. Everything runs in the main thread, because a child's death signal
follows the thread that started it.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from liandong.ops.postgres_binaries import NoPostgres
from liandong.ops.processes import TAG, die_with_parent, end, started_at, tagged
from liandong.ops.readiness import Probe

BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0)  # seconds before the next start of something that keeps dying
SETTLED = 10.0  # seconds alive after which back-off begins anew
STUCK = 30.0  # seconds without a sign of life after which a process is killed and started again
STOPPING = 8.0  # seconds a process gets to stop by itself
TICK = 0.1
PROBE_EVERY = 2.0
LOG_LIMIT = 20 * 1024 * 1024  # bytes; at a start a longer log is put aside, one generation


@dataclass(frozen=True)
class Program:
    """What to run under which name and how to see that it is ready; `alive`, where given, that it answers at all: what only waits
    for its database gains nothing by a new start. Programs stop in the order they are listed."""

    name: str
    command: list[str]
    ready: Probe
    environ: dict = field(default_factory=dict)
    alive: Probe | None = None


@dataclass
class Child:
    program: Program
    process: subprocess.Popen | None = None
    since: float = 0.0
    seen_ready: float = 0.0
    seen_alive: float = 0.0
    probed: float = 0.0
    deaths: int = 0
    again_at: float = 0.0

    @property
    def ready(self) -> bool:
        return self.seen_ready > 0


class Supervisor:
    """Runs `cluster` (None with DATABASE_URL) and programs in `home`, which the caller holds; `tell` tells people."""

    def __init__(self, home: Home, cluster: Cluster | None, tell: Callable[[str], None] = lambda words: None):
        self.home, self.cluster, self.tell = home, cluster, tell
        self.children: list[Child] = []
        self.stopping = False
        self.announced = False
        self.environ = os.environ | {TAG: str(home.path)}

    def ask_to_stop(self, *_signal) -> None:
        self.stopping = True

    def start_database(self) -> None:
        """End what an earlier run left, then the database. Raises NoPostgres."""
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self.ask_to_stop)
        left = end(tagged(str(self.home.path)), patience=1.0)
        if left:
            self.tell(f"清理了上次留下的 {len(left)} 个进程")
        if self.cluster is not None:
            self.cluster.start()

    def run(self, programs: list[Program], when_ready: Callable[[], None] = lambda: None) -> None:
        """Keep `programs` running until SIGTERM or ctrl-C; `when_ready` is called once, when all are."""
        self.children = [Child(program) for program in programs]
        try:
            while not self.stopping:
                self.look_after_database()
                for child in self.children:
                    self.look_after(child)
                if not self.announced and all(child.ready for child in self.children):
                    self.announced = True
                    self.write_state()
                    when_ready()
                time.sleep(TICK)
        finally:
            self.stop()

    def look_after_database(self) -> None:
        if self.cluster is None or (self.cluster.process and self.cluster.process.poll() is None):
            return
        self.tell("数据库停了,正在重新启动")
        try:
            self.cluster.start()
            self.tell("数据库已恢复")
        except NoPostgres as error:
            self.tell(str(error))
            time.sleep(1)
        self.write_state()

    def look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.again_at:
                self.start(child, now)
            return
        if child.process.poll() is not None:
            self.bury(child, now)
            return
        if now - child.probed >= (PROBE_EVERY if child.ready else TICK):
            child.probed = now
            if child.program.ready():
                child.seen_ready = child.seen_alive = now
            elif child.program.alive and child.program.alive():
                child.seen_alive = now
            elif now - max(child.seen_alive, child.since) > STUCK:
                self.tell(f"{child.program.name} 没有反应,正在重新启动(日志:{self.log_of(child)})")
                os.killpg(child.process.pid, signal.SIGKILL)
        if child.deaths and now - child.since > SETTLED:
            child.deaths = 0

    def start(self, child: Child, now: float) -> None:
        log = self.log_of(child)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        beat = self.home.beats / child.program.name
        beat.unlink(missing_ok=True)
        with open(log, "ab") as out:
            child.process = subprocess.Popen(
                child.program.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.home.path,
                env=self.environ | {"LIANDONG_BEAT": str(beat)} | child.program.environ,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        child.since, child.seen_ready, child.seen_alive, child.probed = now, 0.0, 0.0, now
        self.write_state()

    def bury(self, child: Child, now: float) -> None:
        """A child died: take its orphans with it, start it again after a while."""
        code = child.process.returncode
        end_group(child.process.pid)
        pause = BACK_OFF[min(child.deaths, len(BACK_OFF) - 1)]
        self.tell(f"{child.program.name} 停了(代码 {code}),{pause:g} 秒后重新启动(日志:{self.log_of(child)})")
        child.deaths += 1
        child.process, child.seen_ready, child.again_at = None, 0.0, now + pause
        self.write_state()

    def stop(self) -> None:
        """In the order of the list, then the database: nobody loses what they need while they still work."""
        for child in self.children:
            if child.process is not None:
                if child.process.poll() is None:
                    child.process.terminate()
                try:
                    child.process.wait(STOPPING)
                except subprocess.TimeoutExpired:
                    self.tell(f"{child.program.name} 不肯停,强行结束")
                end_group(child.process.pid)
                child.process.wait()
                child.process = None
        if self.cluster is not None:
            self.cluster.stop()
        self.home.state.unlink(missing_ok=True)

    def log_of(self, child: Child):
        return self.home.logs / f"{child.program.name}.log"

    def write_state(self) -> None:
        """Who runs, for people and for `liandong status`: name → process id, its start tick, whether it was ready."""
        running = {c.program.name: c.process.pid for c in self.children if c.process}
        if self.cluster is not None and self.cluster.process:
            running["postgres"] = self.cluster.process.pid
        state = {name: {"pid": pid, "started": started_at(pid)} for name, pid in running.items()}
        fresh = self.home.state.with_suffix(".new")
        fresh.write_text(json.dumps({"ready": self.announced, "processes": state}, indent=1))
        fresh.replace(self.home.state)


def end_group(leader: int) -> None:
    """Whoever is left of the session that `leader` began."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
