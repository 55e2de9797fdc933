"""Reads one TOML file of a pack into rows, noting every problem instead of stopping at the first."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from liandong.packs.problem import Problem
from liandong.packs.shape import NEEDS_NO_SOURCE, SOURCE, Key, Table
from liandong.rules.pack import Source

EMPTY = {"text": "", "words": (), "date": None, "number": 0, "flag": False}


@dataclass(slots=True)
class Row:
    """One row as read: every key of its table has a value, `where` is how the row is named to an official."""

    file: str
    where: str
    values: dict[str, Any]
    source: Source
    parts: dict[str, list["Row"]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


@dataclass(slots=True)
class FileReader:
    """Reads the rows of one file. Problems are added to `problems`; rows are returned as far as they can be read."""

    file: str
    text: str
    problems: list[Problem]
    seen: dict[str, int] = field(default_factory=dict)

    def read(self, name: str, table: Table) -> list[Row]:
        """The rows of `[[name]]`, or the single row of a file without rows when `name` is empty."""
        try:
            content = tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:
            self._bad_toml(error)
            return []
        if not name:
            return [self.row("", table, content, {})]
        default = content.pop("source", {})
        rows = content.pop(name, [])
        for key in content:
            self.note("", f"不认识的内容“{key}”", f"这个文件只写 [[{name}]]，请改名或删去")
        if not isinstance(default, dict):
            self.note("", "“source”写法不对", "写成 [source]，下面写依据")
            default = {}
        self.check_keys("文件开头的依据", default, SOURCE)
        return self.rows(name, table, rows, default)

    def rows(self, name: str, table: Table, rows: Any, default: dict) -> list[Row]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.note("", f"“{name}”写法不对", f"每条以 [[{name}]] 开头，双方括号")
            return []
        return [self.row(name, table, row, default) for row in rows]

    def row(self, name: str, table: Table, raw: dict, default: dict) -> Row:
        where = self.where(name, table, raw)
        source_keys = {} if self.file in NEEDS_NO_SOURCE else SOURCE
        own = {key: value for key, value in raw.items() if key not in table.parts}
        good = self.check_keys(where, own, table.keys | source_keys)
        values = {key: good.get(key, EMPTY[spec.of]) for key, spec in table.keys.items()}
        for key, spec in table.keys.items():
            if spec.must and key not in raw:
                self.note(where, f"缺“{key}”", f"请补写 {key} = …")
        said = {key: default[key] for key in default if key != "quote"} | {k: raw[k] for k in raw if k in SOURCE}
        if source_keys:
            self.check_source(where, said)
        row = Row(self.file, where, values, self.source(said))
        for part, inner in table.parts.items():
            row.parts[part] = self.rows(f"{name}.{part}", inner, raw.get(part, []), said)
        return row

    def check_keys(self, where: str, raw: dict, keys: dict[str, Key]) -> dict:
        """The values that are of the right sort; the others are noted."""
        good = {}
        for key, value in raw.items():
            if key not in keys:
                self.note(where, f"不认识的项目“{key}”", f"可写的有：{'、'.join(keys)}")
            elif fault := fault_of(value, keys[key]):
                self.note(where, f"“{key}”{fault[0]}", fault[1])
            else:
                good[key] = tuple(value) if keys[key].of == "words" else value
        return good

    def check_source(self, where: str, said: dict) -> None:
        if not str(said.get("clause", "")).strip():
            self.note(where, "没有依据", "请写 clause = “文件条款”，例如 二（一）1")
        if said.get("grade") == "project-default" and not said.get("review_on"):
            self.note(
                where,
                "是暂定内容，没有复核日期",
                "请写 review_on = 年-月-日，到期前由当地确认",
            )

    def source(self, said: dict) -> Source:
        fit = {key: value for key, value in said.items() if key in SOURCE and not fault_of(value, SOURCE[key])}
        return Source(**({"clause": ""} | fit))

    def where(self, name: str, table: Table, raw: dict) -> str:
        """第 57 行 事项 12345-1.2: line, what officials call the row, and its code."""
        if not name:
            return ""
        index = self.seen[name] = self.seen.get(name, -1) + 1
        heads = [m.start() for m in re.finditer(rf"^\s*\[\[\s*{re.escape(name)}\s*\]\]", self.text, re.MULTILINE)]
        head = heads[index] if index < len(heads) else None
        line = (
            f"第{self.text[:head].count(chr(10)) + 1 + leading_breaks(self.text, head)}行 " if head is not None else ""
        )
        label = next(
            (str(raw[k]) for k in ("code", "number", "key", "means", "kind") if k in raw),
            f"第{index + 1}条",
        )
        return f"{line}{table.title}“{label}”"

    def note(self, where: str, wrong: str, todo: str) -> None:
        self.problems.append(Problem(self.file, where, wrong, todo))

    def _bad_toml(self, error: Exception) -> None:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"第{place[1]}行第{place[2]}列" if place else "末尾"
        self.note(
            where,
            "写法不合 TOML 格式",
            "请看这一行和上一行：引号、方括号是否成对，等号两边是否都有，同名项目是否写了两遍",
        )


def leading_breaks(text: str, start: int) -> int:
    """Line breaks that the pattern's leading white space took before the brackets."""
    return text[start : text.index("[", start)].count("\n")


def fault_of(value: Any, key: Key) -> tuple[str, str] | None:
    """What is wrong with a value and what to write instead, or None."""
    match key.of:
        case "text" if not isinstance(value, str):
            return "应是文字", "请加上英文引号"
        case "text" if key.must and not value.strip():
            return "是空的", "请填写"
        case "words" if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            return "应是文字列表，且不留空", '写成 ["甲", "乙"]'
        case "words" if key.must and not value:
            return "是空的", "至少写一条"
        case "date" if not isinstance(value, date) or isinstance(value, datetime):
            return "不是日期", "写成 2022-12-01，不加引号"
        case "number" if not isinstance(value, int) or isinstance(value, bool):
            return "应是整数", "写成数字，不加引号"
        case "flag" if not isinstance(value, bool):
            return "应是 true 或 false", "不加引号"
    if key.one_of and value not in key.one_of:
        return f"写成了“{value}”", f"只能是：{'、'.join(key.one_of)}"
    return None
