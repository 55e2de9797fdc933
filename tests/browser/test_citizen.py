"""A citizen with a telephone in the hand: asks, writes, follows, is not satisfied, and it is done again. Also by somebody whose
telephone has keys instead of a glass to touch."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from liandong.actions import handle, reply
from liandong.records.models import FollowUp, Matter, Order, Unit
from tests.browser.conftest import ARTIFACTS
from tests.browser.hands import BOTH_HANDS
from tests.browser.people import Somebody
from tests.cast import PASSWORD

WIDE, HIGH = 390, 844


@pytest.fixture
def citizen(chromium, hand):
    """A citizen's browser; what its console says went wrong fails the test."""
    person = Somebody(chromium, "", "citizen", hand=hand, width=WIDE, height=HIGH, touch=True)
    yield person
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    person.page.screenshot(path=ARTIFACTS / f"citizen-{hand}.png", full_page=True)
    person.context.close()
    assert person.complaints == []


def fits(page) -> None:
    """Nothing sticks out to the side."""
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE


@BOTH_HANDS
def test_a_citizen_asks_writes_follows_and_is_helped_again(night, citizen, somebody):
    address, cast = night
    city, page = f"{address}/public/532300/", citizen.page
    page.goto(city)
    citizen.goes_to("#what")
    page.keyboard.type("有人站在楼顶要跳楼", delay=5)
    expect(page.locator("#dial")).to_have_attribute("href", "tel:110")
    citizen.fills("#what", "路灯坏了")
    expect(page.locator("#lit")).to_contain_text("打 12345")
    fits(page)

    citizen.does(page.get_by_role("link", name=re.compile("在网上写给")))
    citizen.fills(page.get_by_label("什么事"), "小区门口路灯坏了三盏，晚上看不见路。")
    citizen.picks(page.get_by_label("在哪里"), "532301|鹿城镇")
    citizen.ticks(page.get_by_label("打电话"))
    citizen.fills(page.get_by_label("您的电话"), "1388780")
    citizen.ticks(page.get_by_label(re.compile("我同意")))
    page.reload()  # the telephone died; what was written is still there
    expect(page.get_by_label("什么事")).to_have_value(re.compile("路灯坏了三盏"))
    citizen.ticks(page.get_by_label(re.compile("我同意")))
    citizen.does("#lit")
    expect(page.locator("#fault")).to_contain_text("少了 4 位")
    expect(page.get_by_label("您的电话")).to_be_focused()  # one writes on where it is wrong
    citizen.fills(page.get_by_label("您的电话"), "13887801234")
    page.context.set_offline(True)
    citizen.does("#lit")
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    citizen.does("#lit")
    expect(page.locator("#code")).to_be_visible()
    expect(page.locator("#main")).to_be_focused()  # what is said now is read from its beginning
    code = page.locator("#code").inner_text()
    fits(page)

    matter = Matter.objects.get(contact__channel="form")
    lin = somebody(address, "lin", "07", password=PASSWORD)
    lin.sees(matter.title)
    lin.page.goto(f"{address}/matters/{matter.pk}/call/")
    lin.sees("网上写来", "#caller")

    unit_answers(cast, matter)
    page.goto(f"{city}progress/")
    citizen.fills("#code", code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("#track")).to_contain_text("今晚就亮")
    expect(page.locator("#track .lit")).to_have_count(1)  # first the question, then anything to add
    fits(page)
    citizen.ticks(page.get_by_label("没解决"))
    citizen.ticks(page.get_by_role("group", name="对答复满意吗").get_by_label("不满意"))
    citizen.fills(page.get_by_label("还想说的"), "第三盏还是不亮")
    citizen.does(page.get_by_role("button", name=re.compile("告诉他们")))
    expect(page.locator(".done")).to_contain_text("接着办")
    assert FollowUp.objects.get(matter=matter).satisfied == "dissatisfied"
    assert Order.objects.get(matter=matter, state="assigned").ask == "第三盏还是不亮"
    assert "今晚就亮" not in page.locator("#track").inner_text()


def unit_answers(cast, matter: Matter) -> None:
    """The desk gives it out, the unit mends it, the desk tells the answer."""
    unit = Unit.objects.get(code=cast.duan.unit)
    order = handle.assign(matter, unit, by=cast.lin, at=timezone.now(), ask="修好")
    handle.sign(order, by=cast.duan, at=timezone.now())
    handle.contact(order, "约好上门", by=cast.duan, at=timezone.now())
    handle.resolve(order, "镇流器坏", "换了灯。", by=cast.duan, at=timezone.now())
    reply.tell(matter, "三盏灯都换了，今晚就亮。", "路灯已修复", by=cast.lin, at=timezone.now())


@pytest.mark.without_hands("reads the list on paper; nobody does anything there")
def test_the_list_prints_on_a4_with_every_kind_unfolded(night, citizen):
    (address, _), telephone = night, citizen.page
    telephone.goto(f"{address}/public/532300/list/")
    fits(telephone)
    telephone.emulate_media(media="print")
    expect(telephone.locator("#print")).to_be_hidden()
    expect(telephone.locator(".only-print")).to_be_visible()
    pdf = telephone.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 10
