"""The reference partner and the conformance suite, each as a process of its own."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

TREE = Path(__file__).parents[2]
SECRET = "a secret of thirty-two bytes or more, for tests"


class Process:
    """A program whose lines are heard, and to whom lines are typed; ended at the end."""

    def __init__(self, *words: str) -> None:
        self.lines, self.said = queue.Queue(), []
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PYTHONPATH")}
        self.process = subprocess.Popen([sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=kept)  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said.append(line)
            self.lines.put(line)
        self.process.stdout.close()
        self.lines.put("")

    def type(self, *lines: str) -> None:
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def hear(self, *starts: str, within: float = 30.0) -> str:
        """The next line with one of these in it; "" at the end. AssertionError when none comes in time."""
        until = time.monotonic() + within
        while (left := until - time.monotonic()) > 0:
            try:
                line = self.lines.get(timeout=left)
            except queue.Empty:
                break
            if not line or any(start in line for start in starts):
                return line
        raise AssertionError(f"no {starts} in\n{''.join(self.said[-30:])}")

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(20)


def reference(folder: Path, port: int | None, *, node: str, desks: list[str], there: dict) -> Process:
    """examples/reference_partner, ready; without a port it has no door, and comes for what is said to it."""
    settings = {"node": node, "city": "532300", "desks": desks, "file": str(folder / f"{node}.db"),
                "schemas": str(TREE / "docs/reference/exchange-v1.json"), "partner": there}  # fmt: skip
    settings |= {"port": port} if port else {}
    file = folder / f"{node}.json"
    file.write_text(json.dumps(settings))
    process = Process(str(TREE / "examples/reference_partner/partner.py"), str(file))
    process.hear("ready")
    return process


def conform(port: int, *more: str, me: str, node: str, my_desk: str, their_desk: str, secret: str = SECRET) -> Process:
    """`liandong exchange conform`, with the secret given."""
    url = f"http://localhost:{port}/exchange/v1/messages"
    process = Process("-P", "-m", "liandong.ops.command", "exchange", "conform", url, "--me", me, "--node", node, "--key", "k1",
                      "--my-desk", my_desk, "--their-desk", their_desk, *more)  # fmt: skip
    process.type(secret)
    return process
