"""What was unclear to somebody who came to a page for the first time, at night or with a telephone in the hand; through the
real pages."""

from datetime import timedelta

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.files.base import ContentFile
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from playwright.sync_api import Route, expect

from liandong.actions import confer, evidence, handle, transfer
from liandong.records.models import Call, Order, Post, Unit
from tests.actions import files
from tests.browser.conftest import serving
from tests.browser.hands import KEYBOARD
from tests.cast import PASSWORD, assemble

pytestmark = KEYBOARD
SEEN_WHOLE = """id => {
  const box = document.getElementById(id).getBoundingClientRect(), bar = document.querySelector(".act-bar");
  return box.top >= 0 && box.bottom <= (bar ? bar.getBoundingClientRect().top : innerHeight);
}"""
"""Whether an opened panel stands on the screen with all its fields, above the bar at the bottom of a telephone."""
SMALL = """() => Array.from(document.querySelectorAll(
    ".order-page :is(a, button, summary, label.btn, input, select, textarea)")).flatMap(control => {
  const box = control.getBoundingClientRect();
  return control.checkVisibility() && box.width > 1 && box.height > 1 && box.height < 40 ? [control.outerHTML.slice(0, 80)] : [];
})"""
"""What of an order a thumb would miss."""
UNDER_ITS_FIELD = """() => {
  const hint = document.querySelector("[data-wrong]"), field = document.getElementById("why");
  return hint && Math.abs(hint.getBoundingClientRect().x - field.getBoundingClientRect().x) < 2;
}"""
"""Whether what is wrong stands under the field it is about, not under its label."""
SAME_ROW = """id => document.querySelector(".line.here").dataset.row === id && document.getElementById("ruling").dataset.of === id"""


@pytest.fixture
def today(own_database):
    """The pages of this process now, and the cast."""
    cast = assemble(timezone.now())
    with serving(StaticFilesHandler(get_wsgi_application())) as address:
        yield address, cast


def test_a_panel_that_a_clerk_opens_on_a_telephone_stands_whole_on_the_screen_and_no_key_caps_do(today, somebody):
    address, cast = today
    matter = cast.call(cast.lin, "小区电梯坏了两天，老人下不了楼", number="13800008101")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="去看")
    cast.act(evidence.add, matter, evidence.look(ContentFile(files.JPEG), "现场.jpg"), by=cast.duan, order=order)
    duan = somebody(address, "duan", password=PASSWORD, width=390, height=844, touch=True)
    duan.does(duan.page.locator(".order", has_text="小区电梯"))
    duan.does("[data-act=reveal]")
    expect(duan.page.locator("#number a[href^='tel:']")).to_be_visible()
    expect(duan.page.locator("[data-act=reveal]")).to_be_hidden()
    assert duan.page.evaluate(SMALL) == []
    duan.does("[data-act=return]")
    expect(duan.page.locator("#return-panel")).to_be_visible()
    duan.page.wait_for_function(SEEN_WHOLE, arg="return-panel")
    expect(duan.page.locator("kbd.key:visible")).to_have_count(0)


def test_what_the_duty_officer_opens_stands_whole_on_the_screen(today, somebody):
    address, cast = today
    _nobodys(cast, "江边的缆车停在半路，问谁来管", "13800008102")
    gao = somebody(address, "gao", password=PASSWORD)
    gao.lit_says("指定")
    gao.press_lit()
    gao.page.wait_for_function(UNDER_ITS_FIELD)
    gao.press("F6")
    gao.page.wait_for_function(SEEN_WHOLE, arg="to-leader")
    gao.press("Alt+b")
    gao.page.wait_for_function(SEEN_WHOLE, arg="duty-sheets")
    body, line = (gao.page.locator(f"#duty-sheets [name={name}]").bounding_box() for name in ("body", "line"))
    assert line["y"] > body["y"] + body["height"] + 4, "the two fields stand apart"


