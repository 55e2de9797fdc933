"""The desk in Chromium while 500 others are connected: from a key to the lit decision, from F2 to the other screen.

A whole product as a person starts it, with the demo city. Keys are those of an input method that commits words; a key
counts until the page shows a decision for a text at least that long. Beside each figure stands the bare way in the same
run: a request that decides nothing, from the same page. Each part takes what it can in its time and says how much that
was; a hand-over that does not come through is pressed again like a person would, and counted as lost.
"""

import os
import random
import statistics
import subprocess
import sys
import time
from contextlib import suppress

from playwright.sync_api import Error, sync_playwright

from bench.row import Row
from liandong.ops.home import Home
from liandong.ops.readiness import free_port
from tests.ops.node import ENVIRON, Node
from tests.throwaway import make_home

OTHERS, SENTENCES, HAND_OVERS = 500, 20, 30
KEYS_FOR, HAND_OVERS_FOR, FEWEST = 60.0, 90.0, 3
"""Seconds for the keys and for the hand-overs; fewer hand-overs than FEWEST are no figure."""
KEY_LIMIT, OFFER_LIMIT = 150.0, 300.0
TOLD = (
    ("路灯", "坏了", "好几", "盏，", "晚上", "看不", "见路"),
    ("工地", "半夜", "还在", "施工", "，吵", "得睡", "不着"),
    ("想问", "一下", "医保", "怎么", "转到", "外地", "去呢"),
    ("有人", "在打", "架，", "流血", "了，", "快来", "人啊"),
    ("下水", "道堵", "了，", "污水", "流到", "街上", "来了"),
    ("楼上", "漏水", "，物", "业不", "管，", "找了", "三次"),
    ("家里", "煤气", "味很", "重，", "头晕", "，怎", "么办"),
    ("单位", "三个", "月没", "发工", "资了", "，去", "哪告"),
    ("有人", "乱停", "车堵", "住了", "消防", "通道", "出口"),
    ("井盖", "不见", "了，", "刚才", "有人", "掉下", "去了"),
)
_WATCH = """() => {
  window.keys = []; window.shownLit = [];
  window.pressed = 0;
  addEventListener("keydown", e => {
    if (e.key === "F2") pressed = performance.timeOrigin + e.timeStamp;
    else if (e.target.id === "words") keys.push(e.timeStamp);
  }, true);
  new MutationObserver(() => {
    const heard = document.getElementById("heard");
    if (heard) shownLit.push([performance.now(), Number(heard.dataset.chars)]);
  }).observe(document.documentElement, {subtree: true, childList: true, attributes: true, attributeFilter: ["data-chars"]});
}"""
_OFFERED = """() => {
  window.offers = [];
  new MutationObserver(() => {
    const lit = document.getElementById("lit"), call = document.getElementById("call");
    if (call && call.dataset.offer && lit) offers.push([performance.timeOrigin + performance.now(), call.dataset.offer]);
  }).observe(document.documentElement, {subtree: true, childList: true, attributes: true});
}"""
_STANDS = """act => {
  const lit = document.getElementById("lit"), now = lit ? lit.dataset.act + lit.dataset.signature : "";
  if (window.stood !== now) { window.stood = now; window.stoodAt = performance.now(); }
  return lit && lit.dataset.act === act && performance.now() - window.stoodAt > 600;
}"""
_FREE = """() => {
  const mark = document.getElementById("presence"), free = document.querySelector('[data-act="free"]');
  if (mark && mark.dataset.presence !== "free" && free) free.click();
  return mark && mark.dataset.presence === "free";
}"""
_BARE = """async () => {
  const taken = [];
  for (let n = 0; n < 60; n++) {
    const began = performance.now();
    await (await fetch("/healthz", {cache: "no-store"})).text();
    taken.push(performance.now() - began);
    await new Promise(r => setTimeout(r, 50));
  }
  return taken;
}"""


def desks_rows() -> list[Row]:
    """Start the product, seat the others, then type and hand over."""
    home = Home(make_home())
    with Node(home, free_port(18900)) as node, sync_playwright() as playwright:
        node.start("--demo", within=180)
        environ = os.environ | ENVIRON | {"LIANDONG_HOME": str(home.path), "LIANDONG_MODE": "demo",
                                          "DJANGO_SETTINGS_MODULE": "liandong.config.settings"}  # fmt: skip
        command = [sys.executable, "-m", "bench.others"]
        others = subprocess.run(
            [*command, "make", str(OTHERS)], env=environ, capture_output=True, text=True, check=True
        )
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        crowd = None
        try:
            city = City(browser, f"http://127.0.0.1:{node.port}")
            crowd = subprocess.Popen([*command, "run", str(node.port), city.live_port], env=environ,
                                     stdin=subprocess.PIPE, text=True)  # fmt: skip
            crowd.stdin.write(others.stdout)
            crowd.stdin.close()
            city.operator.page.wait_for_timeout(8000)
            keys = city.keys(time.monotonic() + KEYS_FOR)
            bare = city.operator.page.evaluate(_BARE)
            print(f"  {len(keys)} keys: p50 {statistics.median(keys):.0f} p95 {p95(keys):.0f} ms", flush=True)
            offers, lost = city.hand_overs(time.monotonic() + HAND_OVERS_FOR)
            if crowd.poll() is not None:
                raise AssertionError("the other desks did not stay connected")
        finally:
            browser.close()
            if crowd is not None and crowd.poll() is None:
                crowd.terminate()
                crowd.wait(10)
    return rows(keys, offers, bare, lost)


