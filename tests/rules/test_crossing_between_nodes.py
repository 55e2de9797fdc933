"""One matter between two nodes over the worst network there is: messages lost, doubled, late and out of order, acts on both
sides at any moment. Never two holders; when the network is well again exactly one, and both nodes say the same."""

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from liandong.rules import crossing, flows
from liandong.rules.crossing import GIVER, TAKER

AGREE = {
    "accepted": {"accepted"}, "recalled": {"recalled", "declined"}, "lapsed": {"lapsed", "declined"}, "declined": {"declined"},
    "offered": {"offered", "led"},
}  # fmt: skip
"""How an offer may stand at the taker when the giver's stands so and nothing is under way."""


class Node:
    """What one node's database holds of the matter: whether a desk of its own is the holder, its rows of each offer, its
    outbox, and how far it has heard the other."""

    def __init__(self, holds: bool) -> None:
        self.holds = holds
        self.rows: dict[int, tuple[str, str]] = {}  # offer -> (side, state)
        self.outbox: dict[int, tuple[str, int]] = {}  # sequence -> (kind, offer), not yet acknowledged
        self.said = self.heard = 0

    def take(self, offer: int, verb: str) -> None:
        """A step of rules.flows on this node's row, and the message that its Event means."""
        side, state = self.rows[offer]
        row = flows.step("transfer", verb)
        assert state in row.sources, (verb, state)
        self.rows[offer] = side, row.target or state
        if row.moves == "holder":
            self.holds = side == TAKER
        self.say(crossing.SENT_BY[side].get(row.event, ""), offer)

    def say(self, kind: str, offer: int) -> None:
        if kind:
            self.said += 1
            self.outbox[self.said] = kind, offer

    def open(self, side: str, states: tuple[str, ...]) -> list[int]:
        return [offer for offer, row in self.rows.items() if row[0] == side and row[1] in states]

    def hear(self, sequence: int, kind: str, offer: int) -> bool:
        """What actions.arriving does: known messages are acknowledged again, those out of turn are refused."""
        if sequence > self.heard + 1:
            return False
        if sequence == self.heard + 1:
            self.heard = sequence
            self.do(kind, offer)
        return True

    def do(self, kind: str, offer: int) -> None:
        if kind == "offer":
            self.rows[offer] = TAKER, "offered"
            self.say("delivered", offer)
            return
        side = self.rows[offer][0]
        move = crossing.on_message(side, self.rows[offer][1], kind)
        if move.verb:
            self.take(offer, move.verb)
        else:
            self.say(move.answer, offer)


class TwoNodes(RuleBasedStateMachine):
    """Rules are what people and clocks do at either node, and what the network does."""

    @initialize()
    def begin(self) -> None:
        self.nodes = (Node(True), Node(False))
        self.wire: list[tuple[int, int, str, int]] = []  # to, sequence, kind, offer
        self.acks: list[tuple[int, int]] = []  # to, sequence
        self.offers = 0

    node = st.integers(0, 1)

    @rule(n=node)
    def offer(self, n: int) -> None:
        here = self.nodes[n]
        if here.holds and not here.open(GIVER, ("offered",)):
            self.offers += 1
            here.rows[self.offers] = GIVER, "offered"
            here.say("offer", self.offers)

    @rule(n=node, verb=st.sampled_from(["recall", "lapse", "accept_there"]))
    def act_of_the_giver(self, n: int, verb: str) -> None:
        """Takes back, lets run out, or writes down what was agreed on the telephone."""
        for offer in self.nodes[n].open(GIVER, ("offered",)):
            self.nodes[n].take(offer, verb)

    @rule(n=node, verb=st.sampled_from(["claim", "decline", "lead", "ask_again"]))
    def act_of_the_taker(self, n: int, verb: str) -> None:
        for offer in self.nodes[n].open(TAKER, flows.step("transfer", verb).sources):
            self.nodes[n].take(offer, verb)

    @rule(n=node)
    def send(self, n: int) -> None:
        """The courier tries the first that has not arrived; a copy of a later one may still be under way from before."""
        if out := self.nodes[n].outbox:
            self.wire.append((1 - n, min(out), *out[min(out)]))

    @precondition(lambda self: self.wire)
    @rule(some=st.data(), again=st.booleans())
    def arrive(self, some: st.DataObject, again: bool) -> None:
        place = some.draw(st.integers(0, len(self.wire) - 1))
        to, sequence, kind, offer = self.wire[place] if again else self.wire.pop(place)
        if self.nodes[to].hear(sequence, kind, offer):
            self.acks.append((1 - to, sequence))

    @precondition(lambda self: self.wire)
    @rule(some=st.data())
    def lose(self, some: st.DataObject) -> None:
        self.wire.pop(some.draw(st.integers(0, len(self.wire) - 1)))

    @precondition(lambda self: self.acks)
    @rule(some=st.data(), lost=st.booleans())
    def acknowledge(self, some: st.DataObject, lost: bool) -> None:
        to, sequence = self.acks.pop(some.draw(st.integers(0, len(self.acks) - 1)))
        if not lost:
            self.nodes[to].outbox.pop(sequence, None)

    @invariant()
    def never_two_holders_and_none_only_while_a_confirmation_is_under_way(self) -> None:
        holders = sum(node.holds for node in self.nodes)
        assert holders <= 1
        if holders == 0:
            under_way = [
                sequence
                for n, node in enumerate(self.nodes)
                for sequence, (kind, _) in node.outbox.items()
                if kind == "confirmed" and sequence > self.nodes[1 - n].heard
            ]
            assert under_way

    @invariant()
    def who_has_not_been_confirmed_does_not_hold(self) -> None:
        for node in self.nodes:
            assert not (node.holds and node.open(TAKER, ("confirming",)))

    def teardown(self) -> None:
        """The network is well again: exactly one holder, nobody left confirming, both say the same of every offer."""
        while any(node.outbox for node in self.nodes):
            for n, node in enumerate(self.nodes):
                for sequence, (kind, offer) in sorted(node.outbox.items()):
                    assert self.nodes[1 - n].hear(sequence, kind, offer)
                    del node.outbox[sequence]
        assert sum(node.holds for node in self.nodes) == 1
        for n, node in enumerate(self.nodes):
            for offer in node.open(GIVER, flows.states("transfer")):
                assert self.nodes[1 - n].rows[offer][1] in AGREE[node.rows[offer][1]]


class TestTwoNodes(TwoNodes.TestCase):
    settings = hypothesis_settings(max_examples=300, stateful_step_count=60, deadline=None)


@pytest.mark.parametrize("side", [GIVER, TAKER])
def test_every_move_of_the_table_is_a_step_the_machine_may_take_from_there(side):
    for kind, rows in crossing.TABLE[side].items():
        for state, move in rows.items():
            assert move.verb or move.answer, (kind, state)
            if move.verb:
                row = flows.step("transfer", move.verb)
                assert state in row.sources and "system" in row.who, (kind, state)


def test_the_two_sides_never_tell_the_same_event_so_that_no_message_echoes():
    assert not set(crossing.SENT_BY[GIVER]) & set(crossing.SENT_BY[TAKER])


def test_only_a_confirmation_makes_a_taker_the_holder():
    moving = {kind for kind, rows in crossing.TABLE[TAKER].items() for m in rows.values()
              if m.verb and flows.step("transfer", m.verb).moves == "holder"}  # fmt: skip
    assert moving == {"confirmed"}
