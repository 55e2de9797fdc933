"""At one desk: a call is answered out of the knowledge base, photos are brought from a telephone and dropped on a desk, one
key ends what needs no more, and what was typed survives the page, the machine and a process of the platform."""

import re

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from playwright.sync_api import expect

from liandong.actions import danger, handle, seats, transfer
from liandong.ops.demo.library import fill_library
from liandong.records.models import Draft, Matter, Seat, Unit
from liandong.rules.access import Actor
from tests.actions import files as made
from tests.browser.conftest import serving
from tests.browser.hands import BOTH_HANDS, KEYBOARD
from tests.cast import PASSWORD, assemble

MATERIAL = "[data-files][multiple]"


@pytest.fixture
def quiet(own_database):
    """The pages of this process now, with the demo's knowledge base: the address and the cast."""
    cast = assemble(timezone.now())
    fill_library(Actor("supervisor", cast.lin.person, work_no="7001", city="532300"), timezone.now())
    with serving(StaticFilesHandler(get_wsgi_application())) as address:
        yield address, cast


def take(lin, cast, number: str) -> Matter:
    matter = cast.rings(number=number)
    lin.answers()
    expect(lin.page.locator("#words")).to_be_visible()
    return matter


@KEYBOARD
def test_a_call_is_answered_out_of_the_knowledge_base_without_leaving_it(quiet, somebody):
    address, cast = quiet
    lin = somebody(address, "lin", "07", PASSWORD)
    matter = take(lin, cast, "13800001001")
    lin.says("团山路的路灯坏了三盏，问什么时候修好")
    lin.sees("路灯坏了找谁修", "#answers-line")
    lin.press("Alt+L")
    lin.sees("3 个工作日内修好", "#panel")
    lin.does('[data-act="use-article"]')
    expect(lin.page.locator("#answer")).to_have_value(re.compile("3 个工作日"))
    lin.page.keyboard.press("Control+Enter")
    lin.sees("已当场答复", "#custody")
    assert "3 个工作日" in Matter.objects.get(pk=matter.pk).answer


@KEYBOARD
@pytest.mark.parametrize(
    ("key", "end"), [("Alt+2", "无声来电"), ("Alt+3", "误拨"), ("Alt+4", "骚扰来电"), ("Alt+5", "来电人先挂断")]
)
def test_one_key_ends_what_needs_no_more(quiet, somebody, key, end):
    address, cast = quiet
    lin = somebody(address, "lin", "07", PASSWORD)
    take(lin, cast, "13800002000")
    lin.press(key)
    lin.sees(end, "#custody")


@KEYBOARD
def test_no_key_ends_it_over_a_sign_of_danger(quiet, somebody):
    address, cast = quiet
    lin = somebody(address, "lin", "07", PASSWORD)
    matter = take(lin, cast, "13800003000")
    lin.says("有人站在六号楼楼顶边上，说要跳下去")
    lin.press("Alt+4")
    lin.sees("还有险情", "#fault")
    assert Matter.objects.get(pk=matter.pk).danger == "raised"


@BOTH_HANDS
def test_a_clerk_sends_photos_from_a_telephone_and_the_desk_drops_a_document(quiet, somebody):
    address, cast = quiet
    matter = cast.call(cast.lin, "路灯坏了六盏")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead")
    duan = somebody(address, "duan", "", PASSWORD, width=390, height=844)
    duan.page.goto(f"{address}/unit/orders/{order.pk}/")
    photos = [{"name": f"现场{n}.jpg", "mimeType": "image/jpeg", "buffer": made.JPEG + bytes([n])} for n in (1, 2)]
    bad = {"name": "图.jpg", "mimeType": "image/jpeg", "buffer": made.SVG}
    duan.brings(MATERIAL, [*photos, bad])
    duan.sees("现场1.jpg", "#evidence")
    duan.sees("现场2.jpg", "#evidence")
    duan.sees("截成照片再传", "#uploads")
    assert matter.files.count() == 2 and duan.page.evaluate("document.documentElement.scrollWidth") <= 390

    lin = somebody(address, "lin", "07", PASSWORD)
    lin.page.goto(f"{address}/desk/#{matter.pk}")
    lin.sees("现场1.jpg", "#evidence")
    paper = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": made.PDF}
    lin.hand.drop(paper, lin.page.locator(MATERIAL))  # without a mouse by the key on the field
    lin.sees("合同.pdf", "#evidence")
    duan.page.reload()
    duan.sees("合同.pdf", "#evidence")


