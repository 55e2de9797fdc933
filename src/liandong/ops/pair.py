"""`liandong up --demo --nodes 2`: the 12345 and the 110 of the demo city as two organisations run them, on one machine: each
node with its own home, database, people and secrets, and nothing between them but signed messages."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from liandong.ops.home import Home, find_home
from liandong.ops.processes import die_with_parent
from liandong.ops.programs import COMMAND, HOST
from liandong.ops.readiness import answers_http, free_port
from liandong.ops.up import tell
from liandong.packs import shipped
from liandong.packs.load import load

KEY = "demo"
ADMINISTRATOR = "8001"
"""Work number of the demo's administrator, who is at both nodes."""
PACK = "chuxiong_2022"
PATIENCE = 600.0
"""Seconds for the first start of both, which makes two databases."""


@dataclass
class Side:
    """One node: the platform whose people sit there, what it is called, its desks, where it keeps its data."""

    platform: str
    node: str
    name: str
    desks: tuple[str, ...]
    home: Home
    port: int
    process: subprocess.Popen | None = None
    said: list[str] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return ours | {"LIANDONG_MODE": "demo", "LIANDONG_HOME": str(self.home.path), "LIANDONG_NODE": self.node,
                       "LIANDONG_DEMO_SIDE": self.platform}  # fmt: skip

    def type(self, *words: str, given: str = "") -> str:
        """`liandong exchange …` at this node; what it said. Done twice it is refused and harms nothing."""
        done = subprocess.run([*COMMAND, "exchange", *words, "--by", ADMINISTRATOR], env=self.environ, input=given,
                              capture_output=True, text=True, check=False)  # fmt: skip
        return done.stdout + done.stderr


def desks_of(*platforms: str) -> tuple[str, ...]:
    """The codes of these platforms' desks in the demo city's pack."""
    return tuple(desk.code for desk in load(shipped()[PACK]).desks if desk.platform in platforms)


def sides(port: int) -> tuple[Side, Side]:
    """Both, below the home of this installation, on free ports ten apart."""
    home = find_home()
    first = free_port(port, HOST)
    return (
        Side("12345", "hotline.demo", "州 12345", desks_of("12345", "duty"), Home(home.path / "12345"), first),
        Side("110", "police.demo", "州 110", desks_of("110"), Home(home.path / "110"),
             free_port(first + 10, HOST)),
    )  # fmt: skip


def two(port: int, workers: int) -> int:
    """Run both until SIGTERM or ctrl-C; 0 when they stopped because they were asked to."""
    find_home().make()
    both = sides(port)
    stopping = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    try:
        for side in both:
            start(side, workers)
        ready = all(wait_for(side, stopping) for side in both)
        if ready and not stopping.is_set():
            link(*both)
            link(*reversed(both))
            welcome(both)
        while not stopping.is_set() and all(side.process.poll() is None for side in both):
            stopping.wait(0.5)
    finally:
        end(both)
    return 0 if stopping.is_set() else 1


def start(side: Side, workers: int) -> None:
    """`liandong up --demo` in a home of its own; what it says is said on with the platform before it."""
    side.home.make()
    words = ["up", "--demo", "--port", str(side.port), "--workers", str(workers)]
    side.process = subprocess.Popen([*COMMAND, *words], env=side.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                    start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM))  # fmt: skip
    threading.Thread(target=_say_on, args=(side,), daemon=True).start()


def _say_on(side: Side) -> None:
    for line in side.process.stdout:
        side.said.append(line)
        if line[:2].isdigit():  # what happens, with its time; the addresses and sign-ins are told once both are there
            print(f"[{side.platform}] {line}", end="", flush=True)


def wait_for(side: Side, stopping: threading.Event) -> bool:
    """Whether it came up; a port that somebody took meanwhile would show here."""
    ready: Callable[[], bool] = answers_http(side.port)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and side.process.poll() is None and not stopping.is_set():
        if ready():
            return True
        stopping.wait(0.3)
    if not stopping.is_set():
        print(f"[{side.platform}] 没有起来:\n{''.join(side.said[-15:])}", file=sys.stderr)
    return False


def link(here: Side, there: Side) -> None:
    """Register the other node, share the secret and say which desks work there. It is what two administrators type."""
    url = f"http://localhost:{there.port}/exchange/v1/messages"
    secret = find_home().secret("pair")
    here.type("add", there.node, "--name", there.name, "--url", url)
    here.type("move", there.node, "--url", url)
    here.type("key", there.node, "--key", KEY, "--days", "365", "--take", given=secret)
    here.type("desks", there.node, *there.desks)


def welcome(both: tuple[Side, Side]) -> None:
    """Both addresses, each with the sign-ins of its own people."""
    print("\n  两个单位都已启动,各有各的数据库,之间只有签名的消息:", flush=True)
    print("".join(line for line in both[0].said if "演示账号" in line), end="")
    for side in both:
        print(f"\n  {side.name}   http://{HOST}:{side.port}/")
        print("".join(line for line in side.said if line.startswith("    ") and "http" not in line), end="")
    tell("两边已连上。按 Ctrl+C 停止。")


def end(both: tuple[Side, Side]) -> None:
    """Both at once, each with its own children."""
    running = [side.process for side in both if side.process and side.process.poll() is None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
