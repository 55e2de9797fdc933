"""The whole product as a person starts it, in a home of its own: for tests that start, ask and kill it."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

from liandong.ops.home import Home
from liandong.ops.processes import alive, tagged
from liandong.ops.readiness import free_port

ENVIRON = {
    "LIANDONG_MODE": "production",
    "LIANDONG_HOSTS": "localhost",
    "LIANDONG_SECRET_KEY": "kZ3-9qLw7Xv_Bn2RtYp8sDfGh4JmC6eUaWi0oQxT5lKzVb1N",
    "LIANDONG_FILE_KEYS": "Qp7_tR2wYb9-xKd5LmZc8VnG3sHfJ1aEuTi6oWq4rNvBy0X",
}
METRICS = "a-token-that-only-prometheus-knows"
ENVIRON["LIANDONG_METRICS_TOKEN"] = METRICS
OURS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")  # of the tests themselves
READY = "联动已启动"


def port_from(first: int) -> int:
    """A free port from `first` on; each worker of tests that run side by side has a thousand of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return free_port(first + 1000 * (int(worker) % 40))


class Node:
    """`liandong up` in `home`, with more in its environment where `environ` says so. Use as a context: everything is stopped at
    the end."""

    def __init__(self, home: Home, port: int, environ: dict[str, str] | None = None):
        self.home, self.port, self.said, self.environ = home, port, [], environ or {}
        self.process: subprocess.Popen | None = None

    def start(self, *words: str, within: float = 60.0) -> float:
        """Start and wait until it says it is ready. Returns the seconds that took."""
        began = time.monotonic()
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "liandong.ops.command", "up", "--port", str(self.port), *words],
            env=inherited | ENVIRON | self.environ | {"LIANDONG_HOME": str(self.home.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        lines: queue.Queue = queue.Queue()
        threading.Thread(target=self.listen, args=(self.process, lines), daemon=True).start()
        while time.monotonic() - began < within:
            try:
                line = lines.get(timeout=0.5)
            except queue.Empty:
                continue
            if READY in line:
                return time.monotonic() - began
            if line == "":
                break
        raise AssertionError("not ready:\n" + "".join(self.said))

    def listen(self, process: subprocess.Popen, lines: queue.Queue) -> None:
        with process.stdout as out:
            for line in out:
                self.said.append(line)
                lines.put(line)
        lines.put("")

    def pids(self) -> dict[str, int]:
        try:
            return {n: row["pid"] for n, row in json.loads(self.home.state.read_text())["processes"].items()}
        except (OSError, ValueError):
            return {}

    def everybody(self) -> list[int]:
        """The supervisor, its children and theirs; the database's server last."""
        pids = [self.process.pid, *tagged(str(self.home.path)), self.pids().get("postgres", 0)]
        return [pid for pid in pids if pid and alive(pid)]

    def stop(self) -> int:
        if self.process is None:
            return 0
        self.process.terminate()
        return self.process.wait(40)

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *_error) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop()


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
