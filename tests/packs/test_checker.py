"""Every message of the checker: one thing broken each, told with file, row, fault and what to write."""

from pathlib import Path

import pytest

from liandong.packs import PackInvalid, load, shipped
from liandong.packs.check import main, problems
from liandong.rules import announcing
from liandong.rules.say import Say

# file, what stands there, what is written instead, words of the message
BROKEN = [
    ("kinds.toml", 'clause = "清单一（一）"\n', "", "没有依据"),
    ("mechanisms.toml", 'clause = "二（二）1"\n', 'clause = " "\n', "没有依据"),
    ("limits.toml", "review_on = 2027-06-30\n", "", "没有复核日期"),
    ("kinds.toml", 'code = "110-2"\n', "", "缺“code”"),
    ("kinds.toml", 'title = "群体性事件"', 'titel = "群体性事件"', "不认识的项目“titel”"),
    ("kinds.toml", 'title = "群体性事件"', "title = 5", "“title”应是文字"),
    ("kinds.toml", 'title = "群体性事件"', 'title = "  "', "“title”是空的"),
    ("kinds.toml", 'platform = "110"', 'platform = "119"', "“platform”写成了“119”"),
    ("kinds.toml", 'code = "110-2"', 'code = "110-1"', "“110-1”写了两次"),
    ("kinds.toml", 'code = "110-2"', 'code = "A-2"', "类别代码不对"),
    ("kinds.toml", 'short = "治安案件"', 'short = "行政（治安）的案件"', "简称“行政（治安）的案件”太长"),
    ("scopes.toml", 'short = "社会管理"', 'short = "社会管理领域的咨询"', "简称“社会管理领域的咨询”太长"),
    ("kinds.toml", 'code = "110-1.2"', 'code = "110-7.9"', "事项代码与类别不一致"),
    ("kinds.toml", "danger = true", 'danger = "yes"', "应是 true 或 false"),
    ("kinds.toml", 'also = ["122"]', 'also = ["123"]', "“123”不能同时通知"),
    ("kinds.toml", "[[kind]]", "[kind]", "写法不合 TOML 格式"),
    ("kinds.toml", 'title = "群体性事件"', 'title = "群体性事件', "写法不合 TOML 格式"),
    ("directory.toml", "verified_on = 2026-11-01\n", "", "没写核对日期"),
    ("directory.toml", "verified_on = 2026-11-01", 'verified_on = "2026-11-01"', "“verified_on”不是日期"),
    ("directory.toml", "verified_on = 2026-11-01", "verified_on = 2026-13-01", "写法不合 TOML 格式"),
    ("directory.toml", "verified_on = 2026-11-01", "verified_on = 2026-11-01T08:00:00", "“verified_on”不是日期"),
    ("directory.toml", 'number = "12368"', 'number = "12-368"', "号码不全是数字"),
    ("directory.toml", 'number = "12368"', 'number = "１２３６８"', "号码不全是数字"),
    ("directory.toml", 'number = "12368"', "number = 12368", "“number”应是文字"),
    ("directory.toml", 'number = "12368"', 'number = "12309"', "“12309”写了两次"),
    ("directory.toml", "number = 2\n", "number = 1\n", "“1”写了两次"),
    ("directory.toml", "number = 2\n", "number = true\n", "“number”应是整数"),
    ("directory.toml", "number = 2\n", "number = -2\n", "序号不能是负数"),
    ("directory.toml", 'hours = "24h"', 'hours = "全天"', "“hours”写成了“全天”"),
    ("directory.toml", 'successor = "12345"', 'successor = "99999"', "并入的号码“99999”不在名录里"),
    ("districts.toml", 'code = "532301"', 'code = "53230"', "县区代码不是六位数字"),
    ("districts.toml", 'code = "532301"', 'code = "510402"', "城市 532300 里没有它"),
    ("districts.toml", "532301101 ", "532302101 ", "不属于这个县区"),
    ("districts.toml", "532301101 ", "", "写法不对"),
    ("desks.toml", 'district = "532301"', 'district = "532399"', "县区“532399”不存在"),
    ("desks.toml", 'code = "110:532301"', 'code = "110:1"', "代码与平台、县区不一致"),
    ("desks.toml", 'level = "prefecture"', 'level = "county"', "级别与县区不一致"),
    ("desks.toml", 'code = "duty:532300"', 'code = "duty:532301"', "缺台席“duty:532300”"),
    ("units.toml", '"12345-1.5"', '"12345-1.99"', "类别或事项“12345-1.99”不存在"),
    ("units.toml", 'district = "532301"', 'district = "532399"', "县区“532399”不存在"),
    ("units.toml", 'district = "532301"\n', 'district = "532301"\nbody = "body-99"\n', "名录里没有“body-99”"),
    ("units.toml", 'kinds = ["12345-2"', 'kinds = "12345-2" #', "应是文字列表"),
    ("limits.toml", "amount = 25", "amount = 0", "时限不大于零"),
    ("limits.toml", "amount = 25", "amount = 2.5", "“amount”应是整数"),
    ("limits.toml", 'unit = "second"', 'unit = "秒"', "“unit”写成了“秒”"),
    ("limits.toml", 'clock = "natural"', 'clock = "working"', "工作日时限的单位不对"),
    ("limits.toml", 'clock = "natural"\n', "", "缺“clock”"),
    ("limits.toml", 'key = "offer.ring"', 'key = "offer.rings"', "缺时限“offer.ring”"),
    ("mechanisms.toml", 'value = "first_receiver"', 'value = "nobody"', "写成了“nobody”"),
    ("mechanisms.toml", 'key = "unclear"', 'key = "unclaer"', "缺机制“unclear”"),
    ("mechanisms.toml", 'key = "unclear"', 'key = "unclaer"', "不认识的机制"),
    ("dangers.toml", 'kind = "110-4.4"', 'kind = "110-9"', "类别或事项“110-9”不存在"),
    ("dangers.toml", 'also = ["119"]', 'also = ["消防"]', "“消防”不能同时通知"),
    ("dangers.toml", '"失火"', '"起火"', "用语“起火”已在"),
    ("dangers.toml", '"失火"', '""', "“phrases”应是文字列表"),
    ("examples.toml", 'kind = "110-1"', 'kind = "110-99"', "类别“110-99”不存在"),
    ("examples.toml", 'kind = "110-8"', 'kind = "110-1"', "类别“110-8”只有 0 句"),
    ("examples.toml", 'platform = "110"', 'platform = "12345"', "平台与类别不一致"),
    ("examples.toml", 'hotline = "12368"', 'hotline = "99999"', "号码“99999”不在名录里"),
    ("pack.toml", 'city_code = "532300"', 'city_code = "5323"', "城市代码“5323”不对"),
    ("pack.toml", "effective_on = 2022-12-01", 'effective_on = "明年"', "“effective_on”不是日期"),
    ("scopes.toml", "[[scope]]", "[[scop]]", "不认识的内容“scop”"),
    ("scopes.toml", "[[scope]]", "source = 5\n[[scope]]", "“source”写法不对"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), BROKEN, ids=lambda v: str(v)[:24])
