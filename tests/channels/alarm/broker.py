"""Mosquitto of the tests, on a free port, with nothing kept from before."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.channels.servers import fetched, libraries
from tests.jobs.test_processes import until


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    (folder / "mosquitto.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    process = subprocess.Popen([fetched() / "usr/sbin/mosquitto", "-c", folder / "mosquitto.conf"], env=libraries(),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        until(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait(5)


def _answers(port: int) -> bool:
    with closing(socket.socket()) as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
