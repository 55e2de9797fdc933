"""One judgement, whoever asks: the command line, a desk, the citizen's page, another system; one text or many."""

import io
import json

import pytest
from django.utils import timezone

from liandong.ops import command
from liandong.queries import decision
from liandong.queries.public.which import which
from liandong.queries.triage import item_of
from tests.api.conftest import Machine, key_of, why
from tests.cast import PANZHIHUA

TEXTS = (
    "我家厨房着火了，烟好大", "幸福路的路灯坏了半个月没人修", "没有人受伤，就是吵", "邻居打架还漏水", "想问社保卡怎么办",
    "楼上有人要跳楼", "手机昨天被偷了", "民警态度不好，我要投诉", "劳动仲裁去哪里", "你好", "", "1" * 300, "hello, can you help me",
    "再来一份外卖，快点，他在门口", "救\u200b命", "火" * 5000, "\x00\x07",
)  # fmt: skip


def typed(monkeypatch, capsys, lines: list[str], pack: str = "chuxiong_2022") -> list[dict]:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert command.main(["triage", "--pack", pack]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def rows(at: str) -> list[dict]:
    return [{"id": n, "text": text, "at": at} for n, text in enumerate(TEXTS)]


def lines_of(answer) -> list[dict]:
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]


def test_the_command_line_one_text_a_list_and_a_stream_are_answered_alike(machine, monkeypatch, capsys):
    asked = rows("2026-11-18T14:30:00+08:00")
    lines = [json.dumps(row) for row in asked]
    listed = machine.post("triage/batch", asked)
    assert listed.status_code == 200, listed.content
    expected = listed.json()
    assert [row["id"] for row in expected] == list(range(len(TEXTS)))
    assert [machine.post("triage", row).json() for row in asked] == expected
    stream = machine.post("triage/batch", raw="\n".join(lines).encode(), kind="application/x-ndjson")
    assert lines_of(stream) == expected
    assert typed(monkeypatch, capsys, lines) == expected


def test_a_desk_and_the_citizen_s_page_decide_what_another_system_is_told(cast, machine):
    matter, now = cast.call(cast.lin), timezone.now()
    for text in TEXTS:
        said = machine.post("triage", {"text": text, "at": now.isoformat()}).json()
        at_desk = decision.now(cast.lin, matter, text, {}, now)
        decided = at_desk.decision
        assert (said["platform"], said["urgent"], said["also"], said["hotline"] or "", said["question"]) == (
            decided.platform,
            decided.urgent,
            list(decided.also),
            decided.hotline,
            decided.ask.id if decided.ask else None,
        ), text
        assert said["item"] == item_of(decided.platform, decided.kind, at_desk.pack)
        assert said["model"] == decided.model
        assert which(at_desk.pack, text, {}, now).danger == said["urgent"]


def test_each_city_s_key_is_answered_by_its_own_pack(cast):
    told = Machine(key_of(PANZHIHUA).secret).post("triage", {"text": "菜市场卖假酒，要举报"}).json()
    assert told["pack"].startswith("panzhihua_2018")


def test_a_line_that_is_none_is_answered_in_the_caller_s_language_and_no_line_is_lost(cast):
    lines = ["not json", '{"id": 1}', '{"id": NaN, "text": "路灯坏了"}', "", '{"id": {"a": [1]}, "text": "路灯坏了"}',
             '{"id": 5, "text": "路灯坏了", "at": "0001-01-01T00:00:00+14:00"}', '{"id": 6, "text": "' + "长" * 20_001 + '"}',
             '{"id": 7, "text": "\\ud800救命"}', "[" * 5000, "5", "[1]", '"路灯"', "null", '{"text": "路灯坏了"}']  # fmt: skip
    for language, begins in (("zh", "第 1 行"), ("en", "Line 1")):
        got = lines_of(
            Machine(key_of().secret, language).post(
                "triage/batch", raw="\n".join(lines).encode(), kind="application/x-ndjson"
            )
        )
        assert [("error" in one) for one in got] == [True, True, True, False, True, True, False] + [True] * 6
        assert got[0]["error"].startswith(begins) and got[0]["ask"] and got[0]["line"] == 1
        assert got[3]["id"] == {"a": [1]} and got[6]["id"] == 7


def test_the_command_line_survives_the_same_lines(monkeypatch, capsys):
    got = typed(
        monkeypatch,
        capsys,
        ['{"id": 7, "text": "\\ud800救命"}', '{"id": 5, "text": "x", "at": "0001-01-01T00:00:00+14:00"}'],
    )
    assert (got[0]["id"], got[0]["urgent"], got[1]["ask"]) == (7, True, True)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [({"body": []}, 422, "invalid.api_fields"), ({"body": [{"text": "x"}] * 1001}, 422, "invalid.api_fields"),
     ({"body": {"text": "x"}}, 422, "invalid.api_fields"), ({"raw": b"[[[["}, 400, "invalid.api_json"),
     ({"raw": b'[{"text": "x", "id": NaN}]'}, 400, "invalid.api_json"), ({"raw": b"[" * 90_000}, 400, "invalid.api_json"),
     ({"raw": b"x" * (2 * 1024 * 1024 + 1)}, 413, "invalid.api_large"),
     ({"raw": b"\n" * 10_002, "kind": "application/x-ndjson"}, 413, "invalid.api_lines"),
     ({"raw": b"x", "kind": "text/csv"}, 415, "invalid.api_type")],
)  # fmt: skip
def test_a_batch_that_is_too_much_or_none_is_refused_whole(machine, sent, status, code):
    answer = machine.post("triage/batch", **sent)
    assert (answer.status_code, why(answer)) == (status, code)


def test_where_no_pack_is_in_force_it_is_said(db):
    assert why(Machine(key_of("539900").secret).post("triage", {"text": "x"})) == "invalid.no_pack"
