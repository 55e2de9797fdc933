"""A supervisor's morning and an administrator's, and what the end of a sign-in does to a page that is open."""

import csv
import io
import json

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from liandong.actions import handle, receive
from liandong.records.models import Event, PackRelease, Person, Post, SavedView, Seat, Unit
from tests.browser.conftest import serving
from tests.browser.hands import BOTH_HANDS, KEYBOARD
from tests.browser.people import Somebody
from tests.cast import PASSWORD, assemble

NEW = "自己想的一句很长的口令"


@pytest.fixture
def today(own_database):
    """The pages of this process now, the cast, and beside it a supervisor and an administrator."""
    cast = assemble(timezone.now())
    for name, username, role in (("苏衡", "su", "supervisor"), ("关原", "guan", "administrator")):
        person = Person.objects.create_user(username, password=PASSWORD, name=name, work_no=username)
        Post.objects.create(person=person, role=role, city="532300")
    with serving(StaticFilesHandler(get_wsgi_application())) as address:
        yield address, cast


def taken(one: Somebody, name: str) -> tuple[str, bytes]:
    """The file a button gives, with its name."""
    with one.page.expect_download() as started:
        one.does(one.page.get_by_role("button", name=name, exact=True))
    return started.value.suggested_filename, started.value.path().read_bytes()


@KEYBOARD
def test_a_supervisor_finds_keeps_a_view_takes_files_out_and_opens_a_secret_matter_with_a_reason(today, somebody):
    address, cast = today
    lamp = cast.call(cast.lin, "团山路的路灯坏了三盏", number="13800008201", place="鹿城镇 团山路")
    cast.call(cast.lin, "龙江路的垃圾没有人清", number="13800008202")
    secret = cast.call(cast.lin, "举报 乡里有人冒领救济款", nature="report")
    su = somebody(address, "su", password=PASSWORD)
    assert su.page.url.endswith("/city/")
    for key in ("Tab", "Enter"):  # past the top of the page, for who goes by keys
        su.page.keyboard.press(key)
    expect(su.page.locator("main")).to_be_focused()
    for kind in ("Excel", "CSV"):
        assert taken(su, kind)[0].startswith("通报 ")
    su.page.keyboard.press("Control+k")
    su.page.wait_for_url("**/matters/")
    su.page.keyboard.press("Control+k")
    su.page.keyboard.type("路灯")
    su.page.keyboard.press("Enter")
    su.page.wait_for_url("**q=*")
    su.sees("路灯坏了三盏", ".found")
    expect(su.page.locator(".found tbody tr")).to_have_count(1)

    su.fills("#view-name", "夜里的灯")
    su.does(su.page.get_by_role("button", name="存下", exact=True))
    expect(su.page.locator(".tabs")).to_contain_text("夜里的灯 1")
    su.page.goto(f"{address}/matters/?state=all")
    expect(su.page.locator(".found tbody tr")).to_have_count(2)  # the secret one is in no list
    su.follows("夜里的灯 1")
    expect(su.page.locator(".found tbody tr")).to_have_count(1)

    name, content = taken(su, "CSV")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert name.endswith(".csv") and [row[3] for row in rows[1:]] == ["138****8201"]
    name, content = taken(su, "Excel")
    rows = list(load_workbook(io.BytesIO(content)).active.values)
    assert name.endswith(".xlsx") and [row[:2] for row in rows[1:]] == [(lamp.number, rows[1][1])]
    assert Event.objects.filter(kind="month.exported").count() == 2
    files = Event.objects.filter(kind="matters.exported").order_by("seq")
    assert [json.loads(e.body)["file"] for e in files] == ["csv", "xlsx"]

    su.does(su.page.get_by_role("button", name="删掉", exact=True))
    expect(su.page.locator(".tabs")).not_to_contain_text("夜里的灯")
    assert not SavedView.objects.exists()
    su.fills("#q", "雪山")
    su.page.keyboard.press("Enter")
    su.sees("没有找到“雪山”")

    su.page.goto(f"{address}/sealed/")
    su.fills("#why", "群众来信问到这件")
    su.does(su.page.get_by_role("button", name="看单子"))
    su.sees(secret.number, "#sealed")
    su.fills(f"#why-{secret.pk}", "群众来信问到这件")
    su.does(su.page.get_by_role("button", name="看内容"))
    su.sees("冒领救济款", "#sealed")
    assert Event.objects.filter(matter=secret, kind="matter.unsealed").exists()


