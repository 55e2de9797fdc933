"""`liandong triage`, `triage eval`, `triage train`: texts in, judgements out; how good they are; the model made anew."""

import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from liandong.packs import load, shipped
from liandong.queries.triage import line_answers, written
from liandong.rules.opening import CHINA
from liandong.rules.pack import Pack
from liandong.triage import TOGETHER, score


class Wrong(Exception):
    """A line or file that cannot be used; says which and what to write."""


def pack_named(name: str) -> Pack:
    """A pack that comes with the product, by name, or one in a folder. Raises PackInvalid."""
    return load(shipped().get(name, Path(name)))


def judge_lines(lines: Iterable[str], pack: Pack, *, together: int = TOGETHER) -> Iterator[dict[str, Any]]:
    """One answer for each line; what is no such line is answered with `ask` and `error`."""
    return line_answers(lines, pack, datetime.now(CHINA), together=together, unread=lambda number, error: (
        f"第 {number} 行读不了：要一行一个 JSON，有 id 和 text（{error}）"))  # fmt: skip


def run(pack: str) -> int:
    """Standard input to standard output. Of a file many lines are read at once; who sends lines by a pipe may wait for each
    answer, and has it before the next line."""
    file = _is_file(sys.stdin)
    for said in judge_lines(sys.stdin, pack_named(pack), together=TOGETHER if file else 1):
        print(written(said).decode(), flush=not file)
    return 0


def _is_file(stream: TextIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # something in its place that has no number
        return False


def evaluate(file: Path, pack: str) -> int:
    """The scorecard of a labelled file."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    answers = {said["id"]: said for said in judge_lines(lines, pack_named(pack))}
    show(score.card(rows, answers))
    return 0


def evaluate_stored(city: str, weeks: int, again: bool) -> int:
    """The same scorecard on stored matters against what people chose, by ISO week, the newest first."""
    from liandong.queries import drift

    until = datetime.now(CHINA)
    found = drift.weeks(city, until - timedelta(weeks=weeks), until, again=again)
    if not found:
        print(f"{city}：这 {weeks} 周里没有带建议的记录。")
        return 1
    for week in found:
        print(f"\n{week.name}: {week.count}")
        for name, rate in week.card.rates.items():
            print(_line(name, rate))
        _show_reliability(week.card)
    return 0


def show(card: score.Card) -> None:
    """The scorecard as people read it."""
    for name, rate in card.rates.items():
        print(_line(name, rate))
    for name, rate in card.strata.items():
        print(_line(f"platform, {name} rows", rate))
    _show_reliability(card)
    print("\nworst:")
    for row, said in card.worst:
        why = "、".join(dict.fromkeys(r["text"] for r in said.get("reasons", ()) if r["text"]))
        print(f"  {row['id']} {'/'.join(row['platforms'])}{'!' if row['urgent'] else ''} → {said['platform']}"
              f"{'!' if said.get('urgent') else ''} {said.get('confidence', 0):.2f} [{why}] {row['text'][:60]}")  # fmt: skip


def _show_reliability(card: score.Card) -> None:
    print("\nsure, and right:")
    for name, rate in card.reliability:
        print(_line(f"  {name}", rate))
    print("\nlabel → answer:")
    for (label, said), count in sorted(card.confusion.items(), key=lambda c: -c[1]):
        print(f"  {label:>6} → {said:<6} {count:>5}")


def _line(name: str, rate: score.Rate) -> str:
    low, high = rate.interval
    return f"{name:<24} {rate.value:.3f}  [{low:.3f}, {high:.3f}]  {rate.hits}/{rate.whole}"


def train(corpus: Path, to: Path | None) -> int:
    """Make the model anew from the corpus; the same corpus gives the same bytes."""
    from liandong.triage.corpus import read_corpus
    from liandong.triage.model import HERE, save
    from liandong.triage.train import train as learn

    said = read_corpus(corpus)
    model = learn(said, pack_named("chuxiong_2022"))
    to = to or HERE
    save(model, to)
    print(f"{len(said)} 句，{len(model.ids)} 个字词特征，模型 {model.version}，写在 {to}")
    return 0
