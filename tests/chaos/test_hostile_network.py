"""Many hand-overs at once over a network that loses, doubles, delays and cuts one way, while people and clocks on both sides act
as they like. What became of it is found by comparing the two databases, not by asking the product."""

import random
from collections import Counter

import pytest
from django.utils import timezone

from liandong.actions import transfer, untaken
from liandong.exchange import https
from liandong.records.models import Event, Matter, OutboxMessage, SharedMatter, Transfer
from liandong.rules.access import system
from liandong.rules.say import Unable
from tests.exchange.pair import HOTLINE, POLICE, Pair

AGREE = {"accepted": {"accepted"}, "recalled": {"recalled", "declined"}, "lapsed": {"lapsed", "declined"},
         "declined": {"declined"}, "offered": {"offered", "led"}}  # fmt: skip
MATTERS, STEPS = 8, 60


class Hostile:
    """A network with moods. `cut` is the node that nothing reaches just now, as when one direction is cut."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.cut, self.late = dice, "", []

    def __call__(self, to, body, signed, deliver):
        what = self.dice.random()
        if to == self.cut or what < 0.2:
            raise https.Unreached("lost")
        if what < 0.35:
            deliver()
            raise https.Unreached("the answer was lost")
        if what < 0.5:
            self.late.append(deliver)  # a copy stays on its way and comes once more, after others
        if what < 0.6:
            deliver()
        return deliver()

    def again(self) -> None:
        for deliver in self.dice.sample(self.late, min(2, len(self.late))):
            deliver()


def press(pair: Pair, dice: random.Random, node: str) -> None:
    """Somebody, or the clock, does something about some matter at this node; what is refused is refused."""
    with pair.at(node) as cast:
        me, other = (cast.lin, "110:532301") if node == HOTLINE else (cast.yue, "12345:532300")
        rows = list(Transfer.objects.select_related("from_desk", "to_desk").order_by("offered_at", "pk"))
        row = dice.choice(rows) if rows else None
        matters = list(Matter.objects.order_by("received_at", "pk"))
        matter = dice.choice(matters) if matters else None
        acts = {
            "offer": lambda: cast.act(transfer.offer, matter, cast.desk(other), by=me),
            "recall": lambda: cast.act(transfer.recall, row, by=me),
            "accept": lambda: cast.act(transfer.accept, row, by=me),
            "decline": lambda: cast.act(transfer.decline, row, "outside_scope", other, by=me),
            "lapse": lambda: untaken.lapse(row, by=system("transfer.lapse", "532300"), at=timezone.now()),
        }
        name = dice.choices(list(acts), weights=[5, 2, 6, 1, 1])[0]
        if (row is None and name != "offer") or (name == "lapse" and row.state not in ("offered", "led")):
            return
        try:
            acts[name]()
        except Unable:
            return


@pytest.mark.chaos
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_network_does_each_matter_ends_with_one_holder_and_both_databases_agree(pair, seed):
    dice = random.Random(seed)
    matters = []
    for _ in range(MATTERS):
        with pair.at(HOTLINE) as cast:
            matters.append(cast.call(cast.lin, said="楼道灯坏了三天没人修", district="532301").pk)
    pair.network = hostile = Hostile(dice)
    for _ in range(STEPS):
        hostile.cut = dice.choice(["", "", HOTLINE, POLICE])
        press(pair, dice, dice.choice([HOTLINE, POLICE]))
        pair.carry(rounds=1)
        hostile.again()
        assert not both_hold(pair, matters)
    pair.network = lambda to, body, signed, deliver: deliver()
    pair.carry()
    compare(pair, matters)


def held_at(pair: Pair, node: str) -> set:
    with pair.at(node):
        return set(Matter.objects.filter(holder__partner=None).values_list("pk", flat=True))


def both_hold(pair: Pair, matters: list) -> set:
    return held_at(pair, HOTLINE) & held_at(pair, POLICE) & set(matters)


def compare(pair: Pair, matters: list) -> None:
    """The two databases, side by side."""
    here, there = held_at(pair, HOTLINE), held_at(pair, POLICE)
    assert not here & there
    assert here | there == set(matters), "a matter that nobody holds"
    states, taken, counts = {}, {}, {}
    for node in (HOTLINE, POLICE):
        with pair.at(node):
            assert not OutboxMessage.objects.exclude(state="taken").exists()
            states[node] = dict(Transfer.objects.values_list("pk", "state"))
            givers = set(Transfer.objects.filter(from_desk__partner=None).values_list("pk", flat=True))
            taken[node] = Counter(Event.objects.filter(kind="transfer.accepted").values_list("matter", flat=True))
            counts[node] = {
                m: (said, heard) for m, said, heard in SharedMatter.objects.values_list("matter", "said", "heard")
            }
        other = POLICE if node == HOTLINE else HOTLINE
        with pair.at(other):
            assert givers <= set(Transfer.objects.values_list("pk", flat=True)), "an offer that never came"
        states[node, "givers"] = givers
    for node, other in ((HOTLINE, POLICE), (POLICE, HOTLINE)):
        for pk in states[node, "givers"]:
            assert states[other][pk] in AGREE[states[node][pk]], (states[node][pk], states[other][pk])
    assert taken[HOTLINE] == taken[POLICE], "an acceptance that stands in one timeline only, or twice"
    assert {m: (heard, said) for m, (said, heard) in counts[HOTLINE].items()} == counts[POLICE]
