"""What a newcomer met: pages that say in Chinese what to do, words that are true for who reads them, the demo's door."""

import re

from django.conf import settings

from liandong.actions import handle, receive, transfer
from liandong.records.models import Call, Contact, Person, Seat, Unit
from tests.web.conftest import browser


def test_the_first_desk_is_told_that_the_talk_went_with_the_matter(cast, at):
    matter = receive.answer(cast.rings(cast.lin.desk, number="13800002671"), by=cast.lin, at=cast.clock.now)
    call = Call.objects.create(number="13800002671", line="12345", state="talking", seats=[cast.lin.seat],
                               began_at=cast.clock.now)  # fmt: skip
    Contact.objects.filter(pk=matter.contact_id).update(call=call.pk)
    matter = receive.record(matter, said="电动车被偷了", by=cast.lin, at=cast.clock.now)
    assert 'data-act="hold"' in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    row = transfer.offer(matter, cast.desk("110:532301"), by=cast.lin, at=cast.clock.on(seconds=1), consent=True)
    transfer.accept(row, by=cast.yue, at=cast.clock.on(seconds=3))
    left = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert "在楚雄市 110 通话" in left and "电话也交过去了，你可以走。" in left
    assert 'data-act="hold"' not in left and 'data-act="hang_up"' not in left
    assert "州 12345 记的" in left, "whose record it is does not change with the holder"
    taken = at.yue.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'data-act="hold"' in taken


def test_a_page_that_is_not_there_says_so_in_chinese(cast, at, settings):
    settings.DEBUG = False
    answer = at.lin.get("/matters/1118-9999/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode() and 'id="lit"' in answer.content.decode()


def test_a_form_of_an_old_page_is_refused_in_chinese(cast):
    stale = browser("lin", enforce_csrf_checks=True)
    answer = stale.post("/seats/1/sit")
    assert answer.status_code == 403
    assert "没有改动" in answer.content.decode()


def test_the_masthead_says_which_city(cast, at):
    assert "<b>楚雄州 12345</b>" in at.lin.get("/matters/").content.decode()
    assert "<b>攀枝花市 110</b>" in at.luo.get("/matters/").content.decode()
    assert "<b>楚雄市 110</b>" in at.yue.get("/matters/").content.decode()


def test_a_panel_for_a_step_that_is_past_is_not_there(cast, at):
    matter = cast.call(cast.lin, "路灯坏了")
    for name in ("report", "lower", "decline"):
        assert at.lin.get(f"/matters/{matter.pk}/panels/{name}/").status_code == 404


def test_half_a_mobile_number_is_not_kept(cast, at):
    matter = cast.call(cast.lin, "路灯坏了")
    answer = at.lin.post(f"/matters/{matter.pk}/record/", {"said": "路灯坏了", "number": "138"})
    assert answer.status_code == 422 and "号码少了 8 位" in answer.content.decode()


def test_the_demo_people_stand_at_the_door_in_demo_mode_only(cast, client, monkeypatch):
    Person.objects.filter(username="lin").update(is_demo=True)
    Seat.objects.filter(pk=cast.lin.seat).update(extension="85307")
    monkeypatch.setattr(settings, "LIANDONG_MODE", "demo")
    shown = client.get("/accounts/login/").content.decode()
    assert "楚雄州 12345 07 席" in shown and "/demo/phone/" in shown
    monkeypatch.setattr(settings, "LIANDONG_MODE", "production")
    assert "演示账号" not in client.get("/accounts/login/").content.decode()


def test_no_panel_uses_a_name_that_the_page_under_it_uses(cast, at):
    """The page is put in place by id: a second element of the same id would be taken out of the panel."""
    matter = cast.call(cast.lin, "电动车被偷了，在楚雄市团山路", district="532301")
    page = set(re.findall(r'\bid="([^"]+)"', at.lin.get(f"/matters/{matter.pk}/call/").content.decode())) - {"panel"}
    for name in ("answer", "answered", "crew", "follow_up", "guide", "handled", "transfer", "unit"):
        panel = at.lin.get(f"/matters/{matter.pk}/panels/{name}/").content.decode()
        assert not page & set(re.findall(r'\bid="([^"]+)"', panel)), name


def test_a_unit_that_hands_back_says_whose_it_is_and_the_course_shows_it(cast, at):
    matter = cast.call(cast.lin, "路灯坏了", district="532301")
    unit, other = Unit.objects.get(code=cast.duan.unit), Unit.objects.get(code=cast.lei.unit)
    order = handle.assign(matter, unit, by=cast.lin, at=cast.clock.now)
    handle.hand_back(order, "not_our_duty", other.code, "不归我们", by=cast.duan, at=cast.clock.on(seconds=3))
    course = at.lin.get(f"/matters/{matter.pk}/").content.decode()
    assert f"该{other.short}" in course
    assert f"{unit.short} U301 · 工号 U301" not in course, "a work number is said once"
    assert f"派单至{other.short}" in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
