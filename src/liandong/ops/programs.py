"""The processes of one node, as data: what runs, on which port, how it shows that it is ready."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from liandong.ops.home import Home
from liandong.ops.logs import GRANIAN, as_lines
from liandong.ops.processes import alive
from liandong.ops.readiness import answers_http, beats, either, free_port
from liandong.ops.supervisor import Program

HOST = "127.0.0.1"
COMMAND = [sys.executable, "-P", "-m", "liandong.ops.command"]
# Where each long-running process begins: main(argv) -> exit code, runs until SIGTERM.
ENTRIES = {
    "live": "liandong.web.live",
    "worker": "liandong.jobs.worker",
    "switch": "liandong.channels.phone.switch",
    "pbx": "liandong.ops.pbx",
}


@dataclass(frozen=True)
class Ports:
    """`exchange`: the telephone exchange's REST interface; 0 without one."""

    web: int
    live: int
    exchange: int = 0


def choose_ports(wanted: int, tell: Callable[[str], None], pbx: bool = False) -> Ports:
    """The wanted port and those after it for the event stream and the exchange, or the next free ones, and says so."""
    web = free_port(wanted, HOST)
    if web != wanted:
        tell(f"端口 {wanted} 已被占用,改用 {web}")
    live = free_port(web + 1, HOST)
    return Ports(web, live, free_port(live + 1, HOST) if pbx else 0)


def web_command(host: str, port: int, workers: int, threads: int = 4) -> list[str]:
    """granian with worker processes of a few threads each; every thread keeps one database connection."""
    options = {"interface": "wsgi", "host": host, "port": port, "workers": workers, "blocking-threads": threads}
    words = [f"--{name}={value}" for name, value in options.items()]
    words += ["--respawn-failed-workers", "--workers-kill-timeout=5", "--no-ws"]
    words += [f"--log-config={GRANIAN}"] if as_lines() else []
    return [sys.executable, "-P", "-m", "granian", *words, "liandong.config.wsgi:application"]


def counted_in(home: Home) -> dict[str, str]:
    """Environment of processes that count in one folder: pages are answered by several, and whichever of them is asked for the
    figures must know those of all. A folder of this start's own: another that runs goes on counting in its own."""
    starts = home.make().path / "figures"
    starts.mkdir(mode=0o700, exist_ok=True)
    for old in starts.iterdir():
        if not old.name.isdigit() or int(old.name) == os.getpid() or not alive(int(old.name)):
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
    folder = starts / str(os.getpid())
    folder.mkdir(mode=0o700)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def node_programs(home: Home, ports: Ports, workers: int) -> list[Program]:
    """In the order they stop: first what people see, last the switch and its exchange."""
    environ = {"LIANDONG_WEB_PORT": str(ports.web), "LIANDONG_LIVE_PORT": str(ports.live),
               "LIANDONG_METRICS_PORT": "0", **counted_in(home)}  # fmt: skip  # the pages tell the figures of all
    named = (os.environ.get("LIANDONG_HOSTS") or "localhost").partition(",")[0].strip()
    pbx = []
    if ports.exchange:
        environ["LIANDONG_ARI_URL"] = f"ws://{HOST}:{ports.exchange}"
        pbx = [Program("pbx", [*COMMAND, "pbx"], answers_http(ports.exchange, "/httpstatus"), environ)]

    def beating(name: str) -> Program:
        return Program(name, [*COMMAND, name], beats(home.beats / name), environ | {"LIANDONG_ROLE": name})

    return [
        Program(
            "web",
            web_command(HOST, ports.web, workers),
            answers_http(ports.web, named=named),
            environ | {"LIANDONG_ROLE": "web"},
            either(answers_http(ports.web, named=named, serving=False), beats(home.beats / "web")),
        ),
        Program(
            "live",
            [*COMMAND, "live"],
            answers_http(ports.live, named=named),
            environ | {"LIANDONG_ROLE": "live"},
            answers_http(ports.live, named=named, serving=False),
        ),
        beating("worker"),
        beating("switch"),
        *pbx,
    ]
