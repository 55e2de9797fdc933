"""Old records in: looked at row by row first, kept once, history without clocks; bad files are refused unopened."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from liandong.actions import index
from liandong.channels.files import bringing, reading
from liandong.queries import chains, find
from liandong.records.models import Event, Imported, Matter, Person, Post
from liandong.rules.access import Actor
from liandong.rules.old_records import read_map
from liandong.rules.say import Forbidden, Invalid
from liandong.rules.wanted import ALL, Wanted

HEAD = ["工单编号", "受理时间", "诉求", "来电", "县区", "性质", "办结时间"]
GOOD = ["A001", "2024-03-01 09:30", "团山路路灯不亮", "13887802671", "楚雄市", "投诉", "2024-03-05 10:00"]
MAP = {
    "source": "旧热线平台", "desk": "12345:532300",
    "columns": {"id": "工单编号", "received_at": "受理时间", "said": "诉求", "number": "来电", "district": "县区",
                "nature": "性质", "archived_at": "办结时间"},
    "values": {"nature": {"投诉": "complaint", "举报": "report"}},
}  # fmt: skip


@pytest.fixture
def administrator(cast) -> Actor:
    person = Person.objects.create_user("guan", name="管", work_no="G001")
    Post.objects.create(person=person, role="administrator", city="532300")
    return Actor(role="administrator", person=person.pk, work_no="G001", city="532300")


def csv_of(folder, *lines, encoding="utf-8"):
    file = folder / "old.csv"
    file.write_bytes("\n".join(",".join(line) for line in [HEAD, *lines]).encode(encoding))
    return file


def xlsx_of(folder, *lines):
    book = Workbook()
    for line in [HEAD, *lines]:
        book.active.append(line)
    book.save(folder / "old.xlsx")
    return folder / "old.xlsx"


def bring(cast, file, by, **more):
    return bringing.bring(file, read_map(MAP), actor=by, at=cast.clock.now, **more)


@pytest.mark.parametrize("made", [csv_of, xlsx_of, lambda f, *r: csv_of(f, *r, encoding="gb18030")])
def test_rows_become_archived_history_that_is_found_and_never_rings(cast, administrator, tmp_path, made):
    seen = bring(cast, made(tmp_path, GOOD), administrator)
    assert (seen.rows, seen.kept, seen.bad) == (1, 1, 0)
    matter = Matter.objects.get()
    assert (matter.state, matter.due_at, matter.nature, matter.district) == ("archived", None, "complaint", "532301")
    assert (matter.received_at.year, matter.archived_at.day, matter.year) == (2024, 5, 2024)
    assert matter.imported.source == "旧热线平台"
    event = Event.objects.get(matter=matter)
    assert (event.kind, event.topics) == ("matter.imported", [])
    assert "13887802671" not in event.body and "A001" not in event.body
    assert list(chains.verify(chains.Tally())) == []
    for _ in range(2):
        for words in ("路灯不亮", "2671", matter.number):
            assert [r.id for r in find.look(cast.lin, Wanted(words=words), cast.clock.now).rows] == [matter.pk], words
        index.fold()
        index.fold()


def test_the_same_file_again_changes_nothing_and_new_rows_come_in(cast, administrator, tmp_path):
    bring(cast, csv_of(tmp_path, GOOD), administrator)
    seen = bring(cast, csv_of(tmp_path, GOOD, ["A002", *GOOD[1:]]), administrator)
    assert (seen.good, seen.kept) == (2, 1)
    assert (Matter.objects.count(), Imported.objects.count()) == (2, 2)


def test_every_bad_row_is_named_and_nothing_is_kept_unless_told_to_skip(cast, administrator, tmp_path):
    bad = [
        ["", *GOOD[1:]], ["B2", "去年", *GOOD[2:]], ["B3", GOOD[1], "", *GOOD[3:]], [*GOOD[:3], "138", *GOOD[4:]],
        ["B5", *GOOD[1:4], "火星", *GOOD[5:]], ["B6", *GOOD[1:5], "唠嗑", GOOD[6]], ["B7", "2999-01-01", *GOOD[2:]],
        ["B8", *GOOD[1:6], "2024-01-01"], GOOD, ["B10", "0001-01-01", *GOOD[2:]], ["B11", *GOOD[1:], "错开一格"],
        ["B12", GOOD[1], "#N/A", *GOOD[3:]],
    ]  # fmt: skip
    file = csv_of(tmp_path, GOOD, *bad)
    seen = bringing.look(file, read_map(MAP), cast.clock.now)
    told = {(p.row, p.column, p.say.code.partition(".")[2]) for p in seen.problems}
    assert {(3, "工单编号", "old_empty"), (4, "受理时间", "old_time"), (5, "诉求", "old_empty"), (6, "来电", "number_short"),
            (7, "县区", "old_value"), (8, "性质", "old_value"), (9, "受理时间", "old_future"), (10, "办结时间", "old_turned"),
            (11, "工单编号", "old_twice"), (12, "受理时间", "old_time"), (13, "", "old_beyond"),
            (14, "诉求", "old_formula")} <= told  # fmt: skip
    assert (seen.rows, seen.good, Matter.objects.count()) == (13, 1, 0)
    assert bring(cast, file, administrator).kept == 0 and Matter.objects.count() == 0
    assert bring(cast, file, administrator, skip_bad=True).kept == 1
    assert Event.objects.filter(kind="matters.imported").count() == 1


def test_only_an_administrator_of_the_city_brings_in(cast, administrator, tmp_path):
    file = csv_of(tmp_path, GOOD)
    other = Actor(role="administrator", person=administrator.person, city="510400")
    for by in (cast.lin, cast.duan, other, Actor(role="supervisor", city="532300")):
        with pytest.raises(Forbidden):
            bring(cast, file, by)
    assert Matter.objects.count() == 0


def test_a_report_about_somebody_comes_in_secret(cast, administrator, tmp_path):
    bring(cast, csv_of(tmp_path, [*GOOD[:5], "举报", GOOD[6]]), administrator)
    assert Matter.objects.get().secret
    supervisor = Actor(role="supervisor", person=1, city="532300")
    assert find.count(supervisor, Wanted(words="路灯"), cast.clock.now) == (0, False)
    assert find.count(supervisor, Wanted(state=ALL), cast.clock.now) == (0, False)


def code(file, name="") -> str:
    with pytest.raises(Invalid) as refused:
        list(reading.rows(file, name))
    return refused.value.say.code


def test_files_that_are_no_tables_or_would_blow_up_are_refused(tmp_path):
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    assert code(bomb) == "invalid.file_bomb"
    for name, content, said in (("a.xlsx", b"PK\x03\x04 no", "file_broken"), ("a.csv", b"", "file_empty"),
                                ("a.exe", b"MZ", "file_kind"), ("b.csv", b"\n\n", "file_empty"),
                                ("c.csv", b'a,b\n"open', "csv_broken"),
                                ("d.csv", b"a,b\n\n,\n", "file_no_rows"), ("e.csv", b"a,b\n\xff", "file_broken")):  # fmt: skip
        (tmp_path / name).write_bytes(content)
        assert code(tmp_path / name) == f"invalid.{said}", name
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("x", "y")
    (tmp_path / "z.xlsx").write_bytes(empty.getvalue())
    assert code(tmp_path / "z.xlsx") == "invalid.file_broken"


@pytest.mark.parametrize("change", [
    {"source": ""}, {"columns": {}}, {"columns": {"id": "a"}}, {"columns": "x"}, {"columns": MAP["columns"] | {"salary": "b"}},
    {"values": {"nature": "x"}}, {"desk": None}, {"times": "%Y"}, {"times": [5]}, {"times": 5}, {"source": "旧" * 41},
])  # fmt: skip
def test_a_map_that_is_wrong_is_refused(change):
    with pytest.raises(Invalid):
        read_map(MAP | change)


def test_a_column_that_the_file_lacks_and_a_desk_that_is_none_are_named(cast, administrator, tmp_path):
    for change, said in (
        ({"columns": MAP["columns"] | {"title": "标题"}}, "column_missing"),
        ({"desk": "x"}, "map_desk"),
    ):
        with pytest.raises(Invalid) as refused:
            bringing.look(csv_of(tmp_path, GOOD), read_map(MAP | change), cast.clock.now)
        assert refused.value.say.code == f"invalid.{said}"
    twice = tmp_path / "twice.csv"
    twice.write_text("编号,诉求,编号\n1,路灯不亮,2\n")
    assert len(list(reading.rows(twice, wanted=("诉求",)))) == 1, "a column that nobody reads may stand twice"
    with pytest.raises(Invalid) as refused:
        list(reading.rows(twice, wanted=("诉求", "编号")))
    assert refused.value.say.code == "invalid.column_twice"
