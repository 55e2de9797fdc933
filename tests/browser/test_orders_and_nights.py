"""A unit's order with its clock, and a night at the duty office, in Chromium (X5 X7 A2, P二(二))."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from liandong.records.models import Sheet
from tests.browser.hands import KEYBOARD
from tests.browser.people import goes_back, takes
from tests.cast import PASSWORD

pytestmark = KEYBOARD


def test_an_order_is_extended_suspended_resumed_withdrawn_and_the_archived_matter_reopened(city, somebody, caller):
    lin = somebody(city, "lin", "07")
    number = takes(lin, caller, "13800006601", "鹿城镇 环城路", "环城路边烧烤摊占道，人走不过去")
    lin.press("F4")
    lin.panel(unit="532301-urban", ask="到现场看")
    lin.sees("待签收", "#options")
    caller.hangs_up()

    tang = somebody(city, "tang")
    tang.follows(number)
    tang.lit_says("签收")
    tang.press("F2")
    tang.lit_says("登记已联系")
    tang.press("F4")
    tang.writes("5")
    tang.page.keyboard.press("Tab")
    tang.writes("要等环保一起去")
    tang.page.keyboard.press("Control+Enter")
    tang.sees("延期 5 个工作日，等批准")

    lin.sees("申请延期，等你定", "#options")
    lin.press("Alt+1")
    tang.sees("同意延期 5 个工作日")
    tang.press("F8")
    tang.fills("#suspend-until", f"{timezone.localdate() + timedelta(days=10):%Y-%m-%d}")
    tang.fills("#suspend-why", "等环保检测报告")
    tang.page.keyboard.press("Control+Enter")
    tang.lit_says("恢复")
    lin.sees("已中止", "#options")
    tang.press("F2")
    tang.lit_says("登记已联系")

    lin.press("Alt+w")
    lin.panel(why="派错了，摊子在开发区")
    lin.sees("已收回", "#options")
    lin.press("Alt+1")
    lin.panel(answer="已告诉您向开发区反映的电话")
    lin.sees("已归档", "#custody")
    lin.press("Alt+o")
    lin.panel(why="来电人说电话打不通")
    lin.sees("责任在你", "#custody")
    goes_back(lin)


def test_at_night_the_duty_officer_tells_a_body_without_a_link_by_sheet(night, somebody, monkeypatch):
    address, cast = night
    he = somebody(address, "he", "01", password=PASSWORD)
    cast.rings("12345:510400", number="13800011890", place="炳草岗街道", district="510402")
    he.answers()
    he.says("江边的缆车停在半路，吊着两个人，问谁来管。")
    he.sees("已存", "#saved")
    he.press("Alt+z")
    he.panel(why="名录里没有缆车公司")

    gao = somebody(address, "gao", password=PASSWORD)
    gao.lit_says("指定")
    gao.press("Alt+b")
    gao.fills("#duty-sheets form [name=body]", "江边缆车公司")
    gao.fills("#duty-sheets form [name=line]", "0812-3330000")
    gao.does("#duty-sheets form [data-act=sheet]")
    gao.sees("江边缆车公司", "#open-sheets")

    def step(summary: str, **fields: str) -> None:
        gao.does(gao.page.locator("#open-sheets summary", has_text=summary))
        form = gao.page.locator("#open-sheets details[open] form")
        for name, value in fields.items():
            gao.fills(form.locator(f"[name={name}]"), value)
        gao.does(form.locator("[type=submit]"))

    step("已打电话", to="值班的老周")
    gao.sees("告诉 值班的老周", "#open-sheets")
    step("对方已确认", who="老周")
    gao.sees("老周 确认", "#open-sheets")
    gao.fills("#why", "缆车归城管")
    gao.press("F2")  # the matter goes on; the sheet stays with the office
    gao.lit_says("没有要指定的")
    early = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: early() + timedelta(minutes=70))  # they are down, and he calls again
    step("核对真实时间", arrived_at="2026-11-21T21:30:00", finished_at="2026-11-21T22:05:00", result="两人已下来，无伤")
    expect(gao.page.locator("#open-sheets")).to_have_count(0)
    row = Sheet.objects.get()
    assert (row.state, f"{timezone.localtime(row.arrived_at):%H:%M}") == ("reconciled", "21:30")
