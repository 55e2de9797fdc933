"""Who signs an order, and by which days its limit runs: a private company of the directory, one that no list names, a
make-up Saturday, a year that is not published yet."""

from datetime import datetime

import pytest
from django.utils import timezone

from liandong.packs.opened import opened
from liandong.records.models import Event, Matter, Order, PackRelease, Person, Post, Sheet, Unit
from tests.cast import SHANGHAI, assemble
from tests.web.conftest import browser
from tests.web.test_pressing import LAMP, told

GAS = "家里煤气停了一天，做不了饭"


@pytest.fixture
def gas(cast) -> Unit:
    """The gas company of Panzhihua's directory (附件2第三十一项), with a clerk of its own."""
    unit = Unit.objects.get(city="510400", name="华润公司")
    person = Person.objects.create_user("hua", password="tests-only-2026", name="华月", work_no="G001")
    Post.objects.create(person=person, role="clerk", city="510400", unit=unit)
    return unit


def test_a_gas_company_of_the_directory_signs_and_resolves_its_order_like_any_unit(cast, at, gas):
    matter = cast.call(cast.he, GAS, number="13800007777")
    fields = {"unit": gas.code, "part": "lead", "said": GAS, "ask": "上门看看"}
    assert at.he.post(f"/matters/{matter.pk}/orders/", fields).status_code == 200
    order, clerk = Order.objects.get(), browser("hua")
    page = clerk.get("/unit/").content.decode()
    assert GAS[:8] in page and 'data-act="sign"' in page
    assert at.duan.post(f"/orders/{order.pk}/signature/").status_code == 404, "another body does not sign for it"
    for step, said in (("signature", {}), ("contact", {"note": "已电话联系"}),
                       ("resolution", {"findings": "阀门自闭", "answer": "已上门开阀，能用气了"})):  # fmt: skip
        assert clerk.post(f"/orders/{order.pk}/{step}/", said).status_code == 200, step
    matter.refresh_from_db()
    assert (matter.state, matter.holder.code) == ("resolved", "12345:510400"), "the holder stays the desk"
    signed = Event.objects.get(matter=matter, kind="order.signed")
    assert f'"unit":"{gas.code}"' in signed.body and '"work_no":"G001"' in signed.body
    assert "已上门开阀" in told(at.he.get(f"/matters/{matter.pk}/call/"))


def test_a_gas_station_that_no_list_names_is_told_by_call_sheet(cast, at, gas):
    matter = cast.call(cast.he, GAS, number="13800007777")
    pack = opened(PackRelease.objects.get(city="510400"))
    assert pack.line("0812-3999999") is None and not Unit.objects.filter(name="兴达液化气站").exists()
    assert at.he.post(f"/matters/{matter.pk}/orders/", {"unit": "兴达液化气站", "part": "lead"}).status_code == 422
    sheet = {"body": "兴达液化气站", "line": "0812-3999999", "ask": "请上门看停气"}
    assert at.he.post(f"/matters/{matter.pk}/sheets/", sheet).status_code == 200
    row = Sheet.objects.get()
    assert (row.body, row.state, row.due_at is not None) == ("兴达液化气站", "written", True)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    for step, said in (("telling", {"to": "值班老周", "told_at": now}), ("confirmation", {"who": "值班老周"}),
                       ("reconciliation", {"arrived_at": now, "finished_at": now, "result": "已上门换阀"})):  # fmt: skip
        assert at.he.post(f"/sheets/{row.pk}/{step}/", said).status_code == 200, step
    row.refresh_from_db()
    assert (row.state, row.told_to, row.result) == ("reconciled", "值班老周", "已上门换阀")
    assert not Order.objects.exists() and Matter.objects.get(pk=matter.pk).holder.code == "12345:510400"


@pytest.fixture
def on(db, monkeypatch):
    """`on("2026-10-09T16:00")`: an order given at that moment on the page of the desk; gives it and the unit's page."""

    def give(moment: str) -> tuple[Order, str]:
        now = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        monkeypatch.setattr(timezone, "now", lambda: now)
        cast = assemble(now)
        matter = cast.call(cast.lin, LAMP)
        fields = {"unit": cast.duan.unit, "part": "lead", "said": LAMP}
        assert browser("lin").post(f"/matters/{matter.pk}/orders/", fields).status_code == 200
        order = Order.objects.get()
        return order, told(browser("duan").get(f"/unit/orders/{order.pk}/"))

    return give


@pytest.mark.parametrize(("given", "sign_by"), [
    ("2026-10-09T16:00", "2026-10-10T17:30"),  # a Friday before the Saturday that is worked for the national holiday
    ("2026-09-30T16:00", "2026-10-08T17:30"),  # the holiday itself is not counted
    ("2026-11-20T16:00", "2026-11-23T17:30"),  # an ordinary weekend
])  # fmt: skip
def test_the_limit_of_an_order_given_on_the_page_keeps_holidays_and_make_up_days(on, given, sign_by):
    order, page = on(given)
    assert timezone.localtime(order.sign_due_at) == datetime.fromisoformat(sign_by).replace(tzinfo=SHANGHAI)
    assert "暂按周末算" not in page


def test_an_order_whose_limit_lies_in_a_year_not_yet_published_counts_weekends_only_and_its_page_says_so(on):
    order, page = on("2098-12-31T16:00")  # a Wednesday
    new_year = datetime(2099, 1, 1, 17, 30, tzinfo=SHANGHAI)
    assert timezone.localtime(order.sign_due_at) == new_year, "nobody knows yet that it will be a holiday"
    assert "2099 年暂按周末算" in page


def test_in_a_year_not_yet_published_a_weekend_is_still_none_of_the_working_days(on):
    order, page = on("2099-01-02T16:00")  # a Friday
    assert timezone.localtime(order.sign_due_at) == datetime(2099, 1, 5, 17, 30, tzinfo=SHANGHAI)
    assert "2099 年暂按周末算" in page
