"""The message centre of the tests: Net::SMPP in a process of its own, told what to do and asked what it saw."""

import queue
import subprocess
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.channels.servers import fetched


class Centre:
    def __init__(self, process: subprocess.Popen) -> None:
        self.process, self.said = process, queue.Queue()
        self.kept: dict[str, deque] = defaultdict(deque)
        threading.Thread(target=self._read, daemon=True).start()
        self.port = int(self.hears("port")[0])

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.put(line.split())

    def order(self, *words: object) -> None:
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def writes(
        self, text: str, *, to: str = "12110", sender: str = "8613887801234", esm: int = 0, head: bytes = b""
    ) -> None:
        """A person sends a message, as one or as a part."""
        self.order("deliver", sender, to, esm, 8, (head + text.encode("utf-16-be")).hex())

    def hears(self, what: str, within: float = 10.0) -> list[str]:
        """The next thing of this sort that happened; others wait for who asks for them."""
        while not self.kept[what]:
            name, *more = self.said.get(timeout=within)
            self.kept[name].append(more)
        return self.kept[what].popleft()


@contextmanager
def centre() -> Iterator[Centre]:
    command = ["perl", f"-I{fetched() / 'usr/share/perl5'}", str(Path(__file__).with_name("smsc.pl"))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    try:
        yield Centre(process)
    finally:
        process.terminate()
        process.wait(5)
        process.stdin.close()
        process.stdout.close()
