"""Is it ready? Questions the supervisor asks from outside, each answered within a second."""

import http.client
import socket
import time
from collections.abc import Callable
from pathlib import Path

Probe = Callable[[], bool]


def answers_http(port: int, path: str = "/healthz", host: str = "127.0.0.1", named: str = "localhost", *,
                 serving: bool = True) -> Probe:  # fmt: skip
    """True when `path` answers 200, or anything at all without `serving`. `named` is the Host header, which the application
    checks."""

    def ask() -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=1)
        try:
            connection.request("GET", path, headers={"Host": named})
            status = connection.getresponse().status
            return status == 200 or not serving
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def beats(file: Path, within: float = 10.0) -> Probe:
    """True while the process touches `file` at least every `within` seconds."""

    def ask() -> bool:
        try:
            return time.time() - file.stat().st_mtime < within
        except OSError:
            return False

    return ask


def either(*probes: Probe) -> Probe:
    """True when one of them is, asked in this order."""
    return lambda: any(probe() for probe in probes)


def free_port(first: int, host: str = "127.0.0.1") -> int:
    """`first`, or the next port nobody listens on. Raises OSError when a hundred are taken."""
    for port in range(first, min(first + 100, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return port
            except OSError:
                continue
    raise OSError(f"no free port from {first}")
