"""The finding page: one box, filters, tabs with counts, pages, own views, files; what cannot be asked is said."""

import csv
import io
import json
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from openpyxl import load_workbook

from liandong.actions import handle
from liandong.actions import views as viewing
from liandong.actions.acting import Actor
from liandong.queries import chains
from liandong.records.models import Event, Matter, Person, Post, SavedView, Unit
from liandong.rules.wanted import Wanted
from tests.web.conftest import browser

LAMP = "鹿城镇团山路的路灯坏了六盏，晚上看不见路"


def rows(client, **asked) -> str:
    answer = client.get("/matters/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def tabs(client, **asked) -> str:
    answer = client.get("/matters/tabs/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def file(client, **asked) -> bytes:
    answer = client.post("/matters/exports/", asked)
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return b"".join(answer.streaming_content)


def read_csv(raw: bytes) -> list[list[str]]:
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel takes it for GBK otherwise"
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def read_xlsx(raw: bytes) -> list[list[str]]:
    return [["" if c is None else str(c) for c in row] for row in load_workbook(io.BytesIO(raw)).active.values]


@pytest.fixture
def supervisor(cast):
    person = Person.objects.create_user("du", name="督", work_no="D001")
    Post.objects.create(person=person, role="supervisor", city="532300")
    return browser("du")


def test_the_box_understands_words_numbers_and_the_ends_of_a_telephone_number(cast, at):
    matter = cast.call(cast.lin, LAMP, number="13887802671")
    for words in ("路灯坏了", "2671", "13887802671", matter.number):
        page = rows(at.zhou, q=words)
        assert str(matter.pk) in page and "138****2671" in page, words
        assert f"{words}" in page
    assert "没有找到“飞碟”" in rows(at.zhou, q="飞碟")
    assert "标点和表情找不了" in rows(at.zhou, q="😀😀")
    assert "<script>" not in rows(at.zhou, q="<script>alert(1)</script>")


def test_a_unit_named_in_the_box_is_asked_for_by_its_code_and_the_page_says_so(cast, at):
    unit = Unit.objects.get(code=cast.duan.unit)
    theirs, other = cast.call(cast.lin, LAMP), cast.call(cast.lin, f"{unit.short}的人态度不好")
    cast.act(handle.assign, theirs, unit, by=cast.lin)
    for words in (
        unit.name,
        unit.short,
        f" {unit.short[:3]} {unit.short[3:]}",
        f"{unit.short} 路灯",
        f"路灯 {unit.name}",
    ):
        page = rows(at.lin, q=words)
        assert f"m-{theirs.pk}" in page and f"m-{other.pk}" not in page, words
        assert f"{unit.short} 是承办单位，下面是它的事项" in page and f'<option value="{unit.code}" selected>' in page
    assert "没有这样的事项" in rows(at.lin, q=f"{unit.short} 飞碟") or "没有找到“飞碟”" in rows(
        at.lin, q=f"{unit.short} 飞碟"
    )
    literally = re.search(r'<a href="/matters/\?([^"]*)">改按字面找', rows(at.lin, q=unit.short))[1]
    page = rows(at.lin, **dict(parse_qsl(unescape(literally))))
    assert f"m-{other.pk}" in page and f"m-{theirs.pk}" not in page and "下面是它的事项" not in page
    assert 'name="literal" value="1"' in page, "what is kept or taken out as a file asks the same"
    several = rows(at.lin, q="住建局")
    assert "按承办单位找：" in several and "unit=532301-housing" in several and "unit=532300-housing" in several
    town = rows(at.lin, q="鹿城镇")
    assert f"m-{theirs.pk}" in town and "unit=532301-town" in town, "a place first, the town's office offered"
    assert "承办单位" not in rows(at.duan, q=unit.short), "a clerk has no such filter"


@pytest.mark.parametrize("asked", [
    {"q": "路" * 10_000}, {"since": "2026-05-02", "until": "2026-05-01"}, {"since": "昨天"}, {"state": "x"},
])  # fmt: skip
def test_what_cannot_be_asked_is_said_and_what_was_typed_stays(cast, at, asked):
    answer = at.lin.get("/matters/", asked)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'class="fault"' in page and "没有" in page
    assert next(iter(asked.values()))[:50] in page or "state" in asked
    assert "没办完" in tabs(at.lin, **asked)


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"q": "%"}, {"q": "_"}, {"q": "\\"}, {"q": "\x00"}, {"after": "x"},
                                   {"kind": "'"}, {"district": "😀"}, {"unit": "a" * 900}])  # fmt: skip
