"""One citizen's call through 接 · 判 · 转 · 办 · 复, two and more people at once in Chromium (R1 T1–T7 X1 X4 H1 A1)."""

from playwright.sync_api import expect

from tests.browser.hands import BOTH_HANDS, KEYBOARD


@BOTH_HANDS
def test_a_street_lamp_goes_from_110_to_12345_to_the_unit_and_the_answer_comes_back(city, node, somebody, caller):
    yue, lin = somebody(city, "yue", "03"), somebody(city, "lin", "07")
    caller.dials("110", "13800007788", "鹿城镇 龙川桥", "楚雄市")
    yue.answers()  # the page opened by itself
    yue.says("龙川桥头的路灯坏了六盏，晚上走路看不见，麻烦来修一下。")
    yue.lit_says("转州 12345")
    yue.sees("清单二（一）", "#reason")
    yue.press("F2")

    lin.lit_says("受理")  # the whole record is on the second screen
    lin.sees("龙川桥头的路灯坏")
    lin.sees("鹿城镇 龙川桥")
    for receipt in ("delivered", "seen"):
        expect(yue.receipt(receipt)).not_to_contain_text("还没有", timeout=12_000)
    yue.sees("责任还在你", "#custody")
    lin.press("F2")
    yue.sees("责任在州 12345", "#custody")
    lin.sees("责任在你", "#custody")

    lin.lit_says("派单至楚雄市城管局")
    number = lin.page.locator("#matter-number").inner_text().strip()
    lin.press("F2")
    lin.sees("楚雄市城管局", "#course")
    lin.lit_says("结束通话")
    lin.press("F2")

    tang = somebody(city, "tang", width=390, height=844)  # the unit's clerk, on a phone
    tang.follows(number)
    tang.lit_says("签收")
    tang.press_lit()
    tang.lit_says("登记已联系")
    tang.press_lit()
    tang.panel(note="来电人说六盏都在桥头")
    tang.lit_says("办结")
    tang.fills("#findings", "线缆老化")
    tang.fills("#answer", "桥头六盏路灯已换好线缆，今晚已亮。")
    tang.press_lit()
    tang.sees("已办结")

    lin.lit_says("答复")
    lin.sees("桥头六盏路灯已换好线缆")
    lin.press("F2")
    lin.panel(outcome="路灯已修复")
    lin.lit_says("回访")
    lin.press("F2")
    lin.panel(reached="yes", solved="yes", satisfied="satisfied")
    lin.sees("已归档")

    lin.page.goto(f"{city}/matters/{number}/")
    for words in (
        "来电",
        "接听",
        "转",
        "送达",
        "看见",
        "接受",
        "派单",
        "签收",
        "已联系",
        "办结",
        "已答复",
        "归档",
        "2022.1",
    ):
        lin.sees(words)

    lin.page.goto(f"{city}/matters/?q=13800007788")
    lin.page.goto(f"{city}/13800007788/龙川桥/")  # nothing is there, and what was asked for is not written down
    lin.page.goto(city)
    written = {log.stem: log.read_text() for log in node.home.logs.glob("*.log")} | {"up": "".join(node.said)}
    assert {"web", "live", "worker", "switch", "postgres"} <= written.keys()
    assert '"message": "404 GET -"' in written["web"]
    for secret in ("13800007788", "7788", "龙川桥", "路灯", "看不见", "六盏", "线缆"):
        assert [process for process, text in written.items() if secret in text] == [], secret


@KEYBOARD
def test_a_wage_dispute_with_a_threat_to_jump_is_before_110_while_12345_still_talks(city, somebody, caller):
    lin, yue, gao = somebody(city, "lin", "07"), somebody(city, "yue", "03"), somebody(city, "gao")
    caller.dials("12345", "13800002671", "东瓜镇 锦和里二期工地", "楚雄市")
    lin.answers()
    lin.says("老板拖了我们四个月工资，一个工友现在站在六号楼楼顶边上，说再不给钱就跳下去。")
    lin.sees("有人要跳楼", "#danger")
    lin.lit_says("转楚雄市 110")
    lin.press("Alt+e")  # 总值班室 is ticked beside 119 and 120
    lin.press("F1")  # 紧急推110: nothing is accepted yet
    gao.sees("报给你的 州 12345 07 席", "#danger")
    lin.sees("看到", "#danger [data-told]")
    yue.sees("危险", "#danger")
    yue.sees("东瓜镇 锦和里二期工地")
    for scheme, dark in (("dark", True), ("light", False)):  # who chose no theme has the machine's, as it changes
        lin.page.emulate_media(color_scheme=scheme)
        lin.page.wait_for_function("dark => document.documentElement.classList.contains('dark') === dark", arg=dark)
    lin.press("F2")
    expect(lin.receipt("seen")).not_to_contain_text("还没有", timeout=15_000)

    yue.fills("#crew", "东瓜派出所 1 车 3 人")
    yue.press("F1")
    lin.sees("110 已派出", "#danger")
    lin.sees("东瓜派出所", "#danger")
    lin.sees("责任还在你", "#custody")  # sending does not move the holder
    yue.lit_says("受理")
    yue.press("F2")
    lin.sees("责任在楚雄市 110", "#custody")
    yue.sees("责任在你", "#custody")


@KEYBOARD
def test_a_caller_who_hangs_up_stays_with_the_desk_that_answered(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    caller.dials("12345", "13800003131", "鹿城镇 团山路", "楚雄市")
    lin.answers()
    lin.says("团山路的自来水停了两天了")
    caller.hangs_up()
    lin.sees("来电人挂断", "#course")
    expect(lin.page.locator("#words")).to_have_value("团山路的自来水停了两天了")


@KEYBOARD
def test_typed_words_come_back_on_another_machine(city, somebody, caller):
    zhou = somebody(city, "zhou", "08")
    caller.dials("12345", "13800004242", "鹿城镇 北浦路", "楚雄市")
    zhou.answers()
    zhou.says("北浦路的垃圾三天没有人清了，味道很大")
    zhou.sees("已存", "#saved")
    url = zhou.page.url
    elsewhere = somebody(city, "zhou", "08")  # the page asks, and the seat moves to this machine
    elsewhere.page.goto(url)
    expect(elsewhere.page.locator("#words")).to_have_value("北浦路的垃圾三天没有人清了，味道很大")


@KEYBOARD
def test_a_revealed_number_can_be_read_and_an_empty_panel_is_answered_in_chinese(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    caller.dials("12345", "13800005353", "鹿城镇 北浦路", "楚雄市")
    lin.answers()
    lin.press("Alt+m")
    lin.panel()
    lin.sees("看全号", "#course")
    lin.page.wait_for_timeout(1500)  # the page has looked again by itself
    expect(lin.page.locator("#number")).to_have_text("13800005353")
    lin.press("Alt+1")
    lin.panel()
    lin.sees("”还空着", "#fault")
    lin.press("Escape")
    lin.press("Alt+4")
    lin.sees("已归档")
