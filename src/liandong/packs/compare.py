"""Two versions of a pack, row by row: what is new, what has changed from what to what, what is gone, each with its
citation."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from liandong.rules.pack import Pack, Source

TABLES = {
    "desks": ("台席", "code"), "districts": ("县区", "code"), "kinds": ("类别", "code"), "items": ("事项", "code"),
    "scopes": ("受理范围", "code"), "bodies": ("机构", "code"), "lines": ("号码", "number"), "units": ("承办单位", "code"),
    "limits": ("时限", "key"), "mechanisms": ("机制", "key"), "dangers": ("险情词", "text"), "examples": ("例句", "text"),
}  # fmt: skip
"""Table → what officials call a row, and the column by which rows of two versions are the same row."""
INSIDE = {"items", "lines", "source"}
"""Columns that are tables of their own, or told beside the row."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs. `what` is "added", "changed" or "removed"; `cells` are (column, before, after) as text, only
    those that differ, of lists and long texts what differs in them; `clause` is the citation of the row as it is
    now, of a removed one as it was."""

    table: str
    title: str
    key: str
    name: str
    what: str
    cells: tuple[tuple[str, str, str], ...]
    clause: str
    clause_before: str = ""


def compare(before: Pack, after: Pack) -> list[Change]:
    """Every row that differs, table by table, in the order of the newer version; removed rows last in their table."""
    found = []
    for table, (title, _) in TABLES.items():
        old, new = _rows(before, table), _rows(after, table)
        for key, row in new.items():
            if key not in old:
                found.append(_change(table, title, key, None, row))
            elif old[key] != row:
                found.append(_change(table, title, key, old[key], row))
        found += [_change(table, title, key, row, None) for key, row in old.items() if key not in new]
    return [c for c in found if c.cells]


def _rows(pack: Pack, table: str) -> dict[str, object]:
    if table == "items":
        rows: Iterator = (item for kind in pack.kinds for item in kind.items)
    elif table == "lines":
        rows = (line for body in pack.bodies for line in body.lines)
    else:
        rows = iter(getattr(pack, table))
    column = TABLES[table][1]
    out: dict[str, object] = {}
    for row in rows:
        key = str(getattr(row, column))
        out[key if key not in out else f"{key} ({getattr(row, 'area', '') or len(out)})"] = row
    return out


def _change(table: str, title: str, key: str, old: object, new: object) -> Change:
    shown = new or old
    columns = [f.name for f in fields(shown) if f.name not in INSIDE] if is_dataclass(shown) else []
    cells = [(c, *_apart(old, new, c)) for c in columns if _text(old, c) != _text(new, c)]
    was, now = _clause(old), _clause(new)
    if was != now and old and new:
        cells.append(("clause", was, now))
    name = next(
        (str(getattr(shown, c)) for c in ("title", "name", "text", "short", "means") if getattr(shown, c, "")), ""
    )
    what = "changed" if old and new else "added" if new else "removed"
    return Change(
        table, title, key, "" if name == key else name, what, tuple(cells), now or was, was if old and new else ""
    )


LONG = 80
"""Characters of a cell that is shown whole: of longer ones only what differs."""
AROUND = 10
"""Characters left standing on either side of what differs in a text."""


def _apart(old: object, new: object, column: str) -> tuple[str, str]:
    """A cell before and after; of two lists only what was taken out and put in, of two long texts what stands
    between what both begin and end with."""
    was, now = _text(old, column), _text(new, column)
    before, after = getattr(old, column, None), getattr(new, column, None)
    if isinstance(before, tuple) and isinstance(after, tuple) and set(before) != set(after):
        return "、".join(v for v in before if v not in after), "、".join(v for v in after if v not in before)
    if max(len(was), len(now)) <= LONG or not was or not now:
        return was, now
    head = max(_alike(was, now) - AROUND, 0)
    tail = max(_alike(was[:head:-1], now[:head:-1]) - AROUND, 0)
    return _between(was, head, tail), _between(now, head, tail)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _between(text: str, head: int, tail: int) -> str:
    """Without so many characters at its beginning and at its end, which are said to be there."""
    return f"{'…' if head else ''}{text[head : len(text) - tail]}{'…' if tail else ''}"


def _text(row: object, column: str) -> str:
    value = getattr(row, column, "") if row is not None else ""
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else ""
    return str(value)


def _clause(row: object) -> str:
    source = getattr(row, "source", None)
    return source.clause if isinstance(source, Source) else ""
