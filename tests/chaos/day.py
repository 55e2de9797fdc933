"""A day of one city, many matters at once, at the real doors: sent through the API, typed at the page, handed to the 110 and taken
there, given to a unit and resolved by it."""

import random
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field

from tests.chaos.city import City
from tests.chaos.doors import Door, People, thread
from tests.chaos.organisations import HANDS, Side

OFFERED = """
    SELECT t.id::text, t.matter_id::text FROM records_transfer t JOIN records_desk d ON d.id = t.to_desk_id
     WHERE t.state = 'offered' AND d.code = %s AND t.matter_id IN (SELECT id FROM records_matter WHERE said LIKE %s)
"""
ASSIGNED = """
    SELECT o.id::text FROM records_order o JOIN records_unit u ON u.id = o.unit_id JOIN records_matter m ON m.id = o.matter_id
     WHERE o.state IN ('assigned', 'signed') AND u.code = %s AND m.said LIKE %s
"""
UNDER_WAY = "SELECT count(*) FROM records_transfer WHERE state = 'offered'"
AT_ONCE = 24


@dataclass
class Day(People):
    """`typed`: of each matter the words whose keeping was last acknowledged, and those that may have been kept since."""

    city: City = field(kw_only=True)
    typed: dict[str, list[str]] = field(default_factory=dict)
    taking: set[str] = field(default_factory=set)

    def jobs(self):
        police = [thread(self._police, n) for n in range(4)]
        return [thread(self._operator, n) for n in range(HANDS)], police + [thread(self._unit, n) for n in range(2)]

    def _operator(self, number: int) -> None:
        with closing(Door(self.city.hotline, number)) as door:
            dice = random.Random(self.dice.random())
            while not self.over.is_set() and (turn := self.next_turn()):
                self._matter(door, dice, turn)
                while not self.over.wait(0.02) and self.city.hotline.read(UNDER_WAY)[0][0] > AT_ONCE:
                    time.sleep(0.2)

    def _matter(self, door: Door, dice: random.Random, turn: int) -> None:
        body = {"text": f"{self.run} {turn} 号路灯坏了，晚上看不见路", "place": "鹿城镇", "district": "532301"}
        status, told = door.api("/matters", body, uuid.uuid4().hex)
        if not self.done("send", told.get("id", ""), status, (), door.side):
            return
        pk = told["id"]
        with self.lock:
            self.matters.add(pk)
        dice.choices((self._offer, self._order, self._type), (50, 35, 15))[0](door, dice, pk)

    def _offer(self, door: Door, dice: random.Random, pk: str) -> None:
        offer = {"work_no": door.side.hand, "to": self.city.police.desk, "reason": "归 110", "consent": True}
        status, row = door.api(f"/matters/{pk}/transfers", offer, uuid.uuid4().hex)
        if self.done("offer", row.get("id", ""), status, (409,), door.side) and dice.random() < 0.1:
            time.sleep(dice.uniform(0, 0.5))
            status, _ = door.api(f"/transfers/{row['id']}/recall", {"work_no": door.side.hand}, uuid.uuid4().hex)
            self.done("recall", row["id"], status, (409,), door.side)

    def _order(self, door: Door, dice: random.Random, pk: str) -> None:
        form = {"unit": self.city.unit.desk.removeprefix("unit:"), "ask": "请修好路灯"}
        status = door.page(f"/matters/{pk}/orders/", form, uuid.uuid4().hex)
        self.done("order", pk, status, (409,), door.side)

    def _type(self, door: Door, dice: random.Random, pk: str) -> None:
        """As the page keeps it, every second or so, longer each time."""
        words = ""
        for number in range(dice.randint(2, 4)):
            words += f"第{number}句，老人说第三根灯杆不亮。"
            with self.lock:
                self.typed.setdefault(pk, []).append(words)
            status = door.page(f"/matters/{pk}/draft/", {"said": words}, uuid.uuid4().hex)
            if self.done("type", pk, status, (), door.side):
                with self.lock:
                    self.typed[pk] = [words]
            time.sleep(dice.uniform(0, 0.3))

    def _answering(self, side: Side, query: str, number: int):
        """Doors and ids of what rings or waits there, each given to one hand."""
        dice = random.Random(self.dice.random())
        with closing(Door(side, number)) as door:
            while not self.over.wait(0.1):
                for pk, *_ in side.read(query, side.desk.removeprefix("unit:"), f"{self.run} %"):
                    with self.lock:
                        ours = pk not in self.taking
                        self.taking.add(pk)
                    if ours:
                        yield door, dice, pk

    def _police(self, number: int) -> None:
        for door, dice, pk in self._answering(self.city.police, OFFERED, number):
            if dice.random() < 0.05:
                form = {"cause": "outside_scope", "proposed": self.city.hotline.desk, "note": ""}
                verb, status = "decline", door.page(f"/transfers/{pk}/decline/", form, uuid.uuid4().hex)
            else:
                verb, status = "accept", door.page(f"/transfers/{pk}/acceptance/", {}, uuid.uuid4().hex)
            if not self.done(verb, pk, status, (409,), door.side):
                self._let_go(pk)

    def _unit(self, number: int) -> None:
        steps = {
            "signature": {},
            "contact": {"note": "已联系"},
            "resolution": {"findings": "灯泡坏了", "answer": "已换好"},
        }
        for door, _, pk in self._answering(self.city.unit, ASSIGNED, number):
            for step, words in steps.items():
                status, _ = door.api(f"/orders/{pk}/{step}", {"work_no": door.side.hand} | words, uuid.uuid4().hex)
                if not self.done(step, pk, status, (409,), door.side):
                    self._let_go(pk)  # whoever looks next goes on from there
                    break

    def _let_go(self, pk: str) -> None:
        with self.lock:
            self.taking.discard(pk)