def test_an_answer_about_the_row_left_behind_does_not_come_under_the_one_that_was_chosen(today, somebody):
    address, cast = today
    for said, number in (("江边的缆车停在半路，问谁来管", "13800008103"), ("桥头的雕像倒了，问谁来管", "13800008104")):
        _nobodys(cast, said, number)
    gao = somebody(address, "gao", password=PASSWORD)
    gao.lit_says("指定")
    first, second = (row.get_attribute("data-row") for row in gao.page.locator(".line[data-row]").all())
    held: list[Route] = []
    gao.page.route(f"**/duty/?row={first}", lambda route: held.append(route))
    with gao.page.expect_request(f"**/duty/?row={first}"):
        pass  # the page looks every five seconds
    gao.page.keyboard.press("ArrowDown")
    gao.page.wait_for_function(SAME_ROW, arg=second)
    with gao.page.expect_response(f"**/duty/?row={first}"):
        for late in held:
            late.continue_()
    gao.page.wait_for_timeout(500)  # it would stand there by now
    assert gao.page.evaluate(SAME_ROW, second)


def test_a_leader_listens_and_supervises_by_the_keys_that_go_from_row_to_row(today, somebody):
    address, cast = today
    Post.objects.filter(person_id=cast.zhou.person).update(role="shift_leader")
    talk = cast.call(cast.lin, "团山路的路灯坏了三盏", number="13800008105", call=True)
    seen = {"state": "talking", "seats": [cast.lin.seat], "began_at": cast.clock.now}
    Call.objects.update_or_create(pk=talk.contact.call, defaults=seen)
    late = cast.call(cast.zhou, "井盖丢了三天", number="13800008106")
    order = cast.act(handle.assign, late, Unit.objects.get(code=cast.duan.unit), by=cast.zhou, ask="去看")
    Order.objects.filter(pk=order.pk).update(sign_due_at=cast.clock.now - timedelta(hours=30))
    zhou = somebody(address, "zhou", "", PASSWORD)
    zhou.page.goto(f"{address}/floor/")
    zhou.sees("井盖丢了三天", "#floor-late")
    chosen = zhou.page.locator(".listen > summary:focus")
    zhou.page.keyboard.press("ArrowDown")
    expect(chosen).to_have_text("旁听")
    zhou.page.wait_for_timeout(3500)  # the floor has looked again
    expect(chosen).to_have_text("旁听")
    zhou.page.keyboard.press("Enter")
    zhou.writes("新人第一天")
    zhou.page.keyboard.press("Escape")
    expect(chosen).to_have_text("旁听")
    zhou.page.keyboard.press("Enter")
    zhou.press("Control+Enter")
    zhou.lit_says("结束旁听")
    zhou.page.keyboard.press("ArrowDown")
    expect(chosen).to_have_text("督办")
    zhou.page.keyboard.press("Enter")
    zhou.writes("三天没人管")
    zhou.press("Control+Enter")
    zhou.sees("督办中", "#floor-late")


def test_what_came_to_a_desk_is_opened_by_the_keys_that_go_from_row_to_row(today, somebody):
    address, cast = today
    for said, number in (("电动车被人偷了", "13800008107"), ("有人在楼下打架", "13800008108")):
        matter = cast.call(cast.lin, said, number=number, district="532301")
        cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin, consent=True)
    lin = somebody(address, "lin", "07", PASSWORD)
    out = lin.page.locator("table[aria-label='本台转出去的'] [data-act=open]")
    expect(out).to_have_count(2)
    lin.page.keyboard.press("ArrowDown")
    second = out.nth(1).get_attribute("data-matter")
    for _ in range(6):
        if lin.page.locator("[data-act=open]:focus").get_attribute("data-matter") == second:
            break
        lin.page.keyboard.press("ArrowDown")
    lin.page.keyboard.press("Enter")
    expect(lin.page.locator("#call")).to_have_attribute("data-matter", second)


def _nobodys(cast, said: str, number: str) -> None:
    """A matter for which the duty office must name somebody."""
    matter = cast.call(cast.he, said, number=number)
    cast.act(confer.escalate, matter, "名录里没有", by=cast.he)
