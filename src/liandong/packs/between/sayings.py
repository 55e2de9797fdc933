"""Danger phrases and examples: each once, each pointing at a kind, enough of them."""

from collections.abc import Iterator

from liandong.packs.between.finding import SERVICES, Rows, kind_codes, parts, say
from liandong.packs.problem import Problem

EXAMPLES_PER_KIND = 3
OTHER_KINDS = ("scope", "other")  # what an example may be read as beside a kind


def dangers(rows: Rows) -> Iterator[Problem]:
    """Phrases that point at a kind and stand in one place only."""
    known = kind_codes(rows)
    seen: dict[str, str] = {}
    services = {*SERVICES, *(line["number"] for line in parts(rows["body"], "line"))}
    for row in rows["danger"]:
        if row["kind"] not in known:
            yield say(row, f"类别或事项“{row['kind']}”不存在", "请先写进 kinds.toml，或改正代码")
        if unknown := set(row["also"]) - services:
            todo = f"also 只写：{'、'.join(SERVICES)}，或 directory.toml 里的号码"
            yield say(row, f"“{'、'.join(sorted(unknown))}”不能同时通知", todo)
        for phrase in row["phrases"]:
            if phrase in seen:
                yield say(row, f"用语“{phrase}”已在“{seen[phrase]}”里", "同一句话只写一处")
            seen[phrase] = row["means"]


def examples(rows: Rows) -> Iterator[Problem]:
    """Enough for every kind, with platform and number that agree."""
    platform = {row["code"]: row["platform"] for row in rows["kind"]}
    numbers = {line["number"] for line in parts(rows["body"], "line")}
    count = dict.fromkeys([*platform, *OTHER_KINDS], 0)
    for row in rows["example"]:
        if row["kind"] not in count:
            yield say(row, f"类别“{row['kind']}”不存在", "写 kinds.toml 里的代码，或 scope、other")
            continue
        if row["platform"] != platform.get(row["kind"], row["platform"]):
            yield say(row, "平台与类别不一致", f"这一类归 {platform[row['kind']]}")
        if row["hotline"] and row["hotline"] not in numbers:
            yield say(row, f"号码“{row['hotline']}”不在名录里", "请先写进 directory.toml")
        count[row["kind"]] += len(row["texts"])
    for kind, number in count.items():
        if number < EXAMPLES_PER_KIND:
            wrong = f"类别“{kind}”只有 {number} 句"
            yield Problem("examples.toml", "", wrong, f"每类至少写 {EXAMPLES_PER_KIND} 句群众会说的话")
