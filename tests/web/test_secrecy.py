"""A secret matter leaves no trace with anybody who does not handle it: no word, no number, no count, no file, no wake."""

import io
import json
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from liandong.actions import handle, index, receive, talk, transfer, views
from liandong.records.models import Desk, Event, Matter, Order, Person, Post, Seat, Unit
from liandong.rules.access import Actor
from liandong.rules.wanted import Wanted
from liandong.web import tickets
from tests.web.conftest import browser

pytestmark = pytest.mark.slow
CITY, NUMBER, NAME = "532300", "13911114567", "张三丰"
WORDS = "听说下周有人组织去堵州政府大门"
REPORT = "举报 乡里有人长期冒领救济款"
POLICE = "派出所的民警收了别人的烟酒"
PLACE = "子午镇法邑村三组"
TRACES = (WORDS[:8], "堵州", "救济款", "冒领", "烟酒", NAME, PLACE, "法邑", "4567")
OPEN_PAGES = (
    "/", "/desk/", "/desk/board/", "/matters/", "/matters/?state=all", "/matters/?danger=1", "/matters/?overdue=1&state=open",
    "/matters/?district=532301&state=all", "/matters/?since={today}", "/matters/?state=held", "/matters/?state=handling",
    "/matters/?unit={unit}&state=all", "/floor/", "/duty/", "/wallboard/", "/city/", "/unit/", "/shift/", "/register/",
    "/articles/", "/articles/found/?q=救济款", "/administration/", "/administration/units/", "/imports/",
)  # fmt: skip
SEARCHES = ("救济款", "堵州", "烟酒", "组织去", NUMBER, "4567", "法邑", PLACE, NAME)
OUTSIDERS = ("bai", "lei", "luo", "he", "gao", "ban", "dang", "su", "guan")
"""Another 110, another unit, another city three times, a leader of that 110, the duty office, supervisor, administrator."""


@pytest.fixture
def city(cast, monkeypatch):
    """Everybody who handles nothing of it, with a matter of their own that is like it in number, place and words. The
    clock stands: what differs between two looks is then never the time."""
    at = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: at)
    for name, role, desk in (("ban", "shift_leader", "110:532300"), ("dang", "duty_officer", "duty:532300"),
                             ("su", "supervisor", ""), ("guan", "administrator", "")):  # fmt: skip
        person = Person.objects.create_user(name, password="tests-only-2026", name=name, work_no=name)
        place = Desk.objects.filter(code=desk).first()
        Post.objects.create(person=person, role=role, city=CITY, desk=place)
        seat = Seat.objects.create(desk=place, number="77", person=person) if place else None
        cast.actors[name] = Actor(role, person.pk, name, work_no=name, desk=desk, seat=seat.pk if seat else None,
                                  seat_no="77", city=CITY)  # fmt: skip
    cast.own = cast.call(cast.bai, "堵在州政府门口的车没人管", number=NUMBER, place=PLACE, district="532301")
    cast.views = [cast.act(views.keep, "救济", Wanted(words="救济款"), by=cast.actors["su"])]
    return cast


def plant(cast) -> list[Matter]:
    """One told in confidence and gone to 110, one report with a late order of a unit, one complaint about police; each
    offered, answered for and late, by desks and a unit that are none of the outsiders."""
    told = cast.call(cast.lin, WORDS, number=NUMBER, district="532301", place=PLACE)
    cast.act(receive.record, told, said=WORDS, caller_name=NAME, by=cast.lin, district="532301", place=PLACE)
    row = cast.act(transfer.offer, told, cast.desk("110:532301"), by=cast.lin, in_confidence=True)
    cast.act(transfer.accept, row, by=cast.yue)
    report = cast.call(cast.lin, REPORT, number=NUMBER, district="532301", place=PLACE, nature="report")
    police = cast.call(
        cast.lin, POLICE, number=NUMBER, district="532301", place=PLACE, kind="110-7", nature="complaint"
    )
    unit = Unit.objects.get(code=cast.duan.unit)
    order = cast.act(handle.assign, report, unit, by=cast.lin, ask="查实")
    soon = timezone.now() - timedelta(hours=1)
    Order.objects.filter(pk=order.pk).update(answer_due_at=soon, sign_due_at=soon)
    planted = list(Matter.objects.filter(pk__in=[told.pk, report.pk, police.pk]))
    assert len(planted) == 3 and all(m.secret for m in planted)
    return planted


def addresses(cast) -> list[str]:
    shown = [page.format(today=f"{timezone.localdate():%Y-%m-%d}", unit=cast.duan.unit) for page in OPEN_PAGES]
    return [*shown, f"/matters/{cast.own.pk}/", f"/matters/{cast.own.pk}/call/", f"/matters/{cast.own.pk}/parts/",
            *(f"/matters/?q={word}&state=all" for word in SEARCHES)]  # fmt: skip


def seen(client: Client, address: str) -> str:
    """What stands on a page, without what changes with every look: times, keys, tickets."""
    answer = client.get(address)
    page = answer.content.decode()
    page = re.sub(
        r'(name="csrfmiddlewaretoken" value|data-ticket|data-key|data-since|datetime|nonce|content)="[^"]*"', "", page
    )
    page = re.sub(r'name="key" value="[^"]*"|data-(due|now|left|at|ends|live)[-\w]*="[^"]*"', "", page)
    page = re.sub(r"\d+ ?(秒|分钟|分|小时|天)|\d{1,2}:\d{2}(:\d{2})?|[\w-]{60,}", "", page)
    return re.sub(r"value=\"[^\"]*\"|“[^”]*”|\?[^\"\s]*", "", page)


