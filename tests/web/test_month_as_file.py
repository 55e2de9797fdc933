"""The month of the supervisor's page as a file: the page's own numbers, nothing secret, nothing that a spreadsheet runs."""

import csv
import io
import json
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from liandong.actions import clocks, handle
from liandong.records.models import Event, Matter, Order, Unit
from liandong.rules.access import Actor
from tests.cast import CHUXIONG
from tests.web import world
from tests.web.conftest import browser

RUNS = "=HYPERLINK(路灯坏了六盏)"


@pytest.fixture
def su(cast):
    """The supervisor, in a month with a watched order, a late one, and one of a secret matter."""
    person = world.somebody("su", "7001", "supervisor", CHUXIONG)
    unit = Unit.objects.get(code=cast.duan.unit)
    for said, nature in (("路灯坏了六盏", "help"), ("路灯不亮", "help"), ("举报 有人冒领救济款", "report")):
        order = cast.act(handle.assign, cast.call(cast.lin, said, nature=nature), unit, by=cast.lin, ask="去看")
        Order.objects.filter(pk=order.pk).update(answer_due_at=timezone.now() - timedelta(seconds=1))
    first = Order.objects.order_by("assigned_at").first()
    watcher = Actor("supervisor", person.pk, work_no="7001", city=CHUXIONG)
    cast.act(clocks.supervise, first, "拖了八天", by=watcher)
    Matter.objects.filter(pk=first.matter_id).update(title=RUNS)
    return browser("su")


def taken(su, kind: str):
    answer = su.post("/city/exports/", {"month": f"{timezone.localdate():%Y-%m}", "as": kind})
    named = unquote(answer.headers["Content-Disposition"])
    assert answer.status_code == 200 and re.fullmatch(
        rf"attachment; filename\*=utf-8''通报 \d{{4}}-\d\d（\d{{4}}-\d\d-\d\d \d{{4}} 存）\.{kind}", named
    ), "two dates that are not read as one"
    return b"".join(answer.streaming_content)


def page_tables(su) -> dict[str, list[list[str]]]:
    """The tables of the page by their name, as they are read."""
    page = su.get("/city/").content.decode()
    out = {}
    for name, table in re.findall(r'<table class="table[^"]*" aria-label="([^"]+)">(.*?)</table>', page, re.S):
        rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.S)
        out[name] = [[re.sub(r"<[^>]+>|,", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
                     for row in rows]  # fmt: skip
    return out


def csv_tables(content: bytes) -> dict[str, list[list[str]]]:
    out, rows = {}, list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    starts = [0, *(n + 1 for n, row in enumerate(rows) if not row)]
    for start, end in zip(starts, [*(n - 1 for n in starts[1:]), len(rows)], strict=True):
        out[rows[start][0]] = rows[start + 2 : end]
    return out


def test_both_files_have_the_numbers_of_the_page_and_no_secret_matter(su):
    shown, told = page_tables(su), csv_tables(taken(su, "csv"))
    book = load_workbook(io.BytesIO(taken(su, "xlsx")))
    for name in ("各台", "各单位"):
        assert told[name] == shown[name] and shown[name], name
        assert [[str(value) for value in row] for row in list(book[name].values)[1:]] == shown[name], name
    assert [row[0] for row in told["通报清单"]] == [re.search(r"\d{4}-\d{4}", row[0])[0] for row in shown["通报清单"]]
    assert sorted(row[6] for row in told["通报清单"]) == ["督办、超时", "超时"]
    assert len(told["通报清单"]) == 2, "the secret matter's order is not listed"
    assert told["本月"][0][1] == re.search(r"这个月来了 ([\d,]+) 件", su.get("/city/").content.decode())[1]
    assert told["本月"][0][2] == "楚雄州督查" and told["本月"][0][3].startswith(f"{timezone.localdate():%Y-%m-%d}")
    page = su.get("/city/").content.decode()
    assert "<h1>全州 " in page and "印发：楚雄州督查（工号 7001）" in page and "全市" not in page
    assert isinstance(list(book["各台"].values)[1][1], int), "figures that can be added up"


def test_what_a_spreadsheet_would_run_is_text(su):
    titles = [row[1] for row in csv_tables(taken(su, "csv"))["通报清单"]]
    assert f"'{RUNS}" in titles
    sheet = load_workbook(io.BytesIO(taken(su, "xlsx")))["通报清单"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}


def test_a_file_leaves_an_event_and_nobody_else_gets_one(su, at):
    taken(su, "csv")
    event = Event.objects.get(kind="month.exported")
    body = json.loads(event.body)
    assert event.stream == f"export:{CHUXIONG}" and (body["file"], body["rows"]) == ("csv", 2)
    for client in (at.lin, at.duan):
        assert client.post("/city/exports/", {"as": "csv"}).status_code == 403


def test_everybody_without_a_desk_lands_on_the_page_that_is_theirs(su, cast, at):
    world.somebody("guan", "8001", "administrator", CHUXIONG)
    world.somebody("dang", "9002", "duty_officer", CHUXIONG, desk="duty:532300")
    lands = {
        "su": "/city/",
        "guan": "/administration/",
        "dang": "/duty/",
        "duan": "/unit/",
        "lin": "/desk/",
        "yue": "/desk/",
    }
    assert {name: browser(name).get("/").headers["Location"] for name in lands} == lands
