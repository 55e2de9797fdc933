"""An administrator brings the old system's records in by the page: tables as old systems write them, what is wrong with
which row, a trial that keeps nothing, and a file of fifty megabytes."""

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.browser.hands import KEYBOARD
from tests.browser.people import Somebody
from tests.ops.test_import_command import table, workbook

pytestmark = KEYBOARD
MAP = """source = "{source}"
desk = "12345:532300"
[columns]
id = "编号"
received_at = "时间"
said = "诉求"
number = "来电"
"""
HEAD = ("编号", "时间", "诉求", "来电")
GOOD = [("A1", "2024-03-01 09:30", "团山路路灯不亮", "13887802671"), ("A2", "2024-03-02 10:00", "龙川桥井盖没了", "")]
BAD = [("A3", "昨天", "水管破了", ""), ("A4", "2024-03-03 08:00", "井盖又没了", "12")]
LARGE = 50_000_000
"""Bytes of the large table, at least."""
KINDS = {
    "GBK": ("旧表.csv", lambda rows: table(rows, "gbk")),
    "UTF-8 with its mark": ("旧表.csv", lambda rows: table(rows, "utf-8-sig")),
    "XLSX": ("旧表.xlsx", workbook),
}


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    """`maps(source)` is a column map of a system of that name."""
    folder = tmp_path_factory.mktemp("maps")

    def write(source: str):
        path = folder / f"{source}.toml"
        path.write_text(MAP.format(source=source))
        return path

    return write


@pytest.fixture
def guan(city, somebody) -> Somebody:
    """The administrator, at the page for old records."""
    person = somebody(city, "guan")
    person.page.goto(f"{city}/imports/")
    return person


def chooses(guan: Somebody, file, mapping) -> None:
    guan.brings("#import-file", file)
    guan.brings("#import-map", mapping)


def presses(guan: Somebody, name: str) -> None:
    guan.does(guan.page.get_by_role("button", name=name, exact=True))


@pytest.mark.parametrize("kind", KINDS)
def test_an_old_table_is_tried_told_row_by_row_mended_and_kept_once(guan, maps, tmp_path, kind):
    name, made = KINDS[kind]
    file = tmp_path / name
    file.write_bytes(made([HEAD, *GOOD, *BAD]))
    chooses(guan, file, maps(f"旧热线 {kind}"))
    presses(guan, "先试一遍")
    guan.sees("试了 4 行", "#report")
    guan.sees("2 行可以导入，2 行要改，这次什么都没有导入", "#report")
    rows = guan.page.locator("#report tbody tr")
    expect(rows.first).to_have_text("4时间昨天 不是时间。写成 2024-03-01 09:30。")
    expect(rows.last).to_contain_text("5来电")

    with guan.page.expect_download() as started:
        presses(guan, "把要改的行存成表")
    taken = csv.reader(io.StringIO(started.value.path().read_text("utf-8-sig")))
    assert [line[:2] for line in taken] == [["行", "列"], ["4", "时间"], ["5", "来电"]]
    assert started.value.suggested_filename == "要改的行.csv"

    presses(guan, "导入")
    guan.sees("什么都没有导入", "#report h2")
    guan.ticks(guan.page.get_by_label("跳过有错的行"))
    presses(guan, "导入")
    guan.sees("新导入 2 件", "#report")
    guan.sees("0 件以前导入过，跳过 2 行", "#report")  # neither the trial nor the refusal kept anything
    file.write_bytes(made([HEAD, *GOOD]))
    chooses(guan, file, maps(f"旧热线 {kind}"))
    presses(guan, "导入")
    guan.sees("2 件以前导入过", "#report")


def test_a_wrong_column_and_what_is_no_table_are_said_in_words(guan, maps, tmp_path):
    for name, content, said in (
        ("缺列.csv", table([("编号", "日期", "诉求"), ("A1", "2024-03-01", "路灯")], "gbk"), "表里没有“时间”这一列"),
        ("照片.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "文件坏了，读不下去"),
        ("空.csv", b"", "文件是空的"),
        ("旧.xls", b"\xd0\xcf\x11\xe0" * 200, "只认 .xlsx 和 .csv 文件"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        chooses(guan, file, maps("旧热线"))
        presses(guan, "先试一遍")
        guan.sees(said, "#fault")
        guan.sees("什么都没有导入", "#fault")
    broken = tmp_path / "坏.toml"
    broken.write_text("source = ")
    chooses(guan, file, broken)
    presses(guan, "先试一遍")
    guan.sees("对照表读不懂", "#fault")


def test_fifty_megabytes_are_read_while_the_page_says_so(guan, maps, tmp_path):
    line = ("2024-03-01 09:30", "路灯不亮，" * 90, "13887802671")
    content = table([HEAD, *((f"L{n}", *line) for n in range(56_000)), ("坏", "昨天", "井盖", "")], "gbk")
    assert len(content) > LARGE
    file = tmp_path / "五十兆.csv"
    file.write_bytes(content)
    chooses(guan, file, maps("大热线"))
    presses(guan, "先试一遍")
    guan.sees("先别关这一页", "form[aria-busy=true]")
    guan.sees("试了 56001 行", "#report", within=180)
    guan.sees("56000 行可以导入，1 行要改", "#report")
    expect(guan.page.locator("#report tbody tr")).to_have_count(1)
    expect(guan.page.locator(".while-busy")).to_be_hidden()
