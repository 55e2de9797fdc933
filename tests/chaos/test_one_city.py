"""One city's node and everything that befalls it, during thousands of intakes, hand-overs and orders at the real doors. The database
is read afterwards by SQL; nothing is asked of the product but whether its chains verify.

`LIANDONG_CHAOS_ACTS` (5000) says how many acknowledged acts for each fault; a failure names its seed, to be given by
`LIANDONG_CHAOS_SEED`.
"""

import os
import random
import sys
import threading
import time
from collections import Counter

import pytest

from liandong.ops.processes import tagged
from tests.chaos import city_faults, day_after, faults
from tests.chaos.city import City, city_running
from tests.chaos.day import Day
from tests.chaos.organisations import child

pytestmark = pytest.mark.chaos
ACTS = int(os.environ.get("LIANDONG_CHAOS_ACTS", "5000"))
EACH = 2.9
"""Acts that one matter leads to, on average."""
HEALTHY, HEALED = 10.0, 60.0
"""Seconds after a fault until every process runs and pages answer; until no offer waits any more."""
LONGEST = 3600.0


@pytest.fixture(scope="module")
def city():
    with city_running() as running:
        yield running
    assert not tagged(str(running.hotline.node.home.path)), "a process that outlived its supervisor"


@pytest.mark.parametrize("name", city_faults.FAULTS)
def test_whatever_befalls_a_city_every_acknowledged_act_is_there_once(city, name, capsys, request):
    if name == "clock_steps" and not faults.compiler():
        pytest.skip("needs a C compiler")
    if name in ("full_disk", "no_memory") and os.geteuid():
        pytest.skip("only root can mount a small disk, or give memory back")
    seed = int(os.environ.get("LIANDONG_CHAOS_SEED", random.randrange(10**6)))
    dice = random.Random(seed)
    city_faults.BEFORE.get(name, City.heal)(city)
    request.addfinalizer(lambda: city_faults.AFTER.get(name, City.heal)(city))
    began = time.monotonic()
    over, broken = threading.Event(), []

    def befall() -> None:
        try:
            city_faults.FAULTS[name](city, dice, over)
        except Exception as error:
            broken.append(error)

    fault = threading.Thread(target=befall, daemon=True)
    with Day(round(ACTS / EACH), dice, city=city) as day:
        fault.start()
        until = time.monotonic() + LONGEST
        while any(giver.is_alive() for giver in day.givers) and time.monotonic() < until:
            time.sleep(0.5)
        over.set()
        fault.join(300)
        healthy = city.healthy(60)
        healed = day_after.settled(day, 5 * HEALED)
    found = day_after.compare(day)
    done = Counter(verb for verb, *_ in day.acknowledged)
    said = (f"{name}: seed {seed}, {len(day.matters)} matters, {len(day.acknowledged)} acts acknowledged, {day.silent} without answer,"
            f" {time.monotonic() - began:.0f} s, healthy in {healthy:.1f} s, healed in {healed:.1f} s; {dict(done)};"
            f" strange: {day.strange[:3]}; wrong: {found}")  # fmt: skip
    with capsys.disabled():
        sys.stdout.write(f"\n{said}\n")
        sys.stdout.flush()
    assert not broken, (seed, broken)
    assert not found.wrong, (seed, str(found))
    assert healthy <= HEALTHY, seed
    assert healed <= HEALED, seed
    assert len(day.matters) >= 0.95 * day.wanted, (seed, day.strange[:10])
    assert min(done[verb] for verb in ("offer", "accept", "order", "resolution", "type")) > 0.1 * day.wanted, (
        seed,
        done,
    )
    assert "全部对得上" in child(city.hotline, "liandong.ops.command", "audit", "verify")
