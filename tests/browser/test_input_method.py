"""Keys act while a Chinese input method is composing, and letters that are no words yet are in no record."""

from playwright.sync_api import expect

from tests.browser.people import Somebody, takes

SAID = "老板拖了我们四个月工资，工友站在六号楼楼顶边上，说要跳下去。"
PINYIN, WORDS = "kuai lai ren", "快来人"


def composes(desk: Somebody) -> None:
    """Letters are being put together where the cursor is, and nothing is chosen yet."""
    letters = {"text": PINYIN, "selectionStart": len(PINYIN), "selectionEnd": len(PINYIN)}
    desk.context.new_cdp_session(desk.page).send("Input.imeSetComposition", letters)
    expect(desk.page.locator("#words")).to_have_value(SAID + PINYIN)


def test_f1_and_f2_act_in_the_middle_of_a_composition_which_goes_on_afterwards(city, somebody, caller):
    lin, yue = somebody(city, "lin", "07"), somebody(city, "yue", "03")
    number = takes(lin, caller, "13800007101", "东瓜镇 锦和里二期工地", SAID)
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
    lin.context.new_cdp_session(lin.page).send("Input.insertText", {"text": WORDS})
    expect(lin.page.locator("#words")).to_have_value(SAID + WORDS)
    assert yue.page.locator("#matter-number").inner_text().strip() == number


def test_a_key_with_alt_opens_a_panel_out_of_a_composition(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    takes(lin, caller, "13800007102", "鹿城镇 北浦路", SAID)
    composes(lin)
    lin.press("Alt+m")
    lin.panel()
    lin.sees("看全号", "#course")
    expect(lin.page.locator("#number")).to_have_text("13800007102")
