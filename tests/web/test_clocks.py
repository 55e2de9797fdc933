"""An order's clock and its end, on the unit's page and on the desk's: asked, decided, stopped, watched, taken back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import clocks, closing, handle, joining, reply
from liandong.records.models import Delivery, Extension, Matter, Order, Person, Post, Unit
from tests.web.conftest import browser
from tests.web.test_pressing import LAMP, ordered, told


@pytest.fixture
def signed(cast) -> Order:
    return cast.act(handle.sign, ordered(cast), by=cast.duan)


@pytest.fixture
def leader(cast, at):
    """Lin's colleague Zhou leads the shift."""
    Post.objects.filter(person_id=cast.zhou.person).update(role="shift_leader")
    return browser("zhou")


def unit_page(at, order) -> str:
    return at.duan.get(f"/unit/orders/{order.pk}/").content.decode()


def desk_page(client, order) -> str:
    return client.get(f"/matters/{order.matter_id}/call/").content.decode()


def test_a_unit_asks_for_days_with_a_reason_and_asks_once(cast, at, signed):
    assert 'data-key="F4"' in unit_page(at, signed)
    url, whole = f"/orders/{signed.pk}/extensions/", {"days": "5", "why": "等供货"}
    for field, wrong in (("days", ""), ("days", "31"), ("days", "两天"), ("days", "²"), ("why", "")):
        assert at.duan.post(url, whole | {field: wrong}).status_code == 422
    assert at.lin.post(url, whole).status_code == 403
    assert at.lei.post(url, whole).status_code == 404
    for _ in range(2):
        answer = at.duan.post(url, whole, headers={"Idempotency-Key": "e"})
        assert answer.status_code == 200 and "延期 5 个工作日，等批准" in told(answer)
    assert Extension.objects.get().days == 5
    again = at.duan.post(url, whole, headers={"Idempotency-Key": "f"})
    assert again.status_code == 409 and "这次延期等批准" in told(again)
    assert re.search(r'data-act="extend"[^>]*aria-disabled="true"', unit_page(at, signed))


def test_the_units_list_counts_what_is_not_signed_what_runs_out_today_and_what_has(cast, at, monkeypatch):
    noon = timezone.localtime().replace(hour=12, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    order = ordered(cast)
    Order.objects.filter(pk=order.pk).update(sign_due_at=timezone.now() - timedelta(hours=3))
    page = told(at.duan.get("/unit/"))
    assert "待签收 1" in page and "超时 1" in page and "今天到期 1" not in page
    Order.objects.filter(pk=order.pk).update(
        sign_due_at=timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=999999)
    )
    page = told(at.duan.get("/unit/"))
    assert "今天到期 1" in page and "超时 1" not in page
    page = unit_page(at, order)
    assert "没签收就催办" in page and "会留痕" in page, "what happens by itself stands at the end of the course"


def test_an_order_that_ran_out_stays_out_in_its_units_list_after_a_reminder_and_before_what_has_time(cast, at):
    late, other = ordered(cast), ordered(cast)
    now = timezone.now()
    Order.objects.filter(pk=late.pk).update(
        sign_due_at=now - timedelta(days=4, hours=5), due_at=now + timedelta(days=1)
    )
    Order.objects.filter(pk=other.pk).update(sign_due_at=now + timedelta(hours=2), due_at=now + timedelta(hours=2))
    page = told(at.duan.get("/unit/"))
    assert "待签收，超 4 天" in page and "超时 1" in page
    assert page.index("超 4 天") < page.index("剩 1 小时")


@pytest.mark.parametrize(
    ("word", "state", "shown"), [("yes", "granted", "同意延期 5 个工作日"), ("no", "refused", "没同意")]
)
def test_the_holder_decides_an_extension_from_its_row(cast, at, signed, word, state, shown):
    row = cast.act(clocks.ask_extension, signed, 5, "等供货", by=cast.duan)
    board = at.lin.get("/desk/board/").content.decode()
    assert "定延期" in board
    page = desk_page(at.lin, signed)
    assert f'data-extension="{row.pk}"' in page and "等供货" in page
    assert re.search(r'data-act="granted-yes"[^>]*data-key="Alt 1"', page)
    url = f"/extensions/{row.pk}/decision/"
    assert at.duan.post(url, {"granted": "yes"}).status_code == 403
    assert at.yue.post(url, {"granted": "yes"}).status_code == 404
    assert at.lin.post(url, {}).status_code == 422
    answer = at.lin.post(url, {"granted": word})
    assert answer.status_code == 200 and "data-extension" not in answer.content.decode()
    assert Extension.objects.get().state == state
    unit = unit_page(at, signed)
    assert shown in unit and ("不变" in unit) == (word == "yes")
    assert at.lin.post(url, {"granted": word}).status_code == 409