def test_odd_input_is_answered_with_a_page(cast, at, asked):
    cast.call(cast.lin, LAMP)
    assert "<main" in rows(at.lin, **asked)


def test_tabs_count_and_pages_follow(cast, at, monkeypatch):
    for n in range(3):
        cast.call(cast.lin, f"{LAMP}{n}")
    page, loaded = rows(at.lin), tabs(at.lin)
    assert 'aria-current="page">没办完 <b>3</b>' in page and "危险没解除 <b></b>" in page, (
        "the others are counted after"
    )
    assert 'data-counts="/matters/tabs/?"' in page and 'data-counts="/matters/tabs/?"' in loaded, (
        "asked for after each look"
    )
    assert 'aria-current="page">没办完 <b>3</b>' in loaded and "危险没解除 <b>0</b>" in loaded
    monkeypatch.setattr("liandong.queries.views.COUNTED", 2)
    assert 'aria-current="page">没办完 <b>2+</b>' in tabs(at.lin) and "<h2>3 件</h2>" in rows(at.lin)
    monkeypatch.setattr("liandong.queries.find.MOST", 2)
    monkeypatch.setattr("liandong.queries.find.look.__kwdefaults__", {"after": "", "most": 2}, raising=False)
    first = rows(at.lin)
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "下一页" not in at.lin.get(link).content.decode() and "到底了" in at.lin.get(link).content.decode()


def test_own_views_are_kept_moved_and_taken_away_and_are_nobody_elses(cast, at):
    cast.call(cast.lin, LAMP)
    for name in ("路灯", "井盖"):
        assert at.lin.post("/views/", {"name": name, "q": name, "state": "all"}).status_code == 302
    assert "路灯 <b>1</b>" in tabs(at.lin) and "路灯 <b>" not in tabs(at.zhou) + rows(at.zhou)
    lamp, lid = SavedView.objects.order_by("place")
    assert at.lin.post(f"/views/{lid.pk}/place/", {"place": "1"}).status_code == 302
    assert list(SavedView.objects.order_by("place").values_list("name", flat=True)) == ["井盖", "路灯"]
    assert at.lin.post(f"/views/{lid.pk}/place/", {"place": "9"}).status_code == 422
    assert at.zhou.post(f"/views/{lid.pk}/removal/").status_code == 404
    assert at.lin.post("/views/", {"name": "路灯", "q": "灯"}).status_code == 302
    lamp.refresh_from_db()
    assert (SavedView.objects.count(), "q=%E7%81%AF" in lamp.asked) == (2, True)
    assert at.lin.post(f"/views/{lid.pk}/removal/").status_code == 302
    assert SavedView.objects.count() == 1
    assert at.lin.post("/views/", {"name": " "}).status_code == 422
    for n in range(viewing.MOST):
        viewing.keep(f"第{n}个", Wanted(), by=cast.zhou, at=cast.clock.now)
    assert at.zhou.post("/views/", {"name": "多一个"}).status_code == 409


def test_a_file_holds_the_rows_and_columns_of_the_page_with_masked_numbers(cast, at):
    matter = cast.call(cast.lin, LAMP, number="13887802671", place="团山路")
    cast.call(cast.yue, "我的摩托车被偷了")
    for read, kind in ((read_csv, "csv"), (read_xlsx, "xlsx")):
        head, *found = read(file(at.zhou, **{"as": kind, "q": "路灯"}))
        assert head[:4] == ["编号", "诉求", "地点", "来电号码"] and len(found) == 1
        assert (found[0][0], found[0][2], found[0][3]) == (matter.number, "团山路", "138****2671")


