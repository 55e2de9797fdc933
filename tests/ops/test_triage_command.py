"""`liandong triage`: one answer a line, whatever the line is."""

import io
import json
import subprocess
import sys

import pytest

from liandong.ops import command


@pytest.fixture
def typed(monkeypatch, capsys):
    def type_in(*lines, pack="chuxiong_2022"):
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
        assert command.main(["triage", "--pack", pack]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return type_in


def test_every_line_gets_an_answer_in_order(typed):
    lit, lamp, wrong = typed(
        json.dumps(
            {"id": 7, "text": "我家厨房着火了，烟好大", "district": "532301", "at": "2026-11-20T03:00:00+08:00"}
        ),
        json.dumps({"id": "b", "text": "幸福路的路灯坏了半个月没人修"}),
        "not json",
    )
    assert (lit["id"], lit["platform"], lit["urgent"]) == (7, "110", True)
    assert "119" in lit["also"]
    span = lit["reasons"][0]["span"]
    assert "我家厨房着火了，烟好大"[span[0] : span[1]] == lit["reasons"][0]["text"]
    assert lit["reasons"][0]["cite"]
    assert (lamp["platform"], lamp["urgent"], lamp["item"]) == ("12345", False, "12345-1")
    assert 0 < lamp["confidence"] <= 1
    assert (wrong["ask"], wrong["line"]) == (True, 3)
    assert "第 3 行" in wrong["error"]


COMMAND = [sys.executable, "-m", "liandong.ops.command", "triage", "--pack", "chuxiong_2022"]


def test_of_a_pipe_each_answer_comes_before_the_next_line_and_a_file_is_answered_alike(tmp_path):
    lines = [json.dumps({"id": n, "text": text, "at": "2026-11-20T10:00:00+08:00"}) for n, text in
             enumerate(("我家厨房着火了", "路灯坏了", "有人要跳楼"))]  # fmt: skip
    lines.insert(1, "not json")
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asked:
        said = []
        for line in lines:
            asked.stdin.write(line + "\n")
            asked.stdin.flush()
            said.append(json.loads(asked.stdout.readline()))
        asked.stdin.close()
        assert asked.stdout.read() == ""
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    with file.open() as source:
        whole = subprocess.run(COMMAND, stdin=source, capture_output=True, text=True, check=True).stdout
    assert [json.loads(line) for line in whole.splitlines()] == said
    assert [one["id"] for one in said] == [0, None, 1, 2]


def test_another_citys_pack_answers_in_its_own_kinds(typed):
    (said,) = typed(json.dumps({"id": 1, "text": "菜市场卖假酒，要举报"}), pack="panzhihua_2018")
    assert said["pack"].startswith("panzhihua_2018")
    assert said["item"].startswith("12345-")


def test_eval_prints_a_scorecard_of_a_labelled_file(tmp_path, capsys):
    rows = [
        {
            "id": "a",
            "text": "有人拿刀砍人",
            "platform": "110",
            "platforms": ["110"],
            "urgent": True,
            "items": ["110-1"],
        },
        {
            "id": "b",
            "text": "低保怎么申请",
            "platform": "12345",
            "platforms": ["12345"],
            "urgent": False,
            "items": ["scope"],
        },
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    assert command.main(["triage", "eval", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "urgent recall" in shown
    assert "1/1" in shown


def test_eval_without_a_file_says_what_to_give(capsys):
    assert command.main(["triage", "eval"]) == 1
    assert "标好的文件" in capsys.readouterr().err
