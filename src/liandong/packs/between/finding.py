"""What the checks between rows share."""

from collections.abc import Iterator

from liandong.packs.problem import Problem
from liandong.packs.rows import Row

Rows = dict[str, list[Row]]
SERVICES = ("119", "120", "122")  # what can be called beside 110


def say(row: Row, wrong: str, todo: str) -> Problem:
    """A problem of this row."""
    return Problem(row.file, row.where, wrong, todo)


def parts(rows: list[Row], part: str) -> list[Row]:
    """The rows inside rows: all items of all kinds."""
    return [inner for row in rows for inner in row.parts[part]]


def city_of(rows: Rows) -> str:
    """The six-digit code of the city."""
    return rows[""][0]["city_code"]


def kind_codes(rows: Rows) -> set[str]:
    """The codes of all kinds and items."""
    return {row["code"] for row in (*rows["kind"], *parts(rows["kind"], "item"))}


def once(rows: list[Row], key: str) -> Iterator[Problem]:
    """What is written twice under this key."""
    seen: set = set()
    for row in rows:
        if row[key] and row[key] in seen:
            yield say(row, f"“{row[key]}”写了两次", "每个代码只用一次，请改一处或删去")
        seen.add(row[key])
