"""A citizen with a telephone in the hand: asks, writes, follows, is not satisfied, and it is done again."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from liandong.actions import handle, reply
from liandong.records.models import FollowUp, Matter, Order, Unit
from tests.browser.conftest import ARTIFACTS
from tests.cast import PASSWORD

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def telephone(chromium):
    """A citizen's browser; what its console says went wrong fails the test."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True)
    page = context.new_page()
    page.set_default_timeout(12_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / "citizen.png", full_page=True)
    context.close()
    assert wrong == []


def fits(page) -> None:
    """Nothing sticks out to the side."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_citizen_asks_writes_follows_and_is_helped_again(night, telephone, somebody):
    address, cast = night
    city = f"{address}/public/532300/"
    telephone.goto(city)
    telephone.locator("#what").press_sequentially("有人站在楼顶要跳楼", delay=5)
    expect(telephone.locator("#dial")).to_have_attribute("href", "tel:110")
    telephone.locator("#what").fill("路灯坏了")
    expect(telephone.locator("#lit")).to_contain_text("打 12345")
    fits(telephone)

    telephone.get_by_role("link", name=re.compile("在网上写给")).click()
    telephone.get_by_label("什么事").fill("小区门口路灯坏了三盏，晚上看不见路。")
    telephone.get_by_label("在哪里").select_option("532301|鹿城镇")
    telephone.get_by_label("打电话").check()
    telephone.get_by_label("您的电话").fill("1388780")
    telephone.get_by_label(re.compile("我同意")).check()
    telephone.reload()  # the telephone died; what was written is still there
    expect(telephone.get_by_label("什么事")).to_have_value(re.compile("路灯坏了三盏"))
    telephone.get_by_label(re.compile("我同意")).check()
    telephone.locator("#lit").click()
    expect(telephone.locator("#fault")).to_contain_text("少了 4 位")
    telephone.get_by_label("您的电话").fill("13887801234")
    telephone.context.set_offline(True)
    telephone.locator("#lit").click()
    expect(telephone.locator("#offline")).to_be_visible()
    telephone.context.set_offline(False)
    telephone.locator("#lit").click()
    expect(telephone.locator("#code")).to_be_visible()
    code = telephone.locator("#code").inner_text()
    fits(telephone)

    matter = Matter.objects.get(contact__channel="form")
    lin = somebody(address, "lin", "07", password=PASSWORD)
    lin.sees(matter.title)
    lin.page.goto(f"{address}/matters/{matter.pk}/call/")
    lin.sees("网上写来", "#caller")

    unit_answers(cast, matter)
    telephone.goto(f"{city}progress/")
    telephone.locator("#code").fill(code.lower())
    telephone.keyboard.press("Enter")
    expect(telephone.locator("#track")).to_contain_text("今晚就亮")
    expect(telephone.locator("#track .lit")).to_have_count(1)  # first the question, then anything to add
    fits(telephone)
    telephone.get_by_label("没解决").check()
    telephone.get_by_role("group", name="对答复满意吗").get_by_label("不满意").check()
    telephone.get_by_label("还想说的").fill("第三盏还是不亮")
    telephone.get_by_role("button", name=re.compile("告诉他们")).click()
    expect(telephone.locator(".done")).to_contain_text("接着办")
    assert FollowUp.objects.get(matter=matter).satisfied == "dissatisfied"
    assert Order.objects.get(matter=matter, state="assigned").ask == "第三盏还是不亮"
    assert "今晚就亮" not in telephone.locator("#track").inner_text()


def unit_answers(cast, matter: Matter) -> None:
    """The desk gives it out, the unit mends it, the desk tells the answer."""
    unit = Unit.objects.get(code=cast.duan.unit)
    order = handle.assign(matter, unit, by=cast.lin, at=timezone.now(), ask="修好")
    handle.sign(order, by=cast.duan, at=timezone.now())
    handle.contact(order, "约好上门", by=cast.duan, at=timezone.now())
    handle.resolve(order, "镇流器坏", "换了灯。", by=cast.duan, at=timezone.now())
    reply.tell(matter, "三盏灯都换了，今晚就亮。", "路灯已修复", by=cast.lin, at=timezone.now())


def test_the_list_prints_on_a4_with_every_kind_unfolded(night, telephone):
    address, _ = night
    telephone.goto(f"{address}/public/532300/list/")
    fits(telephone)
    telephone.emulate_media(media="print")
    expect(telephone.locator("#print")).to_be_hidden()
    expect(telephone.locator(".only-print")).to_be_visible()
    pdf = telephone.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 10
