"""Hand-overs at the real doors of two nodes, many matters at once: each sent and offered through the API of desks' own systems,
taken at the page of the person whose desk it is."""

import random
import threading
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field

from tests.chaos.doors import Door, People, thread
from tests.chaos.organisations import HANDS, Both, Side

AT_ONCE = 24
"""Offers under way at once: more would run out before a person takes them."""
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


@dataclass
class Crowd(People):
    """`gone_back`: matters that the police may have offered back."""

    both: Both = field(kw_only=True)
    given: threading.Event = field(default_factory=threading.Event)
    taking: set[str] = field(default_factory=set)
    gone_back: set[str] = field(default_factory=set)

    def jobs(self) -> tuple[list[threading.Thread], list[threading.Thread]]:
        takers = [thread(self._take, side, n) for side in self.both.sides for n in range(5)]
        return [thread(self._give, n) for n in range(HANDS)], takers

    def _give(self, number: int) -> None:
        with closing(Door(self.both.hotline, number)) as door:
            self._give_at(door)

    def _give_at(self, door: Door) -> None:
        dice = random.Random(self.dice.random())
        while not self.over.is_set():
            turn = self.next_turn()
            if not turn:
                return
            self._one(door, dice, turn)
            while not self.over.wait(0.05) and self._under_way() > AT_ONCE:
                time.sleep(0.2)

    def _under_way(self) -> int:
        return self.both.hotline.read(UNDER_WAY)[0][0]

    def _one(self, door: Door, dice: random.Random, turn: int) -> None:
        body = {"text": f"{self.run} {turn} 号路灯坏了，晚上看不见路", "place": "鹿城镇", "district": "532301"}
        status, told = door.api("/matters", body, uuid.uuid4().hex)
        if not self.done("send", told.get("id", ""), status, (), door.side):
            return
        with self.lock:
            self.matters.add(told["id"])
        offer = {"work_no": door.side.hand, "to": self.both.police.desk, "reason": "归 110", "consent": True}
        status, row = door.api(f"/matters/{told['id']}/transfers", offer, uuid.uuid4().hex)
        if self.done("offer", row.get("id", ""), status, (409,), door.side) and dice.random() < 0.1:
            time.sleep(dice.uniform(0, 0.5))
            status, _ = door.api(f"/transfers/{row['id']}/recall", {"work_no": door.side.hand}, uuid.uuid4().hex)
            self.done("recall", row["id"], status, (409,), door.side)

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
            done = self.done("decline", pk, status, (409,), door.side)
        else:
            status = door.page(f"/transfers/{pk}/acceptance/", {}, uuid.uuid4().hex)
            done = self.done("accept", pk, status, (409,), door.side)
        if not done:
            with self.lock:
                self.taking.discard(pk)  # whoever looks next tries again

    def _give_back(self, door: Door, dice: random.Random) -> None:
        for (matter,) in door.side.read(MINE):
            if matter in self.matters and dice.random() < 0.02:
                with self.lock:
                    self.gone_back.add(matter)
                offer = {"work_no": door.side.hand, "to": self.both.hotline.desk, "reason": "不归 110", "consent": True}
                status, row = door.api(f"/matters/{matter}/transfers", offer, uuid.uuid4().hex)
                self.done("back", row.get("id", ""), status, (409, 403, 422), door.side)
