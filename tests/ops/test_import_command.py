"""`liandong import`: the column map, the dry run, what each bad row is told, what is no table at all; and what came in goes
out again without a cell that a spreadsheet would run."""

import csv
import io
import resource
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from liandong.ops import importing
from liandong.records.models import Event, Matter, Person, Post
from tests.cast import Cast, assemble
from tests.web.conftest import browser

MAP = """source = "旧热线平台"
desk = "12345:532300"
[columns]
id = "编号"
received_at = "时间"
said = "诉求"
number = "来电"
[values.nature]
"投诉" = "complaint"
"""
HEAD = ("编号", "时间", "诉求", "来电")
GOOD = ("A1", "2024-03-01 09:30", "团山路路灯不亮", "13887802671")
RUNS = ('=HYPERLINK("http://elsewhere.example","点我")', "+86 路灯", "@SUM(A1)", "-井盖", "＝1+1", "\t=1")


@pytest.fixture
def cast(db) -> Cast:
    """The shared cast: a city for old matters to come into."""
    return assemble()


@pytest.fixture
def old(cast, tmp_path, capsys):
    """`old(rows, …)` runs the command over a file of these rows: its status and what it printed."""
    person = Person.objects.create_user("guan", password="tests-only-2026", name="管", work_no="G001")
    Post.objects.create(person=person, role="administrator", city="532300")

    def run(rows=(), *, name="old.csv", content: bytes | None = None, mapping: str | bytes = MAP, by="G001", dry=False,
            skip=False) -> tuple[int, str]:  # fmt: skip
        file, beside = tmp_path / name, tmp_path / "map.toml"
        file.write_bytes(table([HEAD, *rows]) if content is None else content)
        beside.write_bytes(mapping if isinstance(mapping, bytes) else mapping.encode())
        status = importing.run(file, beside, work_no=by, dry_run=dry, skip_bad=skip)
        return status, capsys.readouterr().out

    return run


def table(rows, encoding="utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(rows) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_dry_run_says_what_would_come_in_and_keeps_nothing(old):
    status, said = old([GOOD], dry=True)
    assert (status, Matter.objects.count(), Event.objects.filter(kind="matters.imported").count()) == (0, 0, 0)
    assert "共 1 行，1 行可以导入，0 行要改。这次什么都没有导入。" in said


def test_rows_come_in_once_and_every_bad_row_is_told_with_its_number_column_and_what_to_write(old):
    bad = [("", *GOOD[1:]), ("A3", "昨天", *GOOD[2:]), ("A4", *GOOD[1:3], "12")]
    status, said = old([GOOD, *bad])
    assert status == 1 and Matter.objects.count() == 0
    for words in ("第 3 行，编号：空着，必须有。", "第 4 行，时间：昨天 不是时间。写成 2024-03-01 09:30。", "第 5 行，来电：",
                  "有 3 行要改，什么都没有导入"):  # fmt: skip
        assert words in said, (words, said)
    assert old([GOOD, *bad], skip=True)[0] == 0 and Matter.objects.count() == 1
    status, said = old([GOOD])
    assert status == 0 and "1 件以前导入过" in said and Matter.objects.count() == 1


@pytest.mark.parametrize("by", ["", "5307", "没有这人"])
def test_only_an_administrator_of_the_city_is_believed(old, by):
    status, said = old([GOOD], by=by)
    assert status == 1 and "不是这个城市的管理员" in said and Matter.objects.count() == 0


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-8"])
def test_a_table_as_old_systems_write_it_is_read(old, encoding):
    assert old(content=table([HEAD, GOOD], encoding))[0] == 0
    assert Matter.objects.get().said == "团山路路灯不亮"


@pytest.mark.parametrize(("name", "content", "said"), [
    ("照片.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, ""), ("old.xls", b"\xd0\xcf\x11\xe0" * 200, "只认 .xlsx 和 .csv"),
    ("old.xlsx", b"this is no workbook", "文件坏了"), ("old.xlsx", workbook([HEAD, GOOD])[:700], "文件坏了"),
    ("old.csv", b"", "文件是空的"), ("old.csv", b"\n\n\n", "文件是空的"), ("old.csv", "编号,时间\nA,B\n".encode(), "没有“诉求”"),
    ("old.csv", table([HEAD, GOOD], "utf-16"), ""), ("old.pdf", b"%PDF-1.7", "只认"),
    ("old.csv", b'\xe7\xbc,"' + b"x" * 200_000, ""),
])  # fmt: skip
def test_what_is_no_table_is_refused_with_what_to_do_and_nothing_comes_in(old, name, content, said):
    status, told = old(name=name, content=content)
    assert status == 1 and said in told and "什么都没有导入" in told and "Traceback" not in told, told
    assert Matter.objects.count() == 0


def test_a_workbook_that_would_blow_up_is_refused_unopened(old):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    status, said = old(name="bomb.xlsx", content=out.getvalue())
    assert status == 1 and "大得不正常" in said


@pytest.mark.parametrize("mapping", ["source = ", MAP.replace('desk = "12345:532300"', 'desk = "12345:999999"'), b"\xff\xfe",
                                     MAP.replace('said = "诉求"', ""), MAP + 'salary = "工资"\n[columns2]\n'])  # fmt: skip
def test_a_map_that_is_wrong_is_told_and_nothing_comes_in(old, mapping):
    status, said = old([GOOD], mapping=mapping)
    assert status == 1 and said.strip() and "Traceback" not in said and Matter.objects.count() == 0


def test_a_formula_comes_in_as_words_and_goes_out_as_words(old):
    rows = [(f"F{n}", "2024-03-01 09:30", words, "") for n, words in enumerate(RUNS)]
    assert old(rows)[0] == 0
    assert old(name="book.xlsx", content=workbook([HEAD, ("G1", "2024-03-01 09:30", "=1+1", "")]))[0] == 1, (
        "no value: told"
    )
    client = browser("lin")
    sent = client.post("/matters/exports/", {"as": "csv", "state": "all"})
    cells = [c for row in csv.reader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"))) for c in row]
    assert not [c for c in cells if c.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    sent = client.post("/matters/exports/", {"as": "xlsx", "state": "all"})
    book = load_workbook(io.BytesIO(b"".join(sent.streaming_content)))
    written = [c for row in book.active.iter_rows(min_row=2) for c in row if c.value]
    assert len(written) >= len(RUNS) and not [c for c in written if c.data_type == "f"]


@pytest.mark.slow
def test_fifty_megabytes_are_read_row_by_row(old):
    line = ("2024-03-01 09:30", "路灯不亮，" * 60, "13887802671")
    content = table([HEAD, *((f"L{n}", *line) for n in range(56_000))])
    assert len(content) > 50_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status, said = old(content=content, dry=True)
    assert status == 0 and "共 56000 行" in said
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000, "KiB"