@KEYBOARD
def test_what_was_typed_is_there_after_the_page_died_and_on_another_machine(quiet, somebody):
    address, cast = quiet
    lin = somebody(address, "lin", "07", PASSWORD)
    matter = take(lin, cast, "13800004000")
    lin.says("团山路口的井盖没了，车子差点掉进去")
    lin.fills('#record [name="place"]', "团山路 12 号对面")
    lin.picks('#record [name="nature"]', "complaint")
    lin.goes_to("#words")
    lin.page.keyboard.press("End")
    for letter in "一直写不停下来" * 4:  # no pause in which the page would read
        lin.page.keyboard.insert_text(letter)
        lin.page.wait_for_timeout(60)
    lin.page.wait_for_timeout(2000)
    lin.page.close(run_before_unload=False)
    lin.page = lin.context.new_page()
    lin.page.goto(f"{address}/posts/")

    again = somebody(address, "lin", "07", PASSWORD)
    expect(again.page.locator("#words")).to_have_value(
        "团山路口的井盖没了，车子差点掉进去" + "一直写不停下来" * 4, timeout=15_000
    )
    expect(again.page.locator('#record [name="place"]')).to_have_value("团山路 12 号对面")
    expect(again.page.locator('#record [name="nature"]')).to_have_value("complaint")
    assert again.page.locator("#call").get_attribute("data-matter") == str(matter.pk)


@KEYBOARD
def test_what_one_person_writes_in_two_windows_is_one_record(quiet, somebody):
    address, cast = quiet
    lin = somebody(address, "lin", "07", PASSWORD)
    matter = take(lin, cast, "13800001009")
    lin.says("团山路的路灯坏了")
    lin.sees("已存", "#saved")
    first = lin.page
    with lin.beside():
        lin.page.goto(f"{address}/desk/")
        words = lin.page.locator("#words")
        expect(words).to_have_value("团山路的路灯坏了")
        lin.goes_to("#words")
        lin.page.keyboard.press("End")
        lin.page.keyboard.type("，一共三盏")
        expect(first.locator("#words")).to_have_value("团山路的路灯坏了，一共三盏")
        lin.fills("#record [name=place]", "团山路口")
        expect(first.locator("#record [name=place]")).to_have_value("团山路口")
        first.locator("#words").press("End")
        first.keyboard.type("，晚上看不见")
        expect(words).to_have_value("团山路的路灯坏了，一共三盏，晚上看不见")
    lin.sees("已存", "#saved")
    lin.sees("路灯", "#heard")
    draft = Draft.objects.get(matter=matter.pk)
    assert draft.body == "团山路的路灯坏了，一共三盏，晚上看不见" and draft.facts["place"] == "团山路口"


@KEYBOARD
def test_who_slips_back_in_the_browser_is_one_key_from_the_caller(quiet, somebody):
    address, cast = quiet
    lin = somebody(address, "lin", "07", PASSWORD)
    lin.page.goto(f"{address}/seats/")
    lin.press("F2")
    take(lin, cast, "13800001010")
    lin.says("团山路的路灯坏了，还没写完")
    lin.page.go_back()
    lin.lit_says("回到 07 席")
    lin.press("F2")
    expect(lin.page.locator("#words")).to_have_value("团山路的路灯坏了，还没写完")
    lin.page.go_back()
    lin.page.go_forward()
    expect(lin.page.locator("#words")).to_have_value("团山路的路灯坏了，还没写完")


@KEYBOARD
def test_danger_that_waits_beside_an_open_matter_is_said_on_a_telephone_too(quiet, somebody):
    address, cast = quiet
    yue = somebody(address, "yue", "03", PASSWORD, width=390)
    cast.rings("110:532301", number="13800001011")
    yue.answers()
    waits = cast.call(cast.lin, "隔壁两口子吵架打起来了", district="532301")
    cast.act(danger.raise_danger, waits, "正在打斗", by=cast.lin)
    knock = yue.page.locator("#knock")
    expect(knock).to_be_visible()
    expect(knock).to_contain_text("正在打斗")
    assert yue.page.evaluate("document.documentElement.scrollWidth") <= 390
    yue.does(knock)
    yue.sees("隔壁", "#words-read")


@KEYBOARD
def test_an_offer_that_is_a_notice_beside_an_open_matter_is_delivered_and_not_seen(quiet, somebody):
    address, cast = quiet
    yue = somebody(address, "yue", "03", PASSWORD)
    own = cast.call(cast.yue, "门口的路灯坏了")
    Seat.objects.exclude(pk=cast.yue.seat).update(presence="break")
    seats.mark(cast.yue.seat, "free", at=timezone.now())
    yue.page.goto(f"{address}/desk/#{own.pk}")
    expect(yue.page.locator("#words")).to_be_visible()
    asked = cast.call(cast.lin, "有人在楼下打麻将赌钱", district="532301")
    cast.act(transfer.offer, asked, cast.desk("110:532301"), by=cast.lin)
    lin = somebody(address, "lin", "07", PASSWORD)
    lin.page.goto(f"{address}/desk/#{asked.pk}")
    expect(yue.page.locator("#knock")).to_be_visible(timeout=12_000)
    expect(lin.receipt("delivered").locator("time")).to_be_visible(timeout=12_000)
    expect(lin.receipt("seen").locator("time")).to_have_count(0)
    yue.press("Alt+9")
    yue.sees("赌钱", "#words-read")
    expect(lin.receipt("seen").locator("time")).to_be_visible(timeout=12_000)
