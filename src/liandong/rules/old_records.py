"""Old records of another system: what a column map says, and one row read by it. Times are an argument.

A map (TOML) names the other system, the desk that its matters belonged to, their column for each of our fields, and
their codes for our values (docs/how-to/old-records.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from liandong.rules import wording
from liandong.rules.pack import Pack
from liandong.rules.say import Invalid, Say

FIELDS = {
    "id": 80, "received_at": 40, "said": wording.LONGEST, "title": 120, "place": 120, "district": 40, "kind": 60,
    "nature": 40, "number": 40, "caller_name": 60, "answer": wording.LONGEST, "archived_at": 40,
}  # fmt: skip
"""Our fields and how many characters each takes."""
MUST = ("id", "received_at", "said")
CODED = ("district", "kind", "nature")
EARLIEST = 1949
"""No earlier year is a year of a matter: a date of Excel's own beginning, or two figures read as four."""
NO_VALUES = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")
"""What a spreadsheet shows where a formula came to nothing."""
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """`columns`: our field → their column. `values`: our field → their value → ours."""

    source: str
    desk: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    times: tuple[str, ...] = TIMES


@dataclass(frozen=True, slots=True)
class OldMatter:
    """One row, ready to be kept."""

    their_id: str
    received_at: datetime
    archived_at: datetime
    said: str
    title: str
    place: str
    district: str
    kind: str
    nature: str
    number: str
    caller_name: str
    answer: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one row, in which of their columns; `say` has what is wrong and what to write."""

    row: int
    column: str
    say: Say


def read_map(given: Mapping[str, Any]) -> ColumnMap:
    """A map as its file has it. Invalid names the first thing that is missing or unknown."""
    for name in given:
        if name not in ("source", "desk", "columns", "values", "times"):
            raise Invalid("invalid.map_unknown", "map", what=name)
    columns, values = given.get("columns"), given.get("values", {})
    for name in ("source", "desk"):
        if not isinstance(given.get(name), str) or not given[name].strip():
            raise Invalid("invalid.map_missing", "map", what=name)
    if not isinstance(columns, Mapping) or not isinstance(values, Mapping):
        raise Invalid("invalid.map_missing", "map", what="[columns]")
    for name in (*columns, *values):
        if name not in FIELDS:
            raise Invalid("invalid.map_unknown", "map", what=name)
    for name in MUST:
        if name not in columns:
            raise Invalid("invalid.map_missing", "map", what=f"columns.{name}")
    if not all(isinstance(v, Mapping) for v in values.values()) or not all(
        isinstance(c, str) for c in columns.values()
    ):
        raise Invalid("invalid.map_unknown", "map", what="values")
    times = given.get("times", TIMES)
    if not isinstance(times, list | tuple) or not times or not all(isinstance(form, str) for form in times):
        raise Invalid("invalid.map_unknown", "map", what="times")
    coded = {name: {str(k): str(v) for k, v in table.items()} for name, table in values.items()}
    source = wording.line(given["source"], "map", 40)
    return ColumnMap(source, given["desk"].strip(), dict(columns), coded, tuple(times))


def read_row(number: int, row: Mapping[str, str], by: ColumnMap, pack: Pack, now: datetime,
             zone: tzinfo) -> OldMatter | tuple[Problem, ...]:  # fmt: skip
    """One row of theirs as ours, or everything that is wrong with it."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, largest in FIELDS.items():
        column = by.columns.get(name, "")
        try:
            text = wording.words(row.get(column, "") if column else "", name, empty=True)
            found[name] = _value(name, text, largest, by, pack, now, zone)
        except Invalid as wrong:
            problems.append(Problem(number, column, wrong.say))
    if problems:
        return tuple(problems)
    if found["archived_at"] and found["archived_at"] < found["received_at"]:
        return (Problem(number, by.columns["archived_at"], Say("invalid.old_turned")),)
    title = found["title"] or wording.title_of(found["said"], pack, found["kind"])
    return OldMatter(found["id"], found["received_at"], found["archived_at"] or found["received_at"], found["said"], title,
                     found["place"], found["district"], found["kind"], found["nature"] or "help", found["number"],
                     found["caller_name"], found["answer"])  # fmt: skip


def _value(name: str, text: str, largest: int, by: ColumnMap, pack: Pack, now: datetime, zone: tzinfo) -> Any:
    if not text and name in MUST:
        raise Invalid("invalid.old_empty", name)
    if text in NO_VALUES:
        raise Invalid("invalid.old_formula", name, value=text)
    if len(text) > largest:
        raise Invalid("invalid.old_long", name, over=len(text) - largest, most=largest)
    if name.endswith("_at"):
        return _time(text, by, now, zone) if text else None
    if name == "number":
        return wording.telephone(text, name)
    return _code(name, text, by, pack) if name in CODED and text else text


def _time(text: str, by: ColumnMap, now: datetime, zone: tzinfo) -> datetime:
    for form in by.times:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        if found.year < EARLIEST:
            break
        if found > now:
            raise Invalid("invalid.old_future", "time", value=text)
        return found
    raise Invalid("invalid.old_time", "time", value=text[:20])


def _code(name: str, text: str, by: ColumnMap, pack: Pack) -> str:
    """Our code for their value: by the map, or because it is one of ours, by code or by name."""
    ours = by.values.get(name, {}).get(text, text)
    if name == "nature":
        known = {code: code for code in wording.NATURES}
    elif name == "district":
        known = {key: d.code for d in pack.districts for key in (d.code, d.name, d.short)}
    else:
        known = {key: k.code for k in pack.kinds for key in (k.code, k.title)}
        known |= {i.code: i.code for k in pack.kinds for i in k.items}
    if ours not in known:
        raise Invalid("invalid.old_value", name, value=text[:20])
    return known[ours]
