"""The CPU time that a node's processes have used, by what they are: unlike a rate it means the same on a busy machine."""

import os

from liandong.ops.processes import others, read
from tests.ops.node import Node

TICKS = os.sysconf("SC_CLK_TCK")


def spent(node: Node) -> dict[str, float]:
    """Seconds since each began, with its children, those that have ended included; "database" for PostgreSQL's."""
    rows = {pid: fields for pid in others() if len(fields := _stat(pid)) > 14}
    found = {}
    for name, pid in node.pids().items():
        family = [pid]
        for parent in family:
            family += [child for child, fields in rows.items() if int(fields[1]) == parent]
        ticks = sum(int(rows[one][field]) for one in family if one in rows for field in (11, 12, 13, 14))
        found["database" if name == "postgres" else name] = ticks / TICKS
    return found


def since(before: dict[str, float], node: Node) -> dict[str, float]:
    """Seconds used since `before`, by what used them."""
    return {name: seconds - before.get(name, 0.0) for name, seconds in spent(node).items()}


def _stat(pid: int) -> list[str]:
    return read(f"/proc/{pid}/stat").decode(errors="replace").rpartition(")")[2].split()
