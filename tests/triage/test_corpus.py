"""The corpus can be read, holds enough of everything, and nothing twice."""

from collections import Counter

import pytest

from liandong.rules.reference import KINDS
from liandong.triage.corpus import REGISTERS, CorpusWrong, read_corpus, read_file
from tools.corpus import FOLDER, doubles


@pytest.fixture(scope="module")
def said():
    return read_corpus(FOLDER)


def test_every_kind_and_register_is_there_in_numbers(said):
    assert len(said) >= 6_000
    kinds = Counter(s.kind for s in said)
    assert min(kinds[kind] for kind in KINDS) >= 60, kinds
    assert set(Counter(s.register for s in said)) == set(REGISTERS)
    assert sum(s.urgent for s in said) > 1_000
    assert len({s.hotline for s in said}) > 15


def test_nothing_stands_twice(said):
    assert [(second.where, first.where) for first, second, _ in doubles(said)] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("路灯坏了\n", "before the first header"),
        ("## 12345-9 note\n路灯坏了\n", "no such label"),
        ("## 12345-1\n路灯坏了\n", "exactly one register"),
        ("##\n路灯坏了\n", "without a label"),
    ],
)
def test_a_header_that_cannot_be_read_says_where_and_why(tmp_path, text, what):
    file = tmp_path / "a.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(CorpusWrong, match=what):
        list(read_file(file))


def test_a_header_tells_label_danger_services_and_line(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("# a remark\n## 110-5! |110-6 +119 +120 speech hint\n有人掉河里了\n#河边# 求助\n", "utf-8")
    first, second = read_file(file)
    assert (first.kind, first.urgent, first.alternatives, first.also) == ("110-5", True, ("110-6",), ("119", "120"))
    assert (first.tags, first.where, second.text) == (("hint",), "a.txt:3", "#河边# 求助")
