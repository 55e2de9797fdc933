"""Whole days of several people at once in Chromium: one call parted between the police and the government
(R3 R4). By key wherever there is a key."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import Caller


@pytest.fixture
def caller(chromium, city):
    """Dials; has hung up when the test is over."""
    person = Caller(chromium, city, "su")
    person.sign_in()
    yield person
    person.hangs_up()
    person.leave()


def takes(desk, caller, number: str, place: str, words: str = "", line: str = "12345") -> str:
    """A call is answered and what is said is typed; its matter's number."""
    caller.hangs_up()
    caller.dials(line, number, place, "楚雄市")
    desk.answers()
    if words:
        desk.says(words)
        desk.sees("已存", "#saved")
    return desk.page.locator("#matter-number").inner_text().strip()


def test_one_call_is_parted_into_a_police_and_a_government_part(city, somebody, caller):
    lin, yue = somebody(city, "lin", "07"), somebody(city, "yue", "03")
    lamp = takes(lin, caller, "13800006201", "鹿城镇 北浦路", "北浦路的路灯坏了三天，还有人昨晚偷了我的电动车")
    lin.press("Alt+p")
    lin.panel(part_said="昨晚停在北浦路的电动车被偷了")
    lin.sees("这通电话分 2 件办", "#caller")
    lin.press("F7")  # the lamp stays here
    lin.page.get_by_role("button", name="打开这件").click()
    expect(lin.page.locator("#matter-number")).not_to_have_text(lamp)
    lin.lit_says("转楚雄市 110")
    lin.press("F2")
    yue.lit_says("受理")
    yue.sees("电动车被偷")
    yue.press("F2")
    lin.sees("责任在楚雄市 110", "#custody")
    lin.page.get_by_role("button", name="打开这件").click()
    lin.sees("责任在你", "#custody")
