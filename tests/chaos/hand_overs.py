"""Hand-overs at the real doors of two nodes, many matters at once: each sent and offered through the API of desks' own systems,
taken at the page of the person whose desk it is. Whatever gets no answer is asked again under its key, as a page does; what was
acknowledged is remembered."""

import http.client
import json
import random
import threading
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.chaos.organisations import HANDS, Both, Side

AT_ONCE = 24
"""Offers under way at once: more would run out before a person takes them."""
TOKEN = "b" * 32
PATIENCE = 90.0
"""Seconds until somebody who gets no answer gives up."""
OPEN = """
    SELECT t.id::text, t.matter_id::text FROM records_transfer t JOIN records_desk f ON f.id = t.from_desk_id
     WHERE t.state IN ('offered', 'led') AND f.partner_id IS NOT NULL
"""
MINE = """
    SELECT m.id::text FROM records_matter m JOIN records_desk h ON h.id = m.holder_id
      JOIN records_transfer t ON t.matter_id = m.id AND t.state = 'accepted' AND t.ended_at > now() - interval '5 seconds'
     WHERE h.partner_id IS NULL
"""
UNDER_WAY = "SELECT count(*) FROM records_transfer WHERE state IN ('offered', 'led', 'confirming')"


class Door:
    """One person's or system's connection to their node."""

    def __init__(self, side: Side, number: int) -> None:
        self.side, self.number, self.connection = side, number, None

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
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self.connection = self.connection or http.client.HTTPConnection(
                    "127.0.0.1", self.side.node.port, timeout=30
                )
                self.connection.request("POST", path, body, head | {"Idempotency-Key": key, "Host": "localhost"})
                answer = self.connection.getresponse()
                told = answer.read()
                if answer.status < 500 and answer.status != 429:
                    return answer.status, told
            except (OSError, http.client.HTTPException):
                self.close()
            time.sleep(0.3)
        return 0, b""

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


@dataclass
class Crowd:
    """`acknowledged`: (verb, id, platform) of every act that somebody was told is done; `silent`: how many got no answer;
    `gone_back`: matters that the police may have offered back."""

    both: Both
    wanted: int
    dice: random.Random
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    acknowledged: list[tuple[str, str, str]] = field(default_factory=list)
    matters: set[str] = field(default_factory=set)
    strange: list[tuple] = field(default_factory=list)
    silent: int = 0
    begun: int = 0
    given: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    taking: set[str] = field(default_factory=set)
    gone_back: set[str] = field(default_factory=set)

    def __enter__(self) -> "Crowd":
        self.givers = [threading.Thread(target=self._give, args=(n,), daemon=True) for n in range(HANDS)]
        takers = [threading.Thread(target=self._take, args=(side, n), daemon=True)
                  for side in self.both.sides for n in range(5)]  # fmt: skip
        self.threads = [*self.givers, *takers]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE + 40)

    def _done(self, verb: str, pk: str, status: int, fine: tuple[int, ...], side: Side) -> bool:
        with self.lock:
            self.silent += status == 0
            if 200 <= status < 300:
                self.acknowledged.append((verb, pk, side.platform))
                return True
            if status and status not in fine:
                self.strange.append((verb, pk, status))
            return False

    def _give(self, number: int) -> None:
        with closing(Door(self.both.hotline, number)) as door:
            self._give_at(door)

    def _give_at(self, door: Door) -> None:
        dice = random.Random(self.dice.random())
        while not self.over.is_set():
            with self.lock:
                if self.begun >= self.wanted:
                    return
                self.begun += 1
                turn = self.begun
            self._one(door, dice, turn)
            while not self.over.wait(0.05) and self._under_way() > AT_ONCE:
                time.sleep(0.2)

    def _under_way(self) -> int:
        return self.both.hotline.read(UNDER_WAY)[0][0]

    def _one(self, door: Door, dice: random.Random, turn: int) -> None:
        body = {"text": f"{self.run} {turn} 号路灯坏了，晚上看不见路", "place": "鹿城镇", "district": "532301"}
        status, told = door.api("/matters", body, uuid.uuid4().hex)
        if not self._done("send", told.get("id", ""), status, (), door.side):
            return
        with self.lock:
            self.matters.add(told["id"])
        offer = {"work_no": "H001", "to": self.both.police.desk, "reason": "归 110", "consent": True}
        status, row = door.api(f"/matters/{told['id']}/transfers", offer, uuid.uuid4().hex)
        if self._done("offer", row.get("id", ""), status, (409,), door.side) and dice.random() < 0.1:
            time.sleep(dice.uniform(0, 0.5))
            status, _ = door.api(f"/transfers/{row['id']}/recall", {"work_no": "H001"}, uuid.uuid4().hex)
            self._done("recall", row["id"], status, (409,), door.side)

    def _take(self, side: Side, number: int) -> None:
        """What other nodes offer this desk is taken, or declined; now and then what was taken is offered back."""
        with closing(Door(side, number)) as door:
            self._take_at(door, side, number)

    def _take_at(self, door: Door, side: Side, number: int) -> None:
        dice = random.Random(self.dice.random())
        back = side is self.both.police and number == 0
        while not self.over.wait(0.1):
            for pk, matter in side.read(OPEN):
                with self.lock:
                    if pk in self.taking or matter not in self.matters:
                        continue
                    self.taking.add(pk)
                self._answer(door, dice, pk)
            if back and not self.given.is_set():
                self._give_back(door, dice)

    def _answer(self, door: Door, dice: random.Random, pk: str) -> None:
        if dice.random() < 0.05:
            form = {"cause": "outside_scope", "proposed": self.both.other(door.side).desk, "note": ""}
            status = door.page(f"/transfers/{pk}/decline/", form, uuid.uuid4().hex)
            done = self._done("decline", pk, status, (409,), door.side)
        else:
            status = door.page(f"/transfers/{pk}/acceptance/", {}, uuid.uuid4().hex)
            done = self._done("accept", pk, status, (409,), door.side)
        if not done:
            with self.lock:
                self.taking.discard(pk)  # whoever looks next tries again

    def _give_back(self, door: Door, dice: random.Random) -> None:
        for (matter,) in door.side.read(MINE):
            if matter in self.matters and dice.random() < 0.02:
                with self.lock:
                    self.gone_back.add(matter)
                offer = {"work_no": "H001", "to": self.both.hotline.desk, "reason": "不归 110", "consent": True}
                status, row = door.api(f"/matters/{matter}/transfers", offer, uuid.uuid4().hex)
                self._done("back", row.get("id", ""), status, (409, 403, 422), door.side)
