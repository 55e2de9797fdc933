"""督查's month and the command room's screen: honest numbers, nobody ranked, secrets kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from liandong.actions import crews, danger, handle, partners, transfer
from liandong.records.models import Desk, Matter, Order, OutboxMessage, Person, Post, Reconciliation, Unit
from liandong.rules import access
from liandong.rules.access import Actor
from liandong.rules.wall import Given, at_once, by_hour, waits
from tests.web.conftest import browser
from tests.web.test_pressing import LAMP, told

POLICE = "110:532301"


@pytest.fixture
def su(cast) -> Actor:
    person = Person.objects.create_user("su", password="tests-only-2026", name="苏", work_no="S1")
    Post.objects.create(person=person, role="supervisor", city="532300")
    return Actor(role="supervisor", person=person.pk, work_no="S1", city="532300")


@pytest.fixture
def day(cast) -> Order:
    """One transfer taken, one given back, one danger lowered, one order late."""
    cast.act(
        transfer.accept,
        cast.act(transfer.offer, cast.call(cast.yue, LAMP), cast.desk("12345:532300"), by=cast.yue),
        by=cast.lin,
    )
    back = cast.act(
        transfer.offer, cast.call(cast.yue, LAMP, number="13800001234"), cast.desk("12345:532300"), by=cast.yue
    )
    cast.act(transfer.decline, back, "other_district", POLICE, by=cast.lin, note="")
    matter = cast.call(cast.yue, "楼顶有人", district="532301")
    demand = cast.act(danger.raise_danger, matter, "有人要跳楼", by=cast.yue)
    cast.act(crews.dispatch, matter, "鹿城派出所", by=cast.yue)
    crew = matter.dispatches.get()
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(danger.lower, demand, "人已劝下", by=cast.yue)
    order = cast.act(handle.assign, cast.call(cast.lin, LAMP, district="532301"),
                     Unit.objects.filter(city="532300").order_by("code").first(), by=cast.lin)  # fmt: skip
    now = timezone.localtime()
    begins = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)  # what ran out before it is another month's
    Order.objects.filter(pk=order.pk).update(answer_due_at=max(begins, now - timedelta(days=2)))
    return order


def test_the_month_counts_what_happened_and_names_no_operator_but_who_lowered_a_danger(cast, at, su, day):
    page = told(browser("su").get("/city/"))
    for words in (
        "州 12345",
        "楚雄市 110",
        "退回的原因",
        "工号 0403",
        "人已劝下",
        "通报清单 1 件",
        day.unit.short,
        "超时",
        "还没办结",
    ):
        assert words in page, words
    assert "5307" not in page and "林晓" not in page
    for who in ("lin", "yue", "duan"):
        assert getattr(at, who).get("/city/").status_code == 302


def test_a_secret_matter_is_not_in_the_circular_and_its_danger_is_on_the_list_without_a_word(cast, su, day):
    Matter.objects.filter(pk=day.matter_id).update(secret=True)
    page = browser("su").get("/city/").content.decode()
    assert day.matter.number not in page and str(day.pk) not in page
    Matter.objects.filter(pk=day.matter_id).update(danger="raised", danger_at=timezone.now())
    page = browser("su").get("/city/").content.decode()
    assert "保密事项" in page and day.matter.number not in page and str(day.matter_id) not in page


def test_what_is_stuck_is_told_anew_to_a_page_that_lies_open_without_counting_the_month(
    cast, at, su, day, django_assert_max_num_queries
):
    Unit.objects.filter(pk=day.unit_id).update(contact_phone="08780000311")
    client = browser("su")
    page = client.get("/city/").content.decode()
    assert 'data-look="/city/stuck/"' in page and 'data-ticket=""' not in page and "打印通报" in page
    with django_assert_max_num_queries(14):
        part = client.get("/city/stuck/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="outerMorph"' in part and day.unit.short in part and "tel:08780000311" in part
    watched = client.post(
        f"/matters/{day.matter_id}/supervision/", {"order": str(day.pk), "why": "催了没动静", "from": "city"}
    )
    assert watched.status_code == 200 and "督办中" in told(watched) and 'id="stuck"' in watched.content.decode()
    assert "各单位" not in part and at.lin.get("/city/stuck/").status_code == 302


def test_a_month_without_anything_says_so(cast, su):
    page = told(browser("su").get("/city/", {"month": "2020-02"}))
    assert "2020 年 2 月" in page and "这个月没有要通报的" in page and "下一月" in page
    assert browser("su").get("/city/", {"month": "99"}).status_code == 200


def test_the_wall_is_for_who_looks_over_the_city_and_lives(cast, at, su, day):
    answer = browser("su").get("/wallboard/")
    page = answer.content.decode()
    for words in ("危险没解除", "各县市互转", "多久有人接受", "一次就接受", "今天解除 1 起", 'class="dark"'):
        assert words in page, words
    assert 'data-ticket=""' not in page and "138" not in told(answer)
    assert (
        'hx-swap-oob="outerMorph"' in browser("su").get("/wallboard/", headers={"HX-Request": "true"}).content.decode()
    )
    assert at.lin.get("/wallboard/").status_code == 302


def test_the_wall_says_how_often_a_link_broke_what_was_brought_and_what_the_day_s_comparison_found(cast, su, day):
    now = timezone.localtime()
    boss = Actor(role="administrator", city="532300", work_no="G1", person=su.person)
    assert "断过" not in told(browser("su").get("/wallboard/")), "a city without other nodes is told nothing of them"
    partner = partners.add("yaoan-110", "姚安县公安局", "https://yaoan.example/exchange/", by=boss, at=now)
    Desk.objects.filter(code="110:532325").update(partner=partner)
    page = told(browser("su").get("/wallboard/"))
    assert "今天没断过" in page and "今天还没对账" in page
    link = access.system("exchange.link", "532300")
    began = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ended = began + (now - began) / 2  # whenever the test runs, also just after midnight
    partner = partners.link_seen(partner, down=True, by=link, at=began)
    page = told(browser("su").get("/wallboard/"))
    assert "断着" in page and "补送 0 件" in page
    partners.link_seen(partner, down=False, by=link, at=ended)
    for state, matter in (("taken", day.matter), ("waiting", Matter.objects.exclude(pk=day.matter_id).first())):
        OutboxMessage.objects.create(partner=partner, matter=matter, message_id=state, kind="offer", sequence=1, body="{}", state=state,
                                     made_at=began + (ended - began) / 2, next_at=now)  # fmt: skip
    kept = Reconciliation.objects.create(partner=partner, on=now.date(), at=now, offers=3)
    page = told(browser("su").get("/wallboard/"))
    for words in ("今天断过 1 次，补送 1 件", "还有 1 件没送到", "断过，已接上", "丢件 0", f"{now:%H:%M} 对账一致"):
        assert words in page, words
    lost = ["missing_there", str(day.matter_id), "t1", "offered", ""]
    Reconciliation.objects.filter(pk=kept.pk).update(
        differences=[lost, ["state", str(day.matter_id), "t2", "offered", "accepted"]]
    )
    page = told(browser("su").get("/wallboard/"))
    assert "丢件 1" in page and "对账，2 处不同" in page
    Reconciliation.objects.filter(pk=kept.pk).update(fault="unreached", differences=[])
    page = told(browser("su").get("/wallboard/"))
    assert "对账没对成" in page and "丢件" not in page, "what was not compared is not said to be whole"


def test_the_wall_and_the_month_ask_a_fixed_number_of_questions(cast, su, day, django_assert_max_num_queries):
    client = browser("su")
    client.get("/wallboard/")
    with django_assert_max_num_queries(24):
        client.get("/wallboard/", headers={"HX-Request": "true"})
    with django_assert_max_num_queries(46):  # a month of six weeks, two a week
        client.get("/city/")


def test_figures_are_plain():
    start = datetime(2026, 11, 18, 9, tzinfo=UTC)
    rows = [Given("110", "a", start, start + timedelta(seconds=s), s == 11, s != 30) for s in (5, 9, 11, 30)]
    rows.append(Given("12345", "a", start, None, False, True))
    assert (waits(rows).middle, waits(rows).nine_in_ten, waits(rows).slowest_in_danger) == (10, 30, 11)
    assert waits([]).middle is None and by_hour(rows, "110")[9] == 4 and at_once(rows) == (3, 1)
