"""What people and their systems do at the doors of a running node: whatever gets no answer is asked again under its key, as a page
does; what was acknowledged is remembered."""

import http.client
import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.chaos.organisations import Side

TOKEN = "b" * 32
PATIENCE = 90.0
"""Seconds until somebody who gets no answer gives up."""


class Door:
    """One person's or system's connection to their node; to another of the same city when that one does not serve. `waited`: the
    longest that anything waited for its answer, in seconds; `again`: how often something was asked again."""

    waited, again = 0.0, 0

    def __init__(self, side: Side, number: int) -> None:
        self.side, self.number, self.connection = side, number, None
        self.nodes = (side.node, *side.beside)
        self.at = number % len(self.nodes)

    def api(self, path: str, body: dict, key: str) -> tuple[int, dict]:
        head = {"Authorization": f"Bearer {self.side.keys[self.number]}", "Content-Type": "application/json"}
        status, told = self._ask(f"/api/v1{path}", json.dumps(body).encode(), head, key)
        return status, json.loads(told) if 200 <= status < 300 else {}

    def page(self, path: str, form: dict, key: str) -> int:
        cookies = f"sessionid_{self.side.name}={self.side.sessions[self.number]}; csrftoken={TOKEN}"
        head = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN, "HX-Request": "true",
                "Accept": "text/html", "Cookie": cookies}  # fmt: skip
        return self._ask(path, urlencode(form).encode(), head, key)[0]

    def _ask(self, path: str, body: bytes, head: dict, key: str) -> tuple[int, bytes]:
        """Asked until there is an answer that is no fault of the server's; status 0 when there was none for long."""
        began = time.monotonic()
        until = began + PATIENCE
        while time.monotonic() < until:
            try:
                self.connection = self.connection or http.client.HTTPConnection(
                    "127.0.0.1", self.nodes[self.at].port, timeout=30
                )
                self.connection.request("POST", path, body, head | {"Idempotency-Key": key, "Host": "localhost"})
                answer = self.connection.getresponse()
                told = answer.read()
                if answer.status < 500 and answer.status != 429:
                    Door.waited = max(Door.waited, time.monotonic() - began)
                    return answer.status, told
            except (OSError, http.client.HTTPException):
                self.close()
            Door.again += 1
            self._turn()
            time.sleep(0.3)
        return 0, b""

    def _turn(self) -> None:
        """To the next node, where there is one."""
        if len(self.nodes) > 1:
            self.close()
            self.at = (self.at + 1) % len(self.nodes)

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


@dataclass
class People:
    """Threads that act until everything `wanted` was begun. `acknowledged`: (verb, id, platform) of every act that somebody was
    told is done; `silent`: how many got no answer; `strange`: refusals that nobody expected."""

    wanted: int
    dice: random.Random
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    acknowledged: list[tuple[str, str, str]] = field(default_factory=list)
    matters: set[str] = field(default_factory=set)
    strange: list[tuple] = field(default_factory=list)
    silent: int = 0
    begun: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def jobs(self) -> tuple[list[threading.Thread], list[threading.Thread]]:
        """Those who begin matters, and those who answer."""
        raise NotImplementedError

    def __enter__(self):
        self.givers, answering = self.jobs()
        self.threads = [*self.givers, *answering]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE + 40)

    def next_turn(self) -> int:
        """The number of the matter that is begun now; 0 when all were."""
        with self.lock:
            if self.begun >= self.wanted:
                return 0
            self.begun += 1
            return self.begun

    def done(self, verb: str, pk: str, status: int, fine: tuple[int, ...], side: Side) -> bool:
        """Whether this was acknowledged; remembers it, and what was refused for no reason in `fine`."""
        with self.lock:
            self.silent += status == 0
            if 200 <= status < 300:
                self.acknowledged.append((verb, pk, side.platform))
                return True
            if status and status not in fine:
                self.strange.append((verb, pk, status))
            return False


def thread(work, *given: object) -> threading.Thread:
    """One that ends with the tests."""
    return threading.Thread(target=work, args=given, daemon=True)
