"""`liandong up`: everything of one node, from nothing to the first page, in one terminal."""

import json
import os
import subprocess
import sys
import time

from liandong.ops.home import find_home
from liandong.ops.pbx import ADDRESSES, address
from liandong.ops.postgres import Cluster
from liandong.ops.programs import COMMAND, HOST, Ports, choose_ports, node_programs
from liandong.ops.supervisor import Supervisor
from liandong.telephony.asterisk.programs import find_asterisk


def tell(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)


def up(demo: bool, port: int, workers: int, pbx: bool = False) -> int:
    """Run the node until SIGTERM or ctrl-C, with a telephone exchange when `pbx`. Raises HomeTaken, NoPostgres,
    NoAsterisk."""
    os.environ["LIANDONG_MODE"] = "demo" if demo else os.environ.get("LIANDONG_MODE", "production")
    began = time.monotonic()
    home = find_home()
    if pbx:
        found = find_asterisk()
        tell(
            f"电话交换机:{found.version}"
            + ("" if found.hears_transfer_keys else "(话机自己的转接键要 22.11 或更新的版本)")
        )
        for name, default in ADDRESSES.items():
            address(name, default)  # said now rather than by a process that cannot start
    with home.held():
        external = bool(os.environ.get("DATABASE_URL"))
        supervisor = Supervisor(home, None if external else Cluster(home), tell)
        try:
            tell("启动数据库" + ("(由 DATABASE_URL 指定)" if external else ""))
            supervisor.start_database()
            if supervisor.stopping or not prepared(demo):
                return 0 if supervisor.stopping else 1
            ports = choose_ports(port, tell, pbx)
            supervisor.run(node_programs(home, ports, workers), lambda: welcome(ports, time.monotonic() - began))
        finally:
            supervisor.stop()
    tell("已全部停止")
    return 0


def prepared(demo: bool) -> bool:
    """In a process of its own: what Django needs in memory is not kept by the supervisor."""
    return subprocess.run([*COMMAND, "prepare", *(["--demo"] if demo else [])], check=False).returncode == 0


def welcome(ports: Ports, seconds: float) -> None:
    print(f"\n  联动已启动({seconds:.1f} 秒)。请在浏览器打开:\n\n      http://{HOST}:{ports.web}/\n")
    print("  按 Ctrl+C 停止。", flush=True)


def status() -> int:
    """Print what runs in this home. Exit code 0 when everything was ready, 3 when nothing runs."""
    home = find_home()
    try:
        state = json.loads(home.state.read_text())
    except (OSError, ValueError):
        print(f"没有在运行。数据目录:{home.path}", file=sys.stderr)
        return 3
    for name, row in state["processes"].items():
        print(f"{name}\t{row['pid']}")
    return 0 if state["ready"] else 1
