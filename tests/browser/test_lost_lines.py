"""What the desk says when something between it and the platform is gone, that it comes back by itself, and that what was
typed is there: real processes of the running city are killed or stopped, Chromium is cut off or crashes."""

import os
import signal
import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from liandong.ops.readiness import answers_http
from tests.browser.conftest import start_city
from tests.browser.hands import KEYBOARD
from tests.browser.people import Somebody, takes
from tests.ops.node import Node, children

pytestmark = KEYBOARD
KEPT_WITHIN = 2.0
"""Seconds after which what was typed is kept, whatever happens next."""
BEFORE, MEANWHILE = "团山路小学门口的井盖没了", "，一个老人差点掉进去"


def kill(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    os.kill(pid, how)


def pid_of(node: Node, name: str) -> int:
    return node.pids().get(name, 0)


def back(node: Node, name: str, before: int, within: float = 30.0) -> None:
    """The process that was killed runs again under another number."""
    until = time.monotonic() + within
    while pid_of(node, name) in (0, before):
        assert time.monotonic() < until, f"{name} was not started again"
        time.sleep(0.1)


def answering(node: Node, within: float = 30.0) -> None:
    """Whoever opens the page now gets it."""
    until, asks = time.monotonic() + within, answers_http(node.port, named="localhost")
    while not asks():
        assert time.monotonic() < until, "the pages did not come back"
        time.sleep(0.1)


def words(desk: Somebody, text: str, within: float = 15.0) -> None:
    expect(desk.page.locator("#words")).to_have_value(text, timeout=within * 1000)


def kept(desk: Somebody, text: str) -> None:
    """What stands in the box is on the platform: a fresh page shows it."""
    desk.sees("已存", "#saved", within=20)
    desk.page.reload()
    words(desk, text)


def alone(desk: Somebody) -> None:
    """The page says that nobody tells it anything and that it looks by itself."""
    expect(desk.page.locator("[data-line]")).to_have_text("每 5 秒看一次", timeout=20_000)


def told(desk: Somebody) -> None:
    expect(desk.page.locator("[data-line]")).to_have_text("连着", timeout=40_000)


@pytest.fixture(scope="module")
def node():
    """A city of their own: what is killed here must not be missing in anybody else's."""
    yield from start_city()


@pytest.fixture(scope="module")
def city(node):
    return f"http://127.0.0.1:{node.port}"


@pytest.fixture
def lin(city, somebody, caller) -> Somebody:
    """In a call, with words typed and kept."""
    desk = somebody(city, "lin", "07")
    takes(desk, caller, "13800007701", "鹿城镇 团山路", BEFORE)
    return desk


def test_a_desk_that_is_cut_off_says_so_keeps_what_is_typed_and_comes_back(lin):
    lin.page.context.set_offline(True)
    lin.says(MEANWHILE)
    lin.sees("没连上，字还在这里", "#saved")
    lin.sees("这一页旧了", "#stale", within=20)
    lin.sees("写的字都在", "#stale")
    lin.page.keyboard.press("F2")  # a press that reaches nobody is said, and not lost
    lin.sees("没连上平台", "#fault", within=6)
    words(lin, BEFORE + MEANWHILE)
    lin.page.context.set_offline(False)
    expect(lin.page.locator("#stale")).to_be_empty(timeout=20_000)
    expect(lin.page.locator("#fault")).to_be_empty()
    kept(lin, BEFORE + MEANWHILE)


def test_while_nobody_tells_the_desk_looks_by_itself_and_a_new_live_process_is_heard(node, lin, somebody, caller):
    before = pid_of(node, "live")
    kill(before, signal.SIGSTOP)
    alone(lin)
    caller.hangs_up()
    lin.sees("通话已结束", "#caller", within=15)  # seen by looking
    kill(before)
    back(node, "live", before)
    told(lin)
    lin.says(MEANWHILE)
    kept(lin, BEFORE + MEANWHILE)


def test_a_silent_worker_is_noticed_and_a_new_one_takes_over(node, city, lin, somebody, caller):
    yue = somebody(city, "yue", "03")
    before = pid_of(node, "worker")
    kill(before, signal.SIGSTOP)
    try:
        alone(lin)
        alone(yue)
        lin.says("，有人要跳楼")
        lin.press("F1")
        yue.sees("团山路小学门口", "#screen", within=20)  # danger is before 110 with nobody telling
    finally:
        kill(before)
    back(node, "worker", before)
    told(lin)
    told(yue)
    kept(lin, BEFORE + "，有人要跳楼")


def test_what_was_typed_outlives_killed_web_workers_and_a_crashed_browser(node, city, lin, somebody):
    lin.says(MEANWHILE)
    time.sleep(KEPT_WITHIN)
    for worker in children(pid_of(node, "web")):
        kill(worker)
    with suppress(Error):
        lin.page.goto("chrome://crash", timeout=3000)
    lin.context.close()
    answering(node)
    elsewhere = somebody(city, "lin", "07")  # another machine; the seat comes along
    words(elsewhere, BEFORE + MEANWHILE)


def test_who_types_on_while_the_web_process_dies_loses_nothing(node, lin):
    before = pid_of(node, "web")
    for end in ("，第一句", "，第二句", "，第三句"):
        lin.says(end)
        if end == "，第一句":
            kill(before)
    words(lin, BEFORE + "，第一句，第二句，第三句")
    back(node, "web", before)
    expect(lin.page.locator("#stale")).to_be_empty(timeout=30_000)
    kept(lin, BEFORE + "，第一句，第二句，第三句")


def test_a_web_process_that_hangs_is_said_and_work_goes_on_when_it_answers(node, lin):
    group = [pid_of(node, "web"), *children(pid_of(node, "web"))]
    for pid in group:
        kill(pid, signal.SIGSTOP)
    try:
        lin.says(MEANWHILE)
        lin.sees("没连上，字还在这里", "#saved", within=12)
    finally:
        for pid in group:
            with suppress(ProcessLookupError):
                kill(pid, signal.SIGCONT)
    kept(lin, BEFORE + MEANWHILE)


def test_everything_is_killed_and_the_open_desk_finds_its_words_again(node, city, lin, somebody):
    lin.says(MEANWHILE)
    time.sleep(KEPT_WITHIN)
    for pid in node.everybody():
        kill(pid)
    node.process.wait()
    lin.sees("这一页旧了", "#stale", within=25)
    lin.says("，快来人")
    lin.sees("没连上，字还在这里", "#saved")
    node.start("--demo", within=120)
    expect(lin.page.locator("#stale")).to_be_empty(timeout=30_000)
    told(lin)
    lin.sees("已存", "#saved", within=20)
    elsewhere = somebody(city, "lin", "07")
    words(elsewhere, BEFORE + MEANWHILE + "，快来人")
