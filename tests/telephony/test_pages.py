"""Telephones in the pages: two Chromium with a tone each for a microphone, and a caller on the real exchange."""

import os
import signal
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from tests.browser.conftest import ARTIFACTS
from tests.telephony.headset import Headset
from tests.telephony.pages import Desk
from tests.telephony.pbx import TONES
from tests.telephony.phone import Phone, until

pytestmark = pytest.mark.voice
CALLER, LIN, YUE = TONES["outside"], 650, 1100
ALL = {CALLER, LIN, YUE}
SAID = "青龙河边烧烤店占道经营，油烟扰民，前天店里的人打架。"


@pytest.fixture
def outside(city):
    phone = Phone(city.outside[0], city.sip, "13800002671", tone=CALLER, port=city.outside[1])
    phone.answers = "always"
    yield phone
    phone.close()


@pytest.fixture
def sit(city, tmp_path, request):
    """`sit("lin", "07", 650)`: at a desk, with that tone for a voice."""
    with sync_playwright() as playwright:
        people = []

        def sit(username: str, seat: str, hertz: int) -> Desk:
            person = Desk(playwright, tmp_path, city.address, username, hertz)
            people.append(person)
            person.sign_in(seat)
            person.line_is("电话接好了")
            return person

        yield sit
        shown(people, "end")
        for person in people:
            person.leave()
            assert not person.complaints, person.complaints


def shown(people: list[Desk], moment: str) -> None:
    """A picture of every page."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    for person in people:
        with suppress(Error):
            person.page.screenshot(path=ARTIFACTS / f"voice-{moment}-{person.username}.png")


def only(heard: dict) -> None:
    """Everybody hears these tones and no others."""
    for who, tones in heard.items():
        who.hears(tones, ALL - tones)


def test_a_caller_and_two_pages_talk_and_nothing_that_befalls_a_page_ends_it(city, outside, sit):
    lin, yue = sit("lin", "07", LIN), sit("yue", "03", YUE)
    caller = outside.dial("12345")
    lin.line_is("电话在响")
    lin.answers()
    only({outside: {LIN}, lin: {CALLER}})
    lin.press("F9")
    lin.line_is("话筒静音")
    only({outside: set(), lin: {CALLER}})
    lin.press("F9")

    lin.page.reload()
    only({outside: {LIN}, lin: {CALLER}})
    os.kill(city.node.pids()["live"], signal.SIGKILL)  # the way of every page's telephone
    lin.line_is("电话断了")
    only({outside: {LIN}})
    lin.line_is("话筒开着", within=30)
    yue.line_is("电话接好了", within=30)
    only({outside: {LIN}, lin: {CALLER}})

    lin.picks("[name=district]", "532301")
    lin.says(SAID)
    lin.sees("市容管理类", "#heard")
    lin.press("F3")
    lin.page.wait_for_url("**/three-way/")  # another page, which comes into the talk
    yue.line_is("电话在响")
    yue.lit_says("进入三方通话")
    yue.press("F2")
    yue.page.wait_for_url("**/three-way/")
    only({outside: {LIN, YUE}, lin: {CALLER, YUE}, yue: {CALLER, LIN}})
    shown([lin, yue], "three")
    yue.press("F4")  # 110 takes all of it
    only({outside: {YUE}, yue: {CALLER}})
    lin.line_is("电话接好了")
    assert caller.state == "up"
    lin.page.keyboard.press("Control+m")
    lin.page.keyboard.press("Control+m")
    lin.line_is("用桌上话机")
    lin.page.keyboard.press("Control+m")
    lin.line_is("电话接好了")
    yue.press("F2")
    yue.page.wait_for_url("**/desk/**")
    only({outside: {YUE}, yue: {CALLER}})
    yue.press("F10")
    until(lambda: caller.state == "over")


def test_one_key_hands_the_caller_from_page_to_page_and_the_person_is_rung_back(city, outside, sit):
    lin, yue = sit("lin", "07", LIN), sit("yue", "03", YUE)
    caller = outside.dial("12345")
    lin.answers()
    lin.picks("[name=district]", "532301")
    lin.says("昨晚小区里的电动车被偷了，请警察来看看。")
    for attempt in ("taken back", "accepted"):
        lin.lit_says("转楚雄市 110")
        lin.press("F2")
        yue.lit_says("受理")
        yue.sees("电动车被偷")  # the record, and then the ring
        yue.line_is("电话在响")
        only({outside: {LIN}, lin: {CALLER}})
        if attempt == "taken back":
            lin.press("Escape")
            lin.sees("已撤回")
            yue.line_is("电话接好了")
    yue.press("F2")
    only({outside: {YUE}, yue: {CALLER}})
    lin.line_is("电话接好了")
    yue.press("F10")
    until(lambda: caller.state == "over")
    yue.press_shown("[data-act=call_back]")
    only({outside: {YUE}, yue: {CALLER}})
    outside.put_down()
    yue.line_is("电话接好了")


def test_the_keys_of_a_headset_answer_mute_and_end_and_its_lamps_say_how_it_stands(city, outside, sit):
    lin = sit("lin", "07", LIN)
    headset = Headset(lin)
    first = outside.dial("12345")
    lin.line_is("电话在响")
    headset.press("hook", 1)  # nobody has allowed its use yet
    lin.page.wait_for_timeout(500)
    lin.line_is("电话在响")
    lin.answers()
    lin.line_is("话筒开着")
    lin.page.keyboard.press("Control+m")
    expect(lin.page.locator("#headset-line")).to_have_text("耳麦按键没接")
    lin.page.keyboard.press("Control+b")
    expect(lin.page.locator("#headset-line")).to_have_text("耳麦按键接好了 耳麦甲")
    assert headset.asked == [{"filters": [{"usagePage": 0x0B}], "active": True}], (
        "Chromium asks, and only for a person's key"
    )
    lin.page.keyboard.press("Escape")
    headset.shows({"hook"})
    for lamps, line, heard in (({"hook", "mute"}, "话筒静音", set()), ({"hook"}, "话筒开着", {LIN})):
        headset.press("mute", 1)
        headset.press("mute", 0)
        headset.shows(lamps)
        lin.line_is(line)
        only({outside: heard, lin: {CALLER}})
    lin.page.reload()  # it is known from now on, and nobody is asked
    lin.line_is("话筒开着")
    headset.shows({"hook"})
    headset.press("hook", 0)
    until(lambda: first.state == "over")
    headset.shows(set())
    assert headset.asked == []

    lin.press("Alt+2")  # 无声
    lin.lit_says("回到等来电")
    lin.press("F2")
    second = outside.dial("12345")
    lin.line_is("电话在响", within=60)  # the seat has wrapped up
    headset.shows({"ring"})
    lin.lit_says("接听")
    lin.page.wait_for_timeout(600)  # a decision that has just changed is not pressed
    headset.press("hook", 1)
    headset.shows({"hook"})
    only({outside: {LIN}, lin: {CALLER}})
    expect(lin.lit).not_to_contain_text("接听")  # the record is taken with it
    headset.press("hook", 0)
    until(lambda: second.state == "over")


def test_the_duty_office_s_page_is_a_telephone_as_a_desk_s_is(city, sit):
    """What rings there, and what is done with it, is tried in tests/channels/test_duty_telephone*.py and test_duty_rings.py."""
    gao = sit("gao", "", 1450)
    assert gao.page.url.endswith("/duty/")
    gao.page.keyboard.press("Control+m")
    expect(gao.page.locator("#phone-panel")).to_be_visible()
