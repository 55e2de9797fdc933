"""Two nodes of one city over one PostgreSQL, stopped and started in turn as for a new version, while the city works: no request
fails but those that the other node then answers.

`LIANDONG_CHAOS_TURNS` (default 6) says how often one of them is stopped.
"""

import os
import random
import sys
import time

import pytest
from playwright.sync_api import sync_playwright
from psycopg.conninfo import make_conninfo

from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from tests.browser.conftest import CHROMIUM
from tests.browser.people import Caller, Somebody, takes
from tests.browser.test_lost_lines import told
from tests.chaos import day_after
from tests.chaos.city import City, city_running
from tests.chaos.day import Day
from tests.chaos.doors import Door
from tests.chaos.organisations import STARTED
from tests.throwaway import make_home

pytestmark = pytest.mark.chaos
TURNS = int(os.environ.get("LIANDONG_CHAOS_TURNS", "6"))
LONGEST = 20.0
"""Seconds that anybody may wait for an answer while one of two nodes is away."""


@pytest.fixture(scope="module")
def city():
    cluster = Cluster(Home(make_home()))
    cluster.start()
    try:
        with city_running(19800, url=make_conninfo(**cluster.settings()), beside=1) as running:
            yield running
    finally:
        cluster.stop()


def test_what_is_pressed_at_one_node_is_seen_at_once_at_a_desk_of_the_other(city: City):
    first, second = (f"http://127.0.0.1:{node.port}" for node in (city.hotline.node, *city.hotline.beside))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        caller, lin, yue = (
            Caller(browser, first, "su"),
            Somebody(browser, first, "lin"),
            Somebody(browser, second, "yue"),
        )
        caller.sign_in()
        lin.sign_in("07")
        yue.sign_in("03")
        told(yue)
        takes(lin, caller, "13800007701", "鹿城镇 团山路", "团山路小学门口的井盖没了，有人要跳楼")
        lin.press("F1")
        yue.sees("团山路小学门口", "#screen", within=4)  # sooner than a page looks that nobody tells
        browser.close()


def test_while_two_nodes_are_restarted_in_turn_every_request_is_answered(city: City, capsys):
    seed = int(os.environ.get("LIANDONG_CHAOS_SEED", random.randrange(10**6)))
    Door.waited, Door.again = 0.0, 0
    nodes = (city.hotline.node, *city.hotline.beside)
    with Day(10**6, random.Random(seed), city=city) as day:
        for turn in range(TURNS):
            time.sleep(4)
            node = nodes[turn % len(nodes)]
            assert node.stop() == 0, seed
            time.sleep(1)
            node.start("--demo", within=STARTED)
        day_after.settled(day, 60)
    found = day_after.compare(day)
    with capsys.disabled():
        sys.stdout.write(f"\nreplicas: seed {seed}, {TURNS} restarts, {len(day.matters)} matters, {len(day.acknowledged)} acts"
                         f" acknowledged, {Door.again} asked again, none longer than {Door.waited:.1f} s; strange: {day.strange[:3]};"
                         f" wrong: {found}\n")  # fmt: skip
    assert not found.wrong, (seed, str(found))
    assert not day.silent, seed
    assert Door.waited <= LONGEST, seed
    assert not day.strange, (seed, day.strange[:10])
    assert len(day.acknowledged) > 50 * TURNS, seed