def files(client: Client, **asked) -> tuple[list, list]:
    """An export both ways: all cells."""
    sheets = []
    for kind in ("csv", "xlsx"):
        answer = client.post("/matters/exports/", {"as": kind, "state": "all"} | asked)
        content = b"".join(answer.streaming_content)
        if kind == "csv":
            sheets.append(content.decode("utf-8-sig").splitlines())
        else:
            book = load_workbook(io.BytesIO(content))
            sheets.append([tuple(c.value for c in row) for row in book.active.iter_rows()])
    return tuple(sheets)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_with_nobody_else_a_secret_matter_leaves_a_trace(city, who):
    client = browser(who)
    pages = [page for page in addresses(city) if client.get(page).status_code == 200]
    before = {address: seen(client, address) for address in pages}
    taken = files(client)
    planted = plant(city)
    for indexed in (False, True):
        for address in [page for page in pages if not indexed or page.startswith("/matters/?")]:
            page = seen(client, address)
            for trace in (*TRACES, *(m.number for m in planted), *(str(m.pk) for m in planted)):
                own = trace in before[address]
                assert own or trace not in page, (address, trace, indexed)
            assert page == before[address], (address, indexed)
        assert files(client) == taken
        for word in SEARCHES[:3]:
            rows = files(client, q=word)
            assert not any(m.number in str(rows) for m in planted), (word, indexed)
        index.fold()
        index.fold()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_by_its_address_it_is_told_like_one_that_is_none(city, who):
    client, planted = browser(who), plant(city)
    order = Order.objects.get(matter__in=planted)
    for m in planted:
        for address in ("", "call/", "parts/", "panels/answer/", "three-way/"):
            there = client.get(f"/matters/{m.pk}/{address}")
            none = client.get(f"/matters/{uuid.uuid4()}/{address}")
            assert there.status_code == none.status_code, (address, there.status_code)
            assert not any(t in there.content.decode() for t in TRACES)
        assert client.get(f"/matters/{m.number}/").status_code == 404
        for act in (
            "number/",
            "closing/",
            "transfers/",
            "danger/",
            "supervision/",
            "orders/",
            "evidence/",
            "joinings/",
        ):
            assert client.post(f"/matters/{m.pk}/{act}", {"purpose": "contact", "order": order.pk, "why": "x"}).status_code in (
                403, 404), act  # fmt: skip
    assert client.post(f"/orders/{order.pk}/urging/").status_code in (403, 404)


def test_the_public_pages_tell_nothing_of_them(city):
    planted = plant(city)
    client = Client()
    for m in planted:
        answer = client.post(f"/public/{CITY}/progress/", {"code": m.query_code}).content.decode()
        assert not any(trace in answer for trace in (*TRACES, city.duan.unit, "段")), answer
    for address in ("/public/", f"/public/{CITY}/", f"/public/{CITY}/list/", f"/public/{CITY}/progress/"):
        page = client.get(address).content.decode()
        assert not any(t in page for t in (WORDS[:8], "救济款", NAME, "4567"))


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_open_page_of_theirs_is_woken_by_it(city, who):
    client = browser(who)
    heard = set()
    for address in OPEN_PAGES[:3] + ("/floor/", "/duty/", "/wallboard/", "/city/", "/unit/", "/matters/"):
        page = client.get(address, follow=True).content.decode()
        for found in re.findall(r'data-ticket="([^"]+)"', page):
            heard |= set(tickets.read(found) or ())
    assert heard or who in ("su", "guan")
    known = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    planted = plant(city)
    secret_since = {m.pk: first_secret(m) for m in planted}
    for event in Event.objects.filter(pk__gt=known, matter__in=planted):
        if event.seq >= secret_since[event.matter_id]:
            assert heard.isdisjoint(event.topics), (event.kind, event.topics)


def first_secret(m: Matter) -> int:
    """The step with which it became secret: its record, or the offer in confidence."""
    for event in Event.objects.filter(matter=m).order_by("seq"):
        if event.kind == "matter.recorded" and m.nature in ("report", "complaint"):
            return event.seq
        if json.loads(event.body).get("in_confidence"):
            return event.seq
    raise AssertionError(m)


def test_those_who_handle_it_do_find_it(city):
    told, report, police = sorted(plant(city), key=lambda m: (WORDS[:4] not in m.said, REPORT[:4] not in m.said))
    for who, own in (("lin", {told, report, police}), ("yue", {told}), ("duan", {report})):
        page = browser(who).get("/matters/?state=all").content.decode()
        assert {m for m in (told, report, police) if str(m.pk) in page} == own, who


def test_a_number_is_shown_whole_with_a_purpose_and_an_event_and_nowhere_else(city):
    told = plant(city)[0]
    pages = ("", "call/", "parts/")
    for who in ("lin", "duan", "yue"):
        for m in Matter.objects.filter(secret=True):
            for page in pages:
                assert NUMBER not in browser(who).get(f"/matters/{m.pk}/{page}", follow=True).content.decode(), (
                    who,
                    page,
                )
    before = Event.objects.filter(kind="number.revealed").count()
    assert browser("lin").post(f"/matters/{told.pk}/number/", {"purpose": ""}).status_code == 422
    assert browser("yue").post(f"/matters/{told.pk}/number/", {"purpose": "contact"}).status_code in (403, 404)
    assert Event.objects.filter(kind="number.revealed").count() == before
    city.act(talk.reveal, told, "contact", by=city.lin)
    event = Event.objects.filter(kind="number.revealed").latest("pk")
    assert json.loads(event.body)["purpose"] == "contact" and NUMBER not in event.body
