"""Two whole nodes as two organisations run them, and everything that befalls them, during thousands of hand-overs. The two
databases are compared afterwards by SQL; nothing is asked of the product.

`LIANDONG_CHAOS_HAND_OVERS` (2000) says how many for each fault; a failure names its seed, to be given by `LIANDONG_CHAOS_SEED`.
"""

import os
import random
import sys
import threading
import time
from collections import Counter

import pytest

from tests.chaos import compare, faults
from tests.chaos.hand_overs import Crowd
from tests.chaos.organisations import Both, both_running

pytestmark = pytest.mark.chaos
HAND_OVERS = int(os.environ.get("LIANDONG_CHAOS_HAND_OVERS", "2000"))
HEALED = 60.0
"""Seconds after the fault, or the last hand-over that was begun, until nothing is under way any more."""
LONGEST = 3600.0


@pytest.fixture(scope="module")
def both():
    with both_running() as running:
        yield running


@pytest.mark.parametrize("name", faults.FAULTS)
def test_whatever_befalls_them_nothing_is_lost_or_doubled_and_each_matter_has_one_holder(both, name, capsys, request):
    if name == "clock_steps" and not faults.compiler():
        pytest.skip("needs a C compiler")
    if name == "full_disk" and os.geteuid():
        pytest.skip("only root can mount a small disk")
    seed = int(os.environ.get("LIANDONG_CHAOS_SEED", random.randrange(10**6)))
    dice = random.Random(seed)
    faults.BEFORE.get(name, Both.heal)(both)
    request.addfinalizer(lambda: faults.AFTER.get(name, Both.heal)(both))
    began = time.monotonic()
    over, broken = threading.Event(), []

    def befall() -> None:
        try:
            faults.FAULTS[name](both, dice, over)
        except Exception as error:
            broken.append(error)

    fault = threading.Thread(target=befall, daemon=True)
    with Crowd(HAND_OVERS, dice, both=both) as crowd:
        fault.start()
        twice = watch(both, crowd, LONGEST)
        crowd.given.set()
        over.set()
        fault.join(300)
        both.heal()
        took = healed(both, crowd)
    found = compare.compare(both, crowd)
    said = (f"{name}: seed {seed}, {len(crowd.matters)} matters, {len(crowd.acknowledged)} acts acknowledged, {crowd.silent} without"
            f" answer, {time.monotonic() - began:.0f} s, healed in {took:.1f} s; strange: {crowd.strange[:3]}; wrong: {found}")  # fmt: skip
    with capsys.disabled():
        sys.stdout.write(f"\n{said}\n")
    assert not broken, (seed, broken)
    assert not twice, (seed, "two confirmed holders", twice)
    assert not found.wrong, (seed, str(found))
    assert took <= HEALED, (seed, compare.busy(both))
    assert len(crowd.matters) >= 0.95 * HAND_OVERS, (seed, crowd.strange[:10])
    done = Counter(verb for verb, *_ in crowd.acknowledged)
    assert done["offer"] >= 0.9 * HAND_OVERS and done["accept"] >= 0.2 * HAND_OVERS, (seed, done, crowd.strange[:10])


def watch(both: Both, crowd: Crowd, longest: float) -> set[str]:
    """Look again and again whether anything has two holders, until every hand-over was begun; gives those that had."""
    twice: set[str] = set()
    until = time.monotonic() + longest
    while any(giver.is_alive() for giver in crowd.givers) and time.monotonic() < until:
        with crowd.lock:
            matters = crowd.matters - crowd.gone_back
        twice |= compare.held_by_both(both, matters) - crowd.gone_back
        time.sleep(1)
    return twice


def healed(both: Both, crowd: Crowd) -> float:
    """Seconds until nothing is under way any more; people go on answering what rings."""
    began = time.monotonic()
    while any(any(row) for row in compare.busy(both)) and time.monotonic() - began < 5 * HEALED:
        time.sleep(0.3)
    return time.monotonic() - began