def test_an_order_stands_still_until_a_day_and_goes_on_by_one_key(cast, at, signed):
    until = timezone.localdate() + timedelta(days=10)
    url, whole = f"/orders/{signed.pk}/suspension/", {"until": until.isoformat(), "why": "等法院判"}
    for field, wrong in (("until", ""), ("until", "2020-01-01"), ("until", "明天"), ("why", " ")):
        assert at.duan.post(url, whole | {field: wrong}).status_code == 422
    assert at.lin.post(url, whole).status_code == 403
    answer = at.duan.post(url, whole)
    page = answer.content.decode()
    assert (
        answer.status_code == 200
        and "已中止" in page
        and "等法院判" in page
        and f"{until.month}月{until.day}日" in page
    )
    assert page.count('id="lit"') == 1 and 'data-act="resume"' in page
    assert str(signed.pk) in page.split('id="order"')[0]  # it stays in the unit's list
    assert f"已中止到 {until.month}月{until.day}日" in told(at.lin.get(f"/matters/{signed.matter_id}/parts/"))
    assert at.lei.post(f"/orders/{signed.pk}/resumption/").status_code == 404
    assert at.duan.post(f"/orders/{signed.pk}/resumption/").status_code == 200
    assert Order.objects.get().state == "signed"
    assert at.duan.post(f"/orders/{signed.pk}/resumption/").status_code == 409


def test_nothing_is_stopped_while_danger_is_open(cast, at, signed):
    at.duan.post(f"/orders/{signed.pk}/danger/", {"means": "双方要动手"})
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = at.duan.post(f"/orders/{signed.pk}/suspension/", {"until": until, "why": "等人"})
    assert answer.status_code == 409 and "险情还在，不能中止" in told(answer)
    assert re.search(r'data-act="suspend"[^>]*aria-disabled="true"', unit_page(at, signed))


def test_a_frozen_order_says_that_it_stands_with_another_matter(cast, at, signed):
    other = cast.call(cast.lin, LAMP)
    cast.act(joining.merge, Matter.objects.get(pk=signed.matter_id), other, by=cast.lin)
    page = unit_page(at, signed)
    assert f"已并入 {other.number}，先停着" in page and page.count('id="lit"') == 1
    assert "extend-panel" not in page and "已并入别件，先停着" in page.split('id="order"')[0]


