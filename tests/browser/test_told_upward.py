"""报总值班室 by its key, from the board of a desk and from its leader's floor, in Chromium (P二(二))."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from liandong.actions import handle, transfer
from liandong.records.models import Designation, Desk, Matter, Order, Person, Post, Seat, Transfer, Unit
from tests.browser.hands import KEYBOARD
from tests.cast import PASSWORD

pytestmark = KEYBOARD
CITY = "12345:532300"


@pytest.fixture
def city_at_night(night):
    """The city, whose duty office is there, and a leader at the prefecture's 12345."""
    address, cast = night
    for username, role, desk in (("zhi", "duty_officer", "duty:532300"), ("shen", "shift_leader", CITY)):
        person = Person.objects.create_user(username, password=PASSWORD, name=username, work_no=username)
        Post.objects.create(person=person, role=role, city="532300", desk=Desk.objects.get(code=desk))
    Seat.objects.create(desk=Desk.objects.get(code=CITY), number="01")
    return address, cast


def late(cast, said: str) -> Order:
    """An order that its unit has let run out, reminded of it twice."""
    matter = cast.call(cast.zhou, said, district="532301")
    order = cast.act(handle.assign, matter, Unit.objects.filter(city="532300").order_by("code").first(), by=cast.zhou)
    past = timezone.now() - timedelta(days=9)
    Order.objects.filter(pk=order.pk).update(sign_due_at=past, answer_due_at=past, reminded=2)
    Matter.objects.filter(pk=matter.pk).update(lead_due_at=past)
    return order


def told(order: Order) -> bool:
    return Order.objects.get(pk=order.pk).reported_at is not None


def test_what_is_late_and_what_nobody_took_is_told_to_the_duty_office_by_the_key_on_its_row(city_at_night, somebody):
    address, cast = city_at_night
    first, second = late(cast, "路灯不亮"), late(cast, "井盖缺失没人来换")
    offered = cast.act(transfer.offer, cast.call(cast.zhou, "楼上漏水"), cast.desk("110:532301"), by=cast.zhou)
    Transfer.objects.filter(pk=offered.pk).update(due_at=timezone.now() - timedelta(minutes=5))
    lin = somebody(address, "lin", "07", password=PASSWORD)
    row = lin.page.locator("tr", has=lin.page.locator(f'form[action="/orders/{first.pk}/reporting/"]'))
    key = row.locator('[data-act="report-late"]').get_attribute("data-key")
    assert key == row.locator('[data-act="open"]').get_attribute("data-key").replace("Alt", "Alt Shift")
    lin.press(key.replace(" ", "+"))
    expect(row).to_have_count(0)
    lin.sees("已报总值班室", "#board")
    assert told(first) and not told(second), "one row, and only that one"
    lin.press("Alt+z")
    expect(lin.page.locator('[data-act="report-offer"]')).to_have_count(0)
    assert Designation.objects.filter(matter=offered.matter_id).count() == 1

    shen = somebody(address, "shen", password=PASSWORD)
    shen.page.goto(f"{address}/floor/")
    shen.does(f"#late-{second.pk} [data-act=report-late]")
    shen.sees("已报总值班室", f"#late-{second.pk}")
    assert told(second)
