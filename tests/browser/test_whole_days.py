"""Whole days of several people at once in Chromium: calls joined and parted, a shift handed over, a number that harasses
(R3 R4 X3 X4 H3 J1). By key wherever there is a key."""

from playwright.sync_api import expect

from tests.browser.hands import KEYBOARD
from tests.browser.people import goes_back, opens, takes

pytestmark = KEYBOARD

PIPE = "团山路小学门口水管漏水，两天没有人修"


def test_two_calls_about_one_pipe_are_merged_taken_apart_and_both_callers_told(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    first = takes(lin, caller, "13800006101", "鹿城镇 团山路", PIPE)
    old = f'.matter[data-old="{lin.page.locator("#call").get_attribute("data-matter")}"] [data-act=merge]'
    lin.press("F4")
    lin.panel(unit="532301-housing", ask="查漏抢修")
    lin.sees("待签收", "#options")
    goes_back(lin)

    second = takes(lin, caller, "13800006102", "鹿城镇 团山路", "团山路小学门口水管漏水，来修一下")
    lin.press_shown(old)
    lin.sees(f"已并入 {first}", "#caller")
    lin.press("Alt+k")  # it was another pipe, somebody said
    lin.panel(why="来电人说是隔壁巷子的")
    expect(lin.page.locator("#caller [data-into]")).to_have_count(0)
    lin.press_shown(old)  # it was not
    lin.sees(f"已并入 {first}", "#caller")
    caller.hangs_up()
    goes_back(lin)

    duan = somebody(city, "duan", width=390, height=844)
    duan.follows(first)
    for says in ("签收", "登记已联系"):
        duan.lit_says(says)
        duan.press_lit()
    duan.panel(note="两户都在校门口")
    duan.lit_says("办结")
    duan.fills("#findings", "接头老化")
    duan.fills("#answer", "校门口的水管已换好接头，路面已清。")
    duan.press_lit()
    duan.sees("已办结")

    opens(lin, first)
    lin.lit_says("答复")
    lin.press("F2")
    lin.panel(outcome="水管已修好")
    lin.sees("还要告诉 1 位来电人", "#options")
    lin.press_shown('[data-act="reached-yes"]')
    expect(lin.page.locator("[data-delivery]")).to_have_count(0)
    lin.page.goto(f"{city}/matters/{second}/")
    for words in ("并入", "拆开", "隔壁巷子"):
        lin.sees(words)


def test_one_call_is_parted_into_a_police_and_a_government_part(city, somebody, caller):
    lin, yue = somebody(city, "lin", "07"), somebody(city, "yue", "03")
    lamp = takes(lin, caller, "13800006201", "鹿城镇 北浦路", "北浦路的路灯坏了三天，还有人昨晚偷了我的电动车")
    lin.press("Alt+p")
    lin.panel(part_said="昨晚停在北浦路的电动车被偷了")
    lin.sees("这通电话分 2 件办", "#caller")
    lin.press("F7")  # the lamp stays here
    lin.does(lin.page.get_by_role("button", name="打开这件"))
    expect(lin.page.locator("#matter-number")).not_to_have_text(lamp)
    lin.lit_says("转楚雄市 110")
    lin.press("F2")
    yue.lit_says("受理")
    yue.sees("电动车被偷")
    yue.press("F2")
    lin.sees("责任在楚雄市 110", "#custody")
    lin.does(lin.page.get_by_role("button", name="打开这件"))
    lin.sees("责任在你", "#custody")


def test_a_shift_is_handed_over_with_its_open_matters(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    number = takes(lin, caller, "13800006301", "鹿城镇 龙江路", "龙江路的垃圾三天没有人清了，味道很大")
    lin.press("F7")
    caller.hangs_up()
    goes_back(lin)
    lin.press("F10")
    lin.sees("有人接班以前，还是你的", "#panel")
    lin.sees(number, "#panel")
    lin.writes("龙江路那件，城管说下午回话")
    lin.page.keyboard.press("Control+Enter")
    lin.sees("你交的班，等人接", "#board")

    zhou = somebody(city, "zhou", "08")
    zhou.sees("龙江路那件，城管说下午回话", "#board")
    zhou.press("F6")
    expect(zhou.page.locator("[data-handover]")).to_have_count(0)
    expect(lin.page.locator("[data-handover]")).to_have_count(0, timeout=12_000)
    opens(zhou, number)
    zhou.sees("责任在你", "#custody")


def test_a_harassing_number_is_proposed_approved_and_its_danger_passes(city, somebody, caller, hand):
    number = {"mouse": "13800006401", "keyboard": "13800006402"}[hand]  # what is registered stays
    lin = somebody(city, "lin", "07")
    takes(lin, caller, number, "鹿城镇 北浦路", "又是他，骂人，不说事情")
    lin.press("Alt+g")  # 更多 lists it
    lin.press("Alt+h")
    lin.panel()
    lin.sees("已提议登记骚扰", "#caller")
    lin.press("Alt+4")
    lin.sees("已归档")
    goes_back(lin)

    shen = somebody(city, "shen", "01")
    shen.page.goto(f"{city}/register/")
    row = shen.page.locator("tr", has_text=f"138****{number[-4:]}")
    expect(row).to_contain_text("打 12345")
    shen.does(row.locator("[data-act=approve]"))
    expect(row.locator("[data-act=lift]")).to_be_visible()
    shen.leave_seat()

    takes(lin, caller, number, "鹿城镇 北浦路", "隔壁着火了，里面有老人出不来")
    lin.sees("骚扰登记中", "#caller")
    lin.sees("听到：隔壁着火了", "#danger")
    lin.press("F1")
    lin.sees("等 110 派警", "#danger")
