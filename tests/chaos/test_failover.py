"""The primary of a PostgreSQL pair is gone at once, again and again, while a city works and an operator types: nothing acknowledged is
lost, the page says how it stands, and everything comes back by itself.

`LIANDONG_CHAOS_FALLS` (default 3) says how often.
"""

import os
import random
import sys
import threading

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.people import Caller, Somebody, takes
from tests.browser.test_lost_lines import kept
from tests.chaos import day_after
from tests.chaos.city import City, city_running
from tests.chaos.day import Day
from tests.chaos.standby import AWAY, Pair, kept_by_patroni
from tests.throwaway import make_home

pytestmark = pytest.mark.chaos
FALLS = int(os.environ.get("LIANDONG_CHAOS_FALLS", "3"))
BACK = 15.0
"""Seconds from a new primary until a desk works again."""


@pytest.fixture(scope="module")
def pair():
    with kept_by_patroni(make_home()) as running:
        yield running


@pytest.fixture(scope="module")
def city(pair):
    with city_running(19700, url=pair.url()) as running:
        yield running


@pytest.fixture
def lin(city):
    """An operator in a call, in Chromium."""
    address = f"http://127.0.0.1:{city.hotline.node.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        caller, operator = Caller(browser, address, "su"), Somebody(browser, address, "lin")
        caller.sign_in()
        operator.sign_in("07")
        takes(operator, caller, "13800007701", "鹿城镇 团山路", "团山路小学门口的井盖没了")
        yield operator
        browser.close()


def test_a_primary_that_falls_loses_nothing_and_a_desk_says_so_and_comes_back(
    pair: Pair, city: City, lin: Somebody, capsys
):
    seed = int(os.environ.get("LIANDONG_CHAOS_SEED", random.randrange(10**6)))
    words, times = "团山路小学门口的井盖没了", []
    serving = city.hotline.node.pids()
    with Day(10**6, random.Random(seed), city=city) as day:
        for number in range(FALLS):
            threading.Event().wait(5)
            fallen = pair.primary()
            pair.kill(fallen)
            more = f"，第{number}个人在喊"
            words += more
            lin.says(more)
            expect(lin.page.locator("#stale")).not_to_be_empty(timeout=15_000)
            took = pair.wait(standbys=0, other_than=fallen)
            expect(lin.page.locator("#stale")).to_be_empty(timeout=BACK * 1000)
            kept(lin, words)
            times.append(took)
            pair.revive(fallen)
            pair.wait(standbys=1)
        day_after.settled(day, 120)
    found = day_after.compare(day)
    with capsys.disabled():
        sys.stdout.write(f"\nfailover: seed {seed}, {len(day.matters)} matters, {len(day.acknowledged)} acts acknowledged,"
                         f" {day.silent} without answer, a new primary after {', '.join(f'{t:.0f}' for t in times)} s (Patroni waits"
                         f" {AWAY}); strange: {day.strange[:3]}; wrong: {found}\n")  # fmt: skip
    assert not found.wrong, (seed, str(found))
    assert len(day.acknowledged) > 100 * FALLS, (seed, day.strange[:10])
    assert not day.silent, seed
    assert city.hotline.node.pids() == serving, "a process was started anew for want of its database"
