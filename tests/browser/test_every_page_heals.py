"""Every page that is live says that nobody tells it anything, looks by itself meanwhile, says that it is old when nothing
comes at all, and heals without a hand."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import start_city
from tests.browser.hands import KEYBOARD
from tests.browser.people import Caller, Somebody, takes

pytestmark = KEYBOARD
LOOKS_WITHIN = 12_000
"""Milliseconds in which a page that polls has seen what happened; it looks every 5 s."""
JUMP = "一个工友站在六号楼楼顶边上，说要跳下去"
LIVE = re.compile(r"/live/\?")


@pytest.fixture(scope="module")
def node():
    """A city of their own: the dangers that are raised here stay open."""
    yield from start_city()


@pytest.fixture(scope="module")
def city(node):
    return f"http://127.0.0.1:{node.port}"


def refused(route: Route) -> None:
    """As something that stands between, while there is no live process."""
    route.fulfill(status=502, body="")


def dropped(route: Route) -> None:
    """As a line that is cut."""
    route.abort()


def of_the_unit(city: str, somebody: Callable) -> Somebody:
    return somebody(city, "tang", width=390, height=844)


def of_the_duty_office(city: str, somebody: Callable) -> Somebody:
    return somebody(city, "gao")


def of_the_leader(city: str, somebody: Callable) -> Somebody:
    shen = somebody(city, "shen", "01")
    shen.page.goto(f"{city}/floor/")
    return shen


def of_the_wall(city: str, somebody: Callable) -> Somebody:
    su = somebody(city, "su", width=1920, height=1080)
    su.page.goto(f"{city}/wallboard/")
    return su


def given_out(lin: Somebody, caller: Caller) -> str:
    number = takes(lin, caller, "13800008101", "鹿城镇 环城路", "环城路边烧烤摊占道，人走不过去")
    lin.press("F4")
    lin.panel(unit="532301-urban", ask="到现场看")
    lin.sees("待签收", "#options")
    return number


def in_danger(lin: Somebody, caller: Caller) -> str:
    takes(lin, caller, "13800008102", "东瓜镇 锦和里二期", JUMP)
    lin.press("F1")
    lin.sees("等 110 派警", "#danger")
    return "楼顶"


def in_talk(lin: Somebody, caller: Caller) -> str:
    takes(lin, caller, "13800008103", "鹿城镇 团山路", "团山路的路灯坏了六盏")
    return "通话中"


PAGES = {
    "unit": (of_the_unit, given_out, ".orders", refused),
    "duty": (of_the_duty_office, in_danger, "#duty", dropped),
    "floor": (of_the_leader, in_talk, "#floor", refused),
    "wall": (of_the_wall, in_danger, "#wall-first", dropped),
}


def test_the_shared_page_of_two_desks_goes_on_by_looking_and_heals(city, somebody, caller):
    lin, yue = somebody(city, "lin", "07"), somebody(city, "yue", "03")
    said = "青龙河边烧烤店占道经营，油烟扰民，前天店里的人打架。"
    takes(lin, caller, "13800008105", "鹿城镇 团结巷", said)
    lin.sees("市容管理类", "#heard")
    lin.press("F3")
    yue.lit_says("进入三方通话")
    yue.press("F2")
    for one in (lin, yue):
        one.page.wait_for_url("**/three-way/")
    yue.context.route(LIVE, refused)
    yue.page.reload()
    line = yue.page.locator("[data-line]")
    expect(line).to_have_text("每 5 秒看一次", timeout=10_000)
    lin.fills("#record-words", said + "门口停着两辆摩托。")
    expect(yue.page.locator("#three-heard")).to_contain_text("两辆摩托", timeout=3000)
    yue.context.unroute(LIVE)
    expect(line).to_have_text("连着", timeout=15_000)
    yue.context.set_offline(True)
    yue.sees("这一页旧了", "#stale", within=25)
    yue.context.set_offline(False)
    expect(yue.page.locator("#stale")).to_be_empty(timeout=20_000)


def test_who_is_writing_on_a_unit_page_is_told_too_and_loses_nothing(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    number = given_out(lin, caller)
    tang = of_the_unit(city, somebody)
    tang.follows(number)
    tang.lit_says("签收")
    tang.press_lit()
    tang.lit_says("登记已联系")
    tang.press_lit()
    tang.writes("约好下午三点到现场")
    tang.context.set_offline(True)
    tang.sees("这一页旧了", "#stale", within=25)
    tang.does("form.panel:not([hidden]) [type=submit]")
    tang.sees("没连上平台", "#fault")
    tang.context.set_offline(False)
    expect(tang.page.locator("#stale")).to_be_empty(timeout=20_000)
    tang.does("form.panel:not([hidden]) [type=submit]")
    tang.lit_says("办结")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_nobody_tells_anything_says_so_looks_by_itself_and_heals(city, somebody, caller, name):
    arrives, happens, where, broken = PAGES[name]
    lin = somebody(city, "lin", "07")
    one = arrives(city, somebody)
    line = one.page.locator("[data-line]")
    expect(line).to_have_text("连着")
    beside = kept(one, name)
    one.context.route(LIVE, broken)
    for page in (one.page, *beside):
        page.reload()
    expect(line).to_have_text("每 5 秒看一次", timeout=10_000)
    said = happens(lin, caller)
    expect(one.page.locator(where)).to_contain_text(said, timeout=LOOKS_WITHIN)
    expect(line).to_have_text("每 5 秒看一次")  # also after it was drawn anew
    for page in beside:
        expect(page.locator("#changes")).to_contain_text("处变化", timeout=LOOKS_WITHIN)
    one.context.unroute(LIVE)
    for page in (one.page, *beside):
        expect(page.locator("[data-line]")).to_have_text("连着", timeout=15_000)

    one.context.set_offline(True)
    one.sees("这一页旧了", "#stale", within=25)
    expect(line).to_have_text("每 5 秒看一次", timeout=10_000)
    for page in beside:
        expect(page.locator("#stale")).to_contain_text("这一页旧了", timeout=25_000)
    one.context.set_offline(False)
    for page in (one.page, *beside):
        expect(page.locator("#stale")).to_be_empty(timeout=20_000)
        expect(page.locator("[data-line]")).to_have_text("连着", timeout=20_000)
    if beside:
        told_of_by_the_stream(lin, beside[0])


def kept(one: Somebody, name: str) -> list[Page]:
    """A page without a script of its own, open beside the leader's floor: every such page is kept alike."""
    if name != "floor":
        return []
    page = one.context.new_page()
    page.goto(f"{one.address}/matters/")
    expect(page.locator("[data-line]")).to_have_text("连着")
    return [page]


def told_of_by_the_stream(lin: Somebody, listed: Page) -> None:
    """The list is shown on a key; what stands in a row changes by itself, long before anybody would look."""
    listed.keyboard.press("Alt+k")
    expect(listed.locator("#changes")).to_be_hidden()
    number = lin.page.locator("#matter-number").inner_text().strip()
    row = listed.locator("#found-rows tr", has_text=number)
    expect(row).to_contain_text("接听")
    lin.press("F10")
    lin.press("F4")
    lin.panel(unit="532301-urban", ask="到现场看")
    lin.sees("待签收", "#options")
    expect(row).to_contain_text("单位办理中", timeout=LOOKS_WITHIN)
