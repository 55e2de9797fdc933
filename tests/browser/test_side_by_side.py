"""Two seats on one page, and a leader who listens before the seat's eyes, in Chromium (T5, H4)."""

from playwright.sync_api import expect

from tests.browser.hands import KEYBOARD

pytestmark = KEYBOARD

SAID = "青龙河边烧烤店占道经营，油烟扰民，前天店里的人打架。"


def test_12345_and_110_settle_part_by_part_on_one_page(city, somebody, caller):
    lin, yue = somebody(city, "lin", "07"), somebody(city, "yue", "03")
    caller.dials("12345", "13800005520", "鹿城镇 团结巷", "楚雄市")
    lin.answers()
    lin.says(SAID)
    lin.sees("市容管理类", "#heard")
    lin.press("F3")
    yue.lit_says("进入三方通话")
    lin.page.wait_for_url("**/three-way/")  # one key on either desk
    yue.press("F2")
    yue.page.wait_for_url("**/three-way/")
    for one in (lin, yue):
        one.lit_says("分开办")
        one.sees("打架", "#three-split")

    lin.fills("#record-words", SAID + "门口停着两辆摩托。")
    expect(yue.page.locator("#three-heard")).to_contain_text("两辆摩托", timeout=2500)
    yue.page.keyboard.press("Alt+r")
    yue.writes("打架我们去查，噪音归你们")
    yue.page.keyboard.press("Enter")
    lin.sees("打架我们去查", "#three-notes", within=4)
    expect(lin.page.locator("#record-words")).to_have_value(SAID + "门口停着两辆摩托。")

    lin.press("F2")
    yue.sees("已提出", "#three-decide", within=4)
    yue.press("F2")
    for one in (lin, yue):
        one.lit_says("回到本席")
    lin.press("F2")
    lin.page.wait_for_url("**/desk/**")


def test_a_matter_offered_a_second_time_is_an_offer_at_once(city, somebody, caller):
    """What the page kept of the first time said that there is no offer: no receipt went out, and the voice waited."""
    yue, lin = somebody(city, "yue", "03"), somebody(city, "lin", "07")
    caller.dials("110", "13800005523", "鹿城镇 龙川桥", "楚雄市")
    yue.answers()
    yue.says("龙川桥头的路灯坏了六盏，晚上走路看不见，麻烦来修一下。")
    yue.lit_says("转州 12345")
    yue.press("F2")
    lin.lit_says("受理")
    expect(yue.receipt("seen")).not_to_contain_text("还没有", timeout=12_000)
    yue.page.keyboard.press("Escape")
    lin.lit_says("回到等来电")
    lin.press("F2")
    expect(lin.page.locator("#board")).to_be_visible()
    lin.page.route("**/parts/", lambda route: route.abort())  # nothing but the page that opens may tell it
    yue.lit_says("转州 12345")
    with lin.page.expect_response("**/receipts/", timeout=15_000):
        yue.press("F2")
    lin.page.unroute("**/parts/")
    lin.lit_says("受理")
    lin.press("F2")
    yue.sees("责任在州 12345", "#custody")
    caller.hangs_up()


def test_a_leader_listens_and_the_seat_sees_it(city, somebody, caller):
    lin, shen = somebody(city, "lin", "07"), somebody(city, "shen")
    shen.does(shen.page.locator("button", has_text="席").first)
    shen.page.wait_for_url("**/desk/**")
    caller.dials("12345", "13800005521", "鹿城镇 团结巷", "楚雄市")
    lin.answers()
    shen.page.goto(f"{city}/floor/")
    row = shen.page.locator(".place-row", has_text="07 席")
    expect(row).to_contain_text("通话中", timeout=8000)
    shen.does(row.locator("summary"))
    shen.writes("新人第一天")
    shen.does(row.locator('[data-act="listen"]'))
    lin.sees("值班长在听", "#danger", within=6)
    lin.sees("新人第一天", "#danger")
    shen.sees("席上已看到", "#seats", within=8)
    shen.lit_says("结束旁听")
    shen.press("F2")
    expect(lin.page.locator(".listened")).to_have_count(0, timeout=8000)
    caller.hangs_up()
    lin.sees("通话已结束", "#caller")
    lin.press("Alt+5")
    lin.sees("来电人先挂断", "#custody")
