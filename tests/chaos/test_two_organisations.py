"""Two whole nodes as two organisations run them, and kill -9 of either at the moment of acceptance. The two databases are compared
afterwards; nothing is asked of the product."""

import contextlib
import json
import os
import random
import signal
import time
from collections import Counter

import pytest
from django.db import connections
from django.utils import timezone

from liandong.actions import intake, receive, transfer
from liandong.ops.home import Home
from liandong.records.models import Desk, Event, Matter, OutboxMessage, Transfer
from liandong.rules.access import system
from liandong.rules.say import Unable
from tests.exchange import running
from tests.exchange.test_two_nodes import Pair
from tests.ops.node import port_from
from tests.throwaway import make_home

HAND_OVERS = int(os.environ.get("LIANDONG_CHAOS_HAND_OVERS", "40"))
SIDES = {"12345": ("hotline.demo", "lin", "12345:532300"), "110": ("police.demo", "yue", "110:532301")}
HEALED = 60.0
"""Seconds after the last kill, or the last hand-over that was begun, until nothing is under way any more."""


@pytest.fixture
def homes(django_db_blocker, settings):
    """Both homes, running; `at(home, platform)` is at one of their databases."""
    home = Home(make_home())
    default = connections["default"]
    before = dict(default.settings_dict)
    with Pair(home, port_from(19200)) as pair, django_db_blocker.unblock():
        pair.ready(within=600)
        yield home
        default.close()
    default.settings_dict.update(before)


def at(home: Home, platform: str, settings):
    """Be at one node's database; yields the person who presses there."""
    return running.at(Home(home.path / platform), *SIDES[platform], settings)


def kill(home: Home, platform: str, dice: random.Random) -> None:
    """kill -9 one of the node's processes, or its database."""
    rows = json.loads((home.path / platform / "processes.json").read_text())["processes"]
    name = dice.choice(["web", "worker", "postgres"])
    with contextlib.suppress(ProcessLookupError):
        os.kill(rows[name]["pid"], signal.SIGKILL)


def patiently(do):
    """As a page does: asked again while the database is away."""
    until = time.monotonic() + 60
    while True:
        try:
            return do()
        except Unable:
            return None
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def offer(home: Home, settings) -> str:
    with at(home, "12345", settings) as lin:
        desk, now = Desk.objects.get(code="12345:532300"), timezone.now()
        arrival = intake.Arrival("phone", "12345", "13800002671", "鹿城镇团结路 12 号", 80, "532301", "")
        matter = receive.open(arrival, desk, by=system("switch", "532300"), at=now)
        matter = receive.answer(matter, by=lin, at=now)
        matter = receive.record(matter, said="楼道灯坏了三天没人修", district="532301", by=lin, at=now)
        transfer.offer(matter, Desk.objects.get(code="110:532301"), by=lin, at=now)
        return str(matter.pk)


def accept_what_came(home: Home, settings, killed) -> None:
    with at(home, "110", settings) as yue:
        for row in Transfer.objects.filter(state__in=["offered", "led"], to_desk__code="110:532301"):
            with contextlib.suppress(Unable):
                transfer.accept(row, by=yue, at=timezone.now())
                killed()


def recall_some(home: Home, settings, dice: random.Random) -> None:
    with at(home, "12345", settings) as lin:
        for row in Transfer.objects.filter(state="offered"):
            if dice.random() < 0.2:
                with contextlib.suppress(Unable):
                    transfer.recall(row, by=lin, at=timezone.now())


@pytest.mark.chaos
def test_kill_9_of_either_node_at_the_moment_of_acceptance_leaves_exactly_one_holder(homes, settings):
    dice, matters = random.Random(7), set()

    def killed() -> None:
        if dice.random() < 0.3:
            kill(homes, dice.choice(["12345", "110"]), dice)

    for _ in range(HAND_OVERS):
        matter = patiently(lambda: offer(homes, settings))
        if matter:
            matters.add(matter)
        patiently(lambda: accept_what_came(homes, settings, killed))
        if dice.random() < 0.2:
            patiently(lambda: recall_some(homes, settings, dice))
    last, healed = time.monotonic(), 0.0  # no kill is later
    until = last + 300
    while not healed and time.monotonic() < until:
        patiently(lambda: accept_what_came(homes, settings, lambda: None))
        if patiently(lambda: quiet(homes, settings)):
            healed = time.monotonic()
        time.sleep(1)
    assert healed, "messages still on their way"
    assert healed - last <= HEALED
    compare(homes, settings, matters)


def quiet(home: Home, settings) -> bool:
    """Whether nothing is under way any more on either side."""
    for platform in SIDES:
        with at(home, platform, settings):
            if (
                OutboxMessage.objects.exclude(state="taken").exists()
                or Transfer.objects.filter(state__in=["offered", "led", "confirming"]).exists()
            ):
                return False
    return True


def compare(home: Home, settings, matters: set[str]) -> None:
    """The two databases, side by side."""
    held, taken, ends = {}, {}, {}
    for platform in SIDES:
        with at(home, platform, settings):
            held[platform] = {
                str(pk) for pk in Matter.objects.filter(holder__partner=None).values_list("pk", flat=True)
            }
            taken[platform] = Counter(Event.objects.filter(kind="transfer.accepted").values_list("matter", flat=True))
            ends[platform] = dict(Transfer.objects.values_list("pk", "state"))
    assert not held["12345"] & held["110"], "two holders"
    assert matters <= held["12345"] | held["110"], "a matter that nobody holds"
    assert taken["12345"] == taken["110"], "an acceptance in one timeline only, or twice"
    for pk, state in ends["110"].items():
        assert ends["12345"][pk] == state or (state, ends["12345"][pk]) in {
            ("declined", "recalled"),
            ("declined", "lapsed"),
        }
