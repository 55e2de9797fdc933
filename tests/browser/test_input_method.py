"""Keys act while a Chinese input method is composing, letters that are no words yet are in no record, and every word that is
composed before, around or after a key is there once: on the page, on the other desk within two seconds, in the record."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import KEYBOARD
from tests.browser.people import Somebody, takes
from tests.browser.test_over_the_city import today  # noqa: F401
from tests.cast import PASSWORD

pytestmark = KEYBOARD
SAID = "老板拖了我们四个月工资，工友站在六号楼楼顶边上，说要跳下去。"
PINYIN, WORDS = "kuai lai ren", "快来人"
LOOKS = 5000
"""Milliseconds between two looks of a page that is told nothing."""
THERE = 2000
"""Milliseconds after which what was typed at one desk is on the other."""


def composes(desk: Somebody, before: str = SAID) -> None:
    """Letters are being put together where the cursor is, and nothing is chosen yet."""
    letters = {"text": PINYIN, "selectionStart": len(PINYIN), "selectionEnd": len(PINYIN)}
    desk.context.new_cdp_session(desk.page).send("Input.imeSetComposition", letters)
    expect(desk.page.locator("#words")).to_have_value(before + PINYIN)


def chooses(desk: Somebody, words: str = WORDS) -> None:
    """The letters become words."""
    desk.context.new_cdp_session(desk.page).send("Input.insertText", {"text": words})


def reads(desk: Somebody, words: str, where: str = "#said", within: int = THERE) -> None:
    expect(desk.page.locator(where)).to_contain_text(words, timeout=within)


def test_words_composed_around_f1_and_f2_are_before_110_before_and_after_it_takes_the_matter(today, somebody):  # noqa: F811
    """In this process, so that two seconds are two seconds of the pages and not of a machine that starts a city."""
    address, cast = today
    lin, yue = somebody(address, "lin", "07", PASSWORD), somebody(address, "yue", "03", PASSWORD)
    matter = cast.rings(number="13800007101", place="东瓜镇 锦和里二期工地", district="532301")
    lin.answers()
    lin.says(SAID)
    lin.sees("已存", "#saved")
    lin.lit_says("转楚雄市 110")
    composes(lin)
    lin.press("F1")
    yue.sees("危险", "#danger")
    expect(lin.page.locator("#words")).to_have_value(SAID + PINYIN)
    lin.press("F2")
    yue.sees("站在六号楼")
    yue.fills("#crew", "东瓜派出所 1 车 3 人")
    yue.press("F1")
    yue.lit_says("受理")
    expect(yue.page.locator("body")).not_to_contain_text(PINYIN)
    chooses(lin)
    reads(yue, WORDS)  # the offer is out
    expect(lin.page.locator("#words")).to_have_value(SAID + WORDS)

    composes(lin, SAID + WORDS)
    yue.press("F2")
    yue.sees("责任在你", "#custody")
    expect(yue.page.locator("#words")).to_have_value(SAID + WORDS)
    lin.sees("责任在楚雄市 110", "#custody")
    expect(lin.page.locator("#words")).to_have_value(SAID + WORDS + PINYIN)  # nothing is taken from under the hand
    chooses(lin, "，带绳子")
    # It is theirs now: added, and not put into what they write. Nobody tells a page of it here, and it looks by itself.
    reads(yue, "带绳子", "#heard", within=THERE + LOOKS)
    expect(yue.page.locator("#words")).to_have_value(SAID + WORDS)
    expect(lin.page.locator("#words")).to_have_count(0)  # it is quiet: the page turns to reading
    assert yue.page.locator("#matter-number").inner_text().strip() == matter.number

    yue.press("F7")  # 110 saves its own text, which has not got the last words
    yue.sees("记下诉求", "#course")
    lin.page.reload()
    reads(lin, WORDS)
    reads(lin, "带绳子")
    assert lin.page.locator("#words-read").inner_text().count("带绳子") == 1
    assert PINYIN not in lin.page.content()


@pytest.mark.parametrize("key", ["F1", "F2", "F7", "Escape"])
def test_no_key_eats_or_doubles_a_word_that_is_being_composed(city, somebody, caller, key):
    lin = somebody(city, "lin", "07")
    takes(lin, caller, "13800007103", "鹿城镇 龙川桥", SAID)
    lin.lit_says("转楚雄市 110")
    composes(lin)
    lin.page.wait_for_timeout(500)  # the lit button has stood long enough to be read
    lin.page.keyboard.press(key)
    lin.page.wait_for_timeout(700)
    chooses(lin)
    expect(lin.page.locator("#words")).to_have_value(SAID + WORDS)
    lin.sees("已存", "#saved")
    lin.page.reload()
    expect(lin.page.locator("#words")).to_have_value(SAID + WORDS)


def test_who_leaves_in_the_middle_of_a_composition_has_kept_what_was_written_before_it(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    takes(lin, caller, "13800007104", "鹿城镇 团山路")
    matter = lin.page.locator("#call").get_attribute("data-matter")
    lin.goes_to("#words")
    lin.page.keyboard.insert_text(SAID)
    composes(lin)
    lin.page.evaluate("liandong.typing.flush()")  # as every way out of a matter does
    kept = lin.page.evaluate("async url => (await fetch(url)).text()", f"/matters/{matter}/call/")
    assert SAID in kept and PINYIN not in kept


def test_a_key_with_alt_opens_a_panel_out_of_a_composition(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    takes(lin, caller, "13800007102", "鹿城镇 北浦路", SAID)
    composes(lin)
    lin.press("Alt+m")
    lin.panel()
    lin.sees("看全号", "#course")
    expect(lin.page.locator("#number")).to_have_text("13800007102")
