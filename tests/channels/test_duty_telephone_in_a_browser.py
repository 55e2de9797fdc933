"""The duty office's telephone in Chromium, by keys alone: the page opens by itself, answers, and keeps what is being written while
the talk goes on. The server is the product itself, asked by the test, with the switch beside it."""

import re
from contextvars import copy_context

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from playwright.sync_api import expect

from liandong.actions import receive
from liandong.records.models import Designation, Matter, Seat
from liandong.rules import announcing
from liandong.rules.access import system
from tests.web.conftest import browser
from tests.web.test_in_a_browser import chromium  # noqa: F401

pytestmark = pytest.mark.browser
HOST = "http://127.0.0.1:8999"
"""Nothing listens there: every request is answered by the test."""
SAID = "楼下餐馆的油烟管接到了楼道里"


class Office:
    """The page of gao, who sits in the duty office. The switch goes round after each press."""

    def __init__(self, page, room):
        self.page, self.room, self.client = page, room, browser("gao")
        here = copy_context()  # a request is answered on the test's own connection, within its transaction
        page.route(f"{HOST}/**", lambda route: here.copy().run(self.serve, route))

    def serve(self, route):
        asked = route.request
        path = asked.url.removeprefix(HOST)
        if path.startswith("/static/"):
            file = finders.find(path.removeprefix("/static/").split("?")[0])
            route.fulfill(path=file) if file else route.fulfill(status=404)
            return
        heads = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in asked.headers.items()
                 if name in ("hx-request", "idempotency-key", "x-mode")}  # fmt: skip
        answer = self.client.generic(asked.method, path, asked.post_data_buffer or b"",
                                     asked.headers.get("content-type", "application/octet-stream"), **heads)  # fmt: skip
        if asked.method == "POST":
            self.room.round()
        where = {"location": answer["Location"]} if "Location" in answer else {}
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        route.fulfill(status=answer.status_code, body=body, headers={"content-type": answer["Content-Type"], **where})

    def until(self, condition):
        for _ in range(100):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(self.page.locator("body").inner_text())


@pytest.fixture(scope="module", autouse=True)
def beside(chromium):  # noqa: F811
    """Playwright's loop runs in this very thread, and Django keeps a connection of its own there: it must not be left open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield
        connections.close_all()


@pytest.fixture
def office(room, cast, chromium, monkeypatch):  # noqa: F811
    monkeypatch.setattr(announcing, "opening", lambda line, now, workday: "closed")
    page = chromium.new_page(locale="zh-CN")
    yield Office(page, room)
    page.close()


def rings(office) -> Matter:
    return office.room.dials("12358", city="510400", district="510402")


def test_it_opens_by_itself_and_is_answered_held_and_written_down_without_a_mouse(office, cast):
    page = office.page
    page.goto(f"{HOST}/duty/")
    matter = rings(office)
    page.wait_for_url(f"**/duty/calls/{matter.pk}/", timeout=12_000)
    expect(page.locator("#lit")).to_contain_text("接听")
    page.wait_for_timeout(500)
    page.keyboard.press("F2")
    expect(page.locator("#telephone-head h1")).to_have_text("正在通话")
    assert office.room.call(matter).seats == [cast.gao.seat]
    page.locator("#said").focus()
    page.keyboard.type(SAID[:8])
    page.keyboard.press("F8")
    expect(page.locator("#telephone-head h1")).to_have_text("对方在听音乐", timeout=8_000)
    page.keyboard.press("F8")
    expect(page.locator("#telephone-head h1")).to_have_text("正在通话", timeout=8_000)
    page.keyboard.press("F9")
    expect(page.locator("[data-act=mute]")).to_contain_text("开麦")
    page.keyboard.type(SAID[8:])
    page.keyboard.press("F10")
    expect(page.locator("#telephone-head h1")).to_have_text("电话已结束", timeout=8_000)
    assert page.locator("#said").input_value() == SAID, "what is being written stays whatever happens around it"
    page.wait_for_timeout(500)
    page.keyboard.press("F2")
    office.until(lambda: Designation.objects.exists())
    assert Matter.objects.get(pk=matter.pk).said == SAID


def test_what_is_being_written_is_there_again_after_the_page_was_gone_and_is_the_matters_when_nobody_presses(
    office, cast
):
    page = office.page
    page.goto(f"{HOST}/duty/")
    matter = rings(office)
    page.wait_for_url(f"**/duty/calls/{matter.pk}/", timeout=12_000)
    page.wait_for_timeout(500)
    page.keyboard.press("F2")
    expect(page.locator("#telephone-head h1")).to_have_text("正在通话")
    page.locator("#said").fill(SAID)
    page.locator("#place").fill("金江街")
    expect(page.locator("#saved")).to_have_text("已存")
    page.reload()
    expect(page.locator("#said")).to_have_value(SAID)
    expect(page.locator("#place")).to_have_value("金江街")
    page.goto("about:blank")
    cast.act(receive.end_call, matter, by=system("switch"))
    cast.act(receive.keep, matter, by=system("clock"))
    assert Matter.objects.get(pk=matter.pk).said == SAID


def test_who_writes_a_ruling_is_not_taken_away_and_goes_there_by_a_key(office):
    page = office.page
    page.goto(f"{HOST}/duty/calls/new/")  # something of this office's own, so that there is a ruling to write
    page.locator("#said").fill("水库边的路塌了一段，没人认领")
    page.wait_for_timeout(500)
    page.keyboard.press("F2")
    office.until(lambda: Designation.objects.exists())
    page.goto(f"{HOST}/duty/")
    page.locator("#designate [name=why]").first.fill("写到一半")
    matter = rings(office)
    expect(page.locator("#rings")).to_be_visible(timeout=12_000)
    page.wait_for_timeout(300)
    assert re.search(r"/duty/$", page.url) and page.locator("#designate [name=why]").first.input_value() == "写到一半"
    page.keyboard.press("F8")
    page.wait_for_url(f"**/duty/calls/{matter.pk}/")


def test_when_12345_takes_it_the_page_goes_back_and_written_words_stay(office, cast):
    page = office.page
    page.goto(f"{HOST}/duty/")
    matter = rings(office)
    page.wait_for_url(f"**/duty/calls/{matter.pk}/", timeout=12_000)
    page.locator("#said").fill("已经听到的半句")
    Seat.objects.filter(pk=cast.gao.seat).update(presence="free")
    Matter.objects.filter(pk=matter.pk).update(seat=cast.he.seat)
    expect(page.locator("#fault")).to_contain_text("这通电话不在你这里了", timeout=8_000)
    assert (
        page.locator("#said").input_value() == "已经听到的半句"
        and page.locator("#lit").get_attribute("aria-disabled") == "true"
    )