def rows(keys: list[float], offers: list[float], bare: list[float], lost: int) -> list[Row]:
    """p50 and p95 of both ways, with the bare request of the same page beside them."""
    beside = p95(bare)
    print(f"  {len(keys)} keys, {len(offers)} hand-overs ({lost} pressed again), {OTHERS} other desks; bare request p50 "
          f"{statistics.median(bare):.0f} p95 {beside:.0f} ms; the page gathers a key for 16 ms", flush=True)  # fmt: skip
    return [
        Row("key press to lit decision, p50", statistics.median(keys), "ms", None, statistics.median(bare)),
        Row("key press to lit decision, p95", p95(keys), "ms", KEY_LIMIT, beside),
        Row("F2 to the other screen, p50", statistics.median(offers), "ms", None, statistics.median(bare)),
        Row("F2 to the other screen, p95", p95(offers), "ms", OFFER_LIMIT, beside),
    ]


def p95(taken: list[float]) -> float:
    return sorted(taken)[max(0, round(len(taken) * 0.95) - 1)]


class City:
    """An operator of 110 and one of 12345 at their desks, and somebody who dials."""

    def __init__(self, browser, address: str) -> None:
        from tests.browser.people import Caller, Somebody

        self.operator, self.other = Somebody(browser, address, "yue"), Somebody(browser, address, "lin")
        self.caller = Caller(browser, address, "su")
        self.operator.sign_in("03")
        self.other.sign_in("07")
        self.caller.sign_in()
        self.live_port = self.operator.page.locator("body").get_attribute("data-live-port")
        self.operator.page.evaluate(_WATCH)
        self.other.page.evaluate(_OFFERED)
        self.typist = self.operator.context.new_cdp_session(self.operator.page)
        self.caller.dials("110", "13800007788", "鹿城镇 龙川桥", "楚雄市")
        self.operator.answers()

    def type(self, word: str) -> None:
        """One key that commits a word."""
        self.typist.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": word, "key": word[-1]})
        self.typist.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": word[-1]})

    def keys(self, until: float) -> list[float]:
        """Milliseconds from each key to the first decision for a text that holds it."""
        page, dice, taken = self.operator.page, random.Random(7), []
        for turn in range(SENTENCES):
            if time.monotonic() > until:
                break
            page.locator("#words").fill("")
            page.wait_for_function("() => document.getElementById('heard').dataset.chars === '0'", timeout=20_000)
            page.wait_for_timeout(300)
            page.evaluate("() => { keys.length = 0; shownLit.length = 0; }")
            words, lengths = TOLD[turn % len(TOLD)], []
            for word in words:
                self.type(word)
                lengths.append(len(word) + (lengths[-1] if lengths else 0))
                page.wait_for_timeout(dice.randint(180, 450))
            page.wait_for_function("n => shownLit.some(shown => shown[1] >= n)", arg=lengths[-1], timeout=20_000)
            keys, lit = page.evaluate("() => [keys, shownLit]")
            if len(keys) != len(words):
                raise AssertionError(f"{len(keys)} keys for {len(words)} words")
            for pressed, length in zip(keys, lengths, strict=True):
                taken.append(next(at for at, chars in lit if at > pressed and chars >= length) - pressed)
        return taken

    def hand_overs(self, until: float) -> tuple[list[float], int]:
        """Milliseconds from F2 at one desk until the other's screen shows the offer with its lit button; and how often
        F2 had to be pressed again."""
        here, there, taken, lost = self.operator.page, self.other.page, [], 0
        here.locator("#words").fill("龙川桥头的路灯坏了六盏，晚上走路看不见，麻烦来修一下。")
        while len(taken) < HAND_OVERS and time.monotonic() < until:
            here.wait_for_function(_STANDS, arg="transfer", timeout=20_000)
            there.wait_for_function("() => !document.getElementById('call')", timeout=20_000)
            there.wait_for_function(_FREE, polling=500, timeout=20_000)
            there.evaluate("() => { offers.length = 0; }")
            here.keyboard.press("F2")
            try:
                there.wait_for_function("() => offers.length > 0", timeout=4000)
            except Error:
                lost += 1
            else:
                taken.append(there.evaluate("() => offers[0][0]") - here.evaluate("() => pressed"))
            self.take_back()
        if len(taken) < FEWEST:
            raise AssertionError(f"only {len(taken)} hand-overs, {lost} pressed again")
        return taken, lost

    def take_back(self) -> None:
        """The offer is recalled, when there is one, and the other desk waits again."""
        here, there = self.operator.page, self.other.page
        here.wait_for_timeout(500)
        recall = here.locator('#decide [data-act="recall"]')
        if recall.count():
            with suppress(Error):
                recall.first.click(timeout=3000)
                recall.first.wait_for(state="detached", timeout=5000)
        for _ in range(8):  # a lit button that has just changed takes no press
            there.wait_for_timeout(700)
            if there.locator("#call").count() == 0:
                break
            if there.locator("#call[data-offer]").count() == 0 and there.locator('[data-act="back"]').count():
                with suppress(Error):  # it was put anew while the hand went down: the next round looks again
                    there.locator('[data-act="back"]').first.click(timeout=1500)
        there.evaluate("() => liandong.wake()")  # what was left there may open by itself again
        there.wait_for_timeout(300)


if __name__ == "__main__":
    for row in desks_rows():
        print(row)