def test_only_a_leader_watches_an_order_and_the_unit_sees_it_marked(cast, at, leader, signed):
    earlier = signed
    later = cast.act(handle.assign, cast.call(cast.lin, LAMP), Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    url, fields = f"/matters/{later.matter_id}/supervision/", {"order": str(later.pk), "why": "群众催了三次"}
    assert 'data-act="supervise"' not in desk_page(at.lin, later)
    assert at.lin.post(url, fields).status_code == 403
    assert 'data-act="supervise"' in desk_page(leader, later)
    panel = leader.get(f"/matters/{later.matter_id}/panels/supervise/").content.decode()
    assert f'value="{later.pk}"' in panel
    assert leader.post(url, fields | {"order": str(earlier.pk)}).status_code == 404
    assert leader.post(url, fields | {"order": "x"}).status_code == 422
    answer = leader.post(url, fields)
    assert answer.status_code == 200 and "，督办" in told(answer)
    listed = at.duan.get(f"/unit/orders/{later.pk}/").content.decode()
    rows = re.findall(r'href="/unit/orders/([\w-]+)/"', listed.split('id="order"')[0])
    by_time = [str(earlier.pk), str(later.pk)] if earlier.due_at < later.due_at else [str(later.pk), str(earlier.pk)]
    assert rows == by_time and listed.split('class="orders"')[1].count("督办</span>") == 1
    assert "督办" in listed.split('class="chips"')[1]


def test_a_supervisor_watches_an_order_on_the_matters_own_page(cast, at, signed):
    su = Person.objects.create_user("su", password="x", name="苏敏", work_no="S01")
    Post.objects.create(person=su, role="supervisor", city="532300")
    supervisor, page = browser("su"), f"/matters/{signed.matter_id}/"
    url, fields = f"{page}supervision/", {"order": str(signed.pk), "why": "群众催了三次"}
    shown = supervisor.get(page).content.decode()
    assert f'action="{url}"' in shown and f'value="{signed.pk}"' in shown and "已督办" not in shown
    assert f'action="{url}"' not in at.lin.get(page).content.decode(), "a desk has it on its own page, for its leader"
    answer = supervisor.post(url, fields)
    assert (answer.status_code, answer.url) == (302, page)
    assert "，已督办" in supervisor.get(page).content.decode()
    signed.refresh_from_db()
    assert signed.supervised_at is not None and signed.state == "signed"


def test_the_holder_takes_an_order_back_with_a_reason(cast, at, signed):
    url, fields = f"/matters/{signed.matter_id}/withdrawals/", {"order": str(signed.pk), "why": "派错了单位"}
    assert 'data-act="withdraw"' in desk_page(at.lin, signed)
    assert f'value="{signed.pk}"' in at.lin.get(f"/matters/{signed.matter_id}/panels/withdraw/").content.decode()
    assert at.duan.post(url, fields).status_code == 403
    assert at.yue.post(url, fields).status_code == 404
    assert at.lin.post(url, fields | {"why": " "}).status_code == 422
    assert at.lin.post(url, fields).status_code == 200
    assert (Order.objects.get().state, Matter.objects.get(pk=signed.matter_id).state) == ("withdrawn", "held")
    assert at.lin.get(f"/matters/{signed.matter_id}/panels/withdraw/").status_code == 404
    assert "已收回" in unit_page(at, signed)


def test_an_archived_matter_is_opened_again_with_a_reason(cast, at):
    matter = cast.call(cast.lin, LAMP)
    assert at.lin.get(f"/matters/{matter.pk}/panels/reopen/").status_code == 404
    cast.act(closing.close, matter, "answered", answer="已告知", by=cast.lin)
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert 'data-act="reopen"' in page and at.lin.get(f"/matters/{matter.pk}/panels/reopen/").status_code == 200
    url = f"/matters/{matter.pk}/reopening/"
    assert at.yue.post(url, {"why": "没解决"}).status_code == 404
    assert at.lin.post(url, {"why": ""}).status_code == 422
    answer = at.lin.post(url, {"why": "没解决"}, headers={"X-Mode": "read"})
    assert answer.status_code == 200 and 'data-mode="write"' in answer.content.decode()
    assert Matter.objects.get(pk=matter.pk).state == "held"


@pytest.fixture
def answered(cast) -> Matter:
    """A matter that was answered, with the call of a second person merged into it."""
    order = ordered(cast)
    child = cast.call(cast.lin, LAMP, number="13900001234")
    cast.act(joining.merge, child, Matter.objects.get(pk=order.matter_id), by=cast.lin)
    for do, *args in ((handle.sign,), (handle.contact, "已联系"), (handle.resolve, "查明", "修好了")):
        cast.act(do, order, *args, by=cast.duan)
    return cast.act(reply.tell, Matter.objects.get(pk=order.matter_id), "修好了", "已修复", by=cast.lin)


def test_a_further_caller_is_listed_and_told_before_the_matter_is_put_away(cast, at, answered):
    row = Delivery.objects.get(state="due")
    page = at.lin.get(f"/matters/{answered.pk}/call/").content.decode()
    assert "还要告诉 1 位来电人" in page and "139****1234" in page and "13900001234" not in page
    assert f'data-delivery="{row.pk}"' in page and re.search(r'data-act="reached-no"[^>]*data-key="Alt 2"', page)
    early = at.lin.post(f"/matters/{answered.pk}/follow-ups/", {"reached": "yes", "solved": "yes"})
    assert early.status_code == 409 and "还有来电人没告诉到" in told(early)
    url = f"/deliveries/{row.pk}/outcome/"
    assert at.duan.post(url, {"reached": "yes"}).status_code == 403
    assert at.yue.post(url, {"reached": "yes"}).status_code == 404
    assert at.lin.post(url, {"reached": "maybe"}).status_code == 422
    assert at.lin.post(url, {"reached": "yes", "how": "pigeon"}).status_code == 422
    answer = at.lin.post(url, {"reached": "yes", "how": "phone"})
    assert answer.status_code == 200 and "data-delivery" not in answer.content.decode()
    assert at.lin.post(url, {"reached": "yes"}).status_code == 409
    assert Delivery.objects.get(pk=row.pk).state == "delivered"


def test_closed_at_once_the_page_lists_who_else_is_to_be_told_and_then_lets_it_be_put_away(cast, at):
    first, second = cast.call(cast.lin, LAMP), cast.call(cast.lin, LAMP, number="13900001234")
    cast.act(joining.merge, second, first, by=cast.lin)
    closed = at.lin.post(f"/matters/{first.pk}/closing/", {"closing": "answered", "answer": "今晚就修"})
    row = Delivery.objects.get(state="due")
    assert closed.status_code == 200 and (row.words, row.contact_id) == ("今晚就修", second.contact_id)
    page = at.lin.get(f"/matters/{first.pk}/call/").content.decode()
    assert "还要告诉 1 位来电人" in page and "139****1234" in page and 'data-act="follow_up"' in page
    assert at.lin.post(f"/deliveries/{row.pk}/outcome/", {"reached": "yes", "how": "phone"}).status_code == 200
    done = at.lin.post(f"/matters/{first.pk}/follow-ups/", {"reached": "yes", "solved": "yes", "satisfied": "fair"})
    assert done.status_code == 200
    both = Matter.objects.filter(pk__in=[first.pk, second.pk])
    assert set(both.values_list("state", "answer")) == {("archived", "今晚就修")}


def test_who_cannot_be_reached_three_times_is_given_up_on_record(cast, at, answered):
    row = Delivery.objects.get(state="due")
    url = f"/deliveries/{row.pk}/outcome/"
    first = at.lin.post(url, {"reached": "no"}, headers={"Idempotency-Key": "1"})
    assert first.status_code == 200 and "没打通 1 次" in told(first)
    assert at.lin.post(url, {"reached": "no"}, headers={"Idempotency-Key": "1"}).status_code == 200
    assert "再一次就停" in told(at.lin.post(url, {"reached": "no"}, headers={"Idempotency-Key": "2"}))
    at.lin.post(url, {"reached": "no"}, headers={"Idempotency-Key": "3"})
    row.refresh_from_db()
    assert (row.state, row.tries) == ("given_up", 3)


def test_a_unit_asks_for_another_by_f3_and_the_desk_decides_on_its_row(cast, at):
    matter = cast.call(cast.lin, "工地半夜打桩", nature="complaint")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    order = cast.act(handle.sign, order, by=cast.duan)
    assert 'data-open="assist-panel"' in at.duan.get(f"/unit/orders/{order.pk}/").content.decode()
    fields = {"unit": cast.lei.unit, "why": "请到场测噪声"}
    assert at.duan.post(f"/orders/{order.pk}/assistances/", fields).status_code == 200
    row = order.assistances.get()
    assert f"/assistances/{row.pk}/decision/" in at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert at.yue.post(f"/assistances/{row.pk}/decision/", {"granted": "yes"}).status_code == 404
    assert at.lin.post(f"/assistances/{row.pk}/decision/", {"granted": "yes"}).status_code == 200
    row.refresh_from_db()
    assert (row.given.unit.code, row.given.part) == (cast.lei.unit, "assist")


def test_the_desk_resumes_a_suspended_order_by_a_key(cast, at):
    matter = cast.call(cast.lin, "工地半夜打桩", nature="complaint")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    order = cast.act(handle.sign, order, by=cast.duan)
    cast.act(clocks.suspend, order, cast.clock.now + timedelta(days=2), "等法院", by=cast.duan)
    page = at.lin.get(f"/matters/{matter.pk}/call/").content.decode()
    assert re.search(rf'action="/orders/{order.pk}/resumption/".{{0,400}}data-key="Alt R"', page, re.DOTALL)
    assert at.lin.post(f"/orders/{order.pk}/resumption/").status_code == 200
    order.refresh_from_db()
    assert order.state == "signed"