@BOTH_HANDS
def test_an_administrator_brings_somebody_in_gives_a_seat_and_lets_a_limit_begin_tomorrow(today, somebody):
    address, _ = today
    guan = somebody(address, "guan", password=PASSWORD)
    guan.page.goto(f"{address}/administration/seats/")
    guan.picks("#desk", "12345:532300")
    guan.fills("#number", "21")
    guan.press("F2")
    expect(guan.page.locator('.seat-row input[name=number][value="21"]')).to_be_visible()
    assert Seat.objects.filter(desk__code="12345:532300", number="21").exists()

    guan.page.goto(f"{address}/administration/")
    guan.fills("#name", "和平")
    guan.fills("#work_no", "5321")
    guan.fills("#username", "heping")
    guan.picks("#role", "operator")
    guan.picks("#desk", "12345:532300")
    guan.press("F2")
    first = guan.page.locator("[data-secret]").inner_text()
    guan.page.reload()
    guan.sees("和平", "table")
    expect(guan.page.locator("body")).not_to_contain_text(first)  # shown once

    fresh = somebody(address, "heping", password=first)
    fresh.sees("你用的是初始密码")
    fresh.fills("#id_oldpassword", first)
    fresh.fills("#id_password1", NEW)
    fresh.fills("#id_password2", NEW)
    fresh.does("#lit")
    fresh.page.wait_for_url("**/seats/")
    fresh.does(fresh.page.locator("#pick-rows").get_by_role("button", name="21 席"))
    fresh.page.wait_for_url("**/desk/**")

    guan.page.goto(f"{address}/administration/limits/")
    guan.picks("#limit", "matter.decide")
    guan.fills("#amount", "15")
    guan.fills("#clause", "市里 12 月的会")
    guan.fills("#version", "2026.12")
    guan.press("F2")
    guan.sees("不一样的行")
    guan.sees("15", "table.compared")
    guan.does("#activation [data-act=activate]")
    expect(guan.page.locator("tr[data-state=planned]")).to_contain_text("2026.12")
    release = PackRelease.objects.get(version="2026.12")
    assert release.effective_on > timezone.localdate()
    guan.does(guan.page.locator("tr[data-state=planned]").get_by_role("button", name="撤回"))
    expect(guan.page.locator("tr[data-state=planned]")).to_have_count(0)


@KEYBOARD
def test_whose_sign_in_ended_while_a_note_was_written_keeps_the_note_and_signs_it(today, somebody):
    address, cast = today
    matter = cast.call(cast.lin, "路灯坏了六盏", number="13800008203")
    unit = Unit.objects.get(code=cast.duan.unit)
    order = cast.act(handle.assign, matter, unit, by=cast.lin, ask="修好", part="lead")
    cast.act(handle.sign, order, by=cast.duan)
    duan = somebody(address, "duan", password=PASSWORD)
    duan.page.goto(f"{address}/unit/orders/{order.pk}/")
    duan.does("[data-act=reveal]")
    expect(duan.page.locator("#number")).to_have_text("13800008203")
    event = Event.objects.filter(matter=matter, kind="number.revealed").get()
    assert json.loads(event.body)["purpose"] == "contact"

    duan.press("F2")
    duan.page.keyboard.press("Control+Enter")  # empty: the page says so and shows where
    expect(duan.page.locator("#note")).to_have_attribute("aria-invalid", "true")
    expect(duan.page.locator("#note")).to_be_focused()
    duan.writes("约好下午三点到桥头")
    expect(duan.page.locator("#note")).not_to_have_attribute("aria-invalid", "true")
    elsewhere = somebody(address, "duan", password=PASSWORD)  # and signs out everywhere
    elsewhere.page.goto(f"{address}/accounts/2fa/")
    elsewhere.does(elsewhere.page.get_by_role("button", name="各处都退出"))
    elsewhere.page.wait_for_url("**/accounts/login/**")
    duan.page.keyboard.press("Control+Enter")
    duan.sees("登录过期了", "#fault")
    expect(duan.page.locator("#note")).to_have_value("约好下午三点到桥头")

    with duan.beside():
        duan.sign_in(password=PASSWORD)
        duan.page.wait_for_url("**/unit/")
    duan.goes_to("#note")
    duan.page.keyboard.press("Control+Enter")
    duan.lit_says("办结")
    duan.sees("约好下午三点到桥头", "#order")


@KEYBOARD
def test_a_seat_moves_to_another_machine_by_a_press_and_the_first_page_says_so(today, somebody):
    address, cast = today
    Seat.objects.filter(pk=cast.lin.seat).update(person=None, presence="off")
    here = somebody(address, "lin", "07", PASSWORD)
    expect(here.page.locator("#presence")).to_contain_text("空闲")
    there = somebody(address, "lin", password=PASSWORD)
    there.sees("你在另一台机器上坐着 07 席")
    there.does(there.page.locator("#pick-rows").get_by_role("button", name="07 席"))
    there.page.wait_for_url("**/desk/**")
    expect(here.page.locator("#presence")).to_contain_text("离席", timeout=20_000)
    matter = cast.rings(number="13800008204")
    receive.ring(matter, Seat.objects.get(pk=cast.lin.seat), by=cast.lin, at=timezone.now())
    there.lit_says("接听")
    expect(here.page.locator("#lit[data-act=answer]")).to_have_count(0)