def test_a_broken_row_is_told_with_its_file_and_what_to_write(folder: Path, change, file, old, new, said) -> None:
    change(file, old, new)
    found = problems(folder)
    assert any(said in p.wrong for p in found), [str(p) for p in found[:5]]
    assert all(p.todo and p.wrong for p in found)
    with pytest.raises(PackInvalid) as refused:
        load(folder)
    assert list(refused.value.problems) == found


def test_a_row_is_named_by_its_line_and_its_code(folder: Path, change) -> None:
    change("kinds.toml", 'code = "12345-1.5"\n', 'code = "12345-1.5"\ncolour = "red"\n')
    (problem,) = problems(folder)
    text = (folder / "kinds.toml").read_text(encoding="utf-8").splitlines()
    line = text.index('code = "12345-1.5"')  # counted from 0: the header stands one line above
    assert problem.row == f"第{line}行 事项“12345-1.5”"
    assert str(problem).startswith(f"kinds.toml 第{line}行 事项“12345-1.5”：不认识的项目“colour”。")


def test_all_faults_are_told_at_once(folder: Path, change) -> None:
    change("limits.toml", "amount = 25", "amount = 0")
    change("examples.toml", 'hotline = "12368"', 'hotline = "99999"')
    (folder / "说明.docx").write_bytes(b"PK")
    assert {p.file for p in problems(folder)} == {"limits.toml", "examples.toml", "说明.docx"}