@pytest.mark.parametrize("title", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "  =HYPERLINK()", "＝1"])
def test_no_cell_is_run_as_a_formula(cast, at, title):
    matter = cast.call(cast.lin, LAMP)
    Matter.objects.filter(pk=matter.pk).update(title=title)
    for read, kind in ((read_csv, "csv"), (read_xlsx, "xlsx")):
        assert read(file(at.lin, **{"as": kind}))[1][1].startswith("'"), kind
    sheet = load_workbook(io.BytesIO(file(at.lin, **{"as": "xlsx"}))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr"}


def test_each_file_is_an_event_with_who_what_and_how_many_and_no_number_in_clear(cast, at):
    cast.call(cast.lin, LAMP, number="13887802671")
    file(at.zhou, **{"as": "csv", "q": "13887802671"})
    file(at.zhou, **{"as": "xlsx", "q": "路灯", "state": "open"})
    first, second = Event.objects.filter(stream="export:532300").order_by("seq")
    body = json.loads(second.body)
    assert (first.kind, body["rows"], body["file"], body["by"]["work_no"]) == ("matters.exported", 1, "xlsx", "5308")
    assert "13887802671" not in first.body + first.private and "138" in json.loads(first.body)["asked"]
    assert "路灯" in second.private and "路灯" not in second.body
    assert list(chains.verify(chains.Tally())) == []


def test_a_file_that_does_not_hold_everything_says_so(cast, at, monkeypatch):
    for n in range(4):
        cast.call(cast.lin, f"{LAMP}{n}")
    monkeypatch.setattr("liandong.actions.exports.MOST", 3)
    answer = at.lin.post("/matters/exports/", {"as": "csv"})
    assert "%E5%8F%AA%E6%9C%89%E5%89%8D" in answer.headers["Content-Disposition"]
    assert len(read_csv(b"".join(answer.streaming_content))) == 4
    assert json.loads(Event.objects.get(kind="matters.exported").body)["cut"] is True


def ways(client, word: str) -> dict[str, str]:
    """What one person gets to read, by each way out."""
    return {
        "list": rows(client, state="all"),
        "search": rows(client, q=word),
        "csv": file(client, **{"as": "csv", "state": "all"}).decode("utf-8-sig"),
        "xlsx": repr(read_xlsx(file(client, **{"as": "xlsx", "state": "all"}))),
    }


@pytest.mark.parametrize("secret", [False, True])
def test_secrecy_holds_in_lists_counts_files_and_search_for_every_role(cast, at, supervisor, secret):
    matter = cast.call(cast.lin, LAMP, number="13887802671", place="鹿城镇 团山路")
    Matter.objects.filter(pk=matter.pk).update(secret=secret)
    reads = {
        "lin": True,
        "zhou": True,
        "yue": False,
        "bai": False,
        "duan": False,
        "lei": False,
        "gao": False,
        "he": False,
    }
    clients = {name: browser(name) for name in reads} | {"du": supervisor}
    for name, client in clients.items():
        own = reads.get(name, not secret)
        for way, page in ways(client, "路灯坏了").items():
            told = page.replace("“路灯坏了”", "").replace('value="路灯坏了"', "").replace("q=%E8%B7%AF", "")
            assert ("路灯坏" in told) == own, (name, way)
            assert "13887802671" not in page, (name, way)
        assert (str(matter.pk) in rows(client, q="2671")) == own, name
        assert (str(matter.pk) in rows(client, town="团山路", state="all")) == own, name
        assert client.get(f"/matters/{matter.pk}/").status_code == (200 if own else 404), name
    assert (matter.number in rows(supervisor, state="all")) != secret
    assert f"全部 <b>{0 if secret else 1}</b>" in tabs(supervisor) and "全部 <b>0</b>" in tabs(clients["yue"])


def test_who_told_it_in_confidence_is_not_found_by_number_elsewhere(cast, at):
    from liandong.actions import transfer

    matter = cast.call(cast.lin, "听说下周有人组织去堵路", number="13911112222", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin, in_confidence=True)
    cast.act(transfer.accept, row, by=cast.yue)
    assert str(matter.pk) in rows(at.yue, q="堵路") and "2222" not in rows(at.yue, q="堵路")
    for words in ("13911112222", "2222"):
        assert str(matter.pk) not in rows(at.yue, q=words)
        assert str(matter.pk) in rows(at.lin, q=words)


def test_an_administrator_sees_no_matter(cast):
    cast.call(cast.lin, LAMP)
    person = Person.objects.create_user("guan", name="管", work_no="G001")
    Post.objects.create(person=person, role="administrator", city="532300")
    assert "路灯" not in rows(browser("guan"), state="all")
    assert Actor(role="administrator").desk == ""
