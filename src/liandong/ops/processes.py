"""Linux facts about processes: who lives, who is ours, and children that die with their parent."""

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PR_SET_PDEATHSIG = 1
TAG = "LIANDONG_RUN"  # environment variable that marks every process of one home

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sign: int, parent: int | None = None) -> Callable[[], None]:
    """A preexec_fn: the kernel sends `sign` to the child when the thread that started it is gone.

    subprocess calls it after the user was changed, which would have cleared the request. `parent` is the caller
    unless given.
    """
    parent = os.getpid() if parent is None else parent

    def ask() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0)
        if os.getppid() != parent:  # died between fork and the request
            os._exit(1)

    return ask


def alive(pid: int) -> bool:
    """True while the process runs; a zombie does not."""
    fields = _stat(pid)
    return bool(fields) and fields[0] not in ("Z", "X")


def started_at(pid: int) -> int:
    """Clock ticks since boot when the process started, 0 when it is gone: tells a process from a later one."""
    fields = _stat(pid)
    return int(fields[19]) if fields else 0


def _stat(pid: int) -> list[str]:
    # the name in brackets may hold spaces and brackets; what follows the last one is plain
    return read(f"/proc/{pid}/stat").decode(errors="replace").rpartition(")")[2].split()


def tagged(tag: str) -> list[int]:
    """Processes whose environment carries our tag: what we started, and what that started in turn."""
    wanted = f"{TAG}={tag}".encode()
    return [pid for pid in others() if wanted in read(f"/proc/{pid}/environ").split(b"\0")]


def working_in(folder: Path) -> list[int]:
    """Processes whose working folder this is; zombies have none."""
    found, wanted = [], str(folder.resolve())
    for pid in others():
        with contextlib.suppress(OSError):  # gone, or another user's
            if os.readlink(f"/proc/{pid}/cwd") == wanted:
                found.append(pid)
    return found


def others() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) != os.getpid()]


def read(path: str) -> bytes:
    """Empty when the process is gone or another user's."""
    with contextlib.suppress(OSError):
        return Path(path).read_bytes()
    return b""


def end(pids: Iterable[int], patience: float = 3.0) -> list[int]:
    """TERM, then KILL after `patience` seconds. Returns those that were alive."""
    there = {pid: started_at(pid) for pid in pids if alive(pid)}
    for sign, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 2.0)):
        for pid, since in there.items():
            if started_at(pid) == since:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, sign)
        deadline = time.monotonic() + wait
        while any(alive(p) and started_at(p) == s for p, s in there.items()) and time.monotonic() < deadline:
            time.sleep(0.03)
    return list(there)