@pytest.mark.parametrize("file", [path.name for path in sorted(shipped()["chuxiong_2022"].iterdir())])
def test_a_missing_an_empty_and_an_unreadable_file_are_told(folder: Path, file: str) -> None:
    path = folder / file
    whole = path.read_bytes()
    path.write_text("# 空的\n", encoding="utf-8")
    assert problems(folder)
    path.write_bytes("楚雄".encode("gb18030") + whole)
    assert next(p.wrong for p in problems(folder) if p.file == file) == "不是 UTF-8 编码"
    path.unlink()
    assert "缺这个文件" in [p.wrong for p in problems(folder) if p.file == file]


@pytest.mark.parametrize("content", [b"\x00", b"a = [" * 5000, b"[[kind]]\nitem = 5\n", b"kind = [1]\n", b"kind = 1\n"])
def test_rubbish_never_ends_in_a_traceback(folder: Path, content: bytes) -> None:
    for file in ("kinds.toml", "pack.toml", "directory.toml"):
        (folder / file).write_bytes(content)
    assert problems(folder)


def test_a_folder_in_place_of_a_file_is_told(folder: Path) -> None:
    (folder / "units.toml").unlink()
    (folder / "units.toml").mkdir()
    assert "打不开" in [p.wrong for p in problems(folder)]


def test_a_file_saved_by_notepad_is_read(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert problems(folder) == []


def test_a_file_too_large_is_told(folder: Path) -> None:
    with (folder / "dangers.toml").open("ab") as file:
        file.write(b"#" * 2_000_001)
    assert [p.wrong for p in problems(folder)] == ["文件过大", "缺这个文件"]


def test_the_command_says_what_is_wrong_and_how_much(folder: Path, change, capsys) -> None:
    change("limits.toml", "amount = 25", "amount = 0")
    assert main([str(folder)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("limits.toml 第") and "时限“offer.ring”：时限不大于零。写正整数。" in said[0]
    assert said[-1] == "共 1 处要改，清单没有启用。"


@pytest.mark.parametrize("name", ["chuxiong_2022", "panzhihua_2018"])
def test_the_command_says_that_a_shipped_pack_is_good(name: str, capsys) -> None:
    assert main([str(shipped()[name])]) == 0
    assert "可以启用" in capsys.readouterr().out


def test_the_command_without_or_with_a_wrong_folder_says_so(tmp_path: Path, capsys) -> None:
    assert main([]) == 2
    assert "用法" in capsys.readouterr().err
    assert main([str(tmp_path / "nowhere")]) == 1
    assert "没有这个文件夹" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty")]) == 1
    assert "文件夹是空的" in capsys.readouterr().out


ASKS = (
    '[[mechanism]]\nkey = "{}"\nvalue = "{}"\ntext = "本州约定"\nclause = "本州约定"\n\n[[mechanism]]\nkey = "unclear"'
)


@pytest.mark.parametrize(
    ("key", "value"), [("recorded.say", "maybe"), ("recorded.say.热线", "none"), ("unclear.12315", "none")]
)
def test_a_question_that_may_stay_open_takes_only_its_own_answers(folder: Path, change, key, value) -> None:
    change("mechanisms.toml", '[[mechanism]]\nkey = "unclear"', ASKS.format(key, value))
    assert len(problems(folder)) == 1


def test_what_is_said_to_callers_is_a_citys_own_by_line(folder: Path, change) -> None:
    change("mechanisms.toml", '[[mechanism]]\nkey = "unclear"', ASKS.format("recorded.say.12315", "none"))
    row = '[[limit]]\nkey = "{}"\namount = {}\nunit = "{}"\n'
    more = row.format("wait.place.12315", 2, "minute") + 'clock = "natural"\n\n'
    change("limits.toml", ring := row.format("offer.ring", 25, "second"), more + ring)
    pack = load(folder)
    assert (announcing.recorded("12315", pack), announcing.again("12315", pack)) == ((), 120)
    assert (announcing.recorded("12345", pack), announcing.again("12345", pack)) == ((Say("recorded"),), 30)
    assert announcing.recorded("110", pack) == ()
