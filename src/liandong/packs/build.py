"""Rows → the frozen types of `rules.pack`. Nothing is judged here; rows have been checked before."""

from liandong.packs.rows import Row
from liandong.rules.pack import (
    Body,
    DangerWord,
    Desk,
    District,
    Example,
    Item,
    Kind,
    Limit,
    Line,
    Mechanism,
    Pack,
    Scope,
    Unit,
)


def build(rows: dict[str, list[Row]], digest: str) -> Pack:
    """The pack of these rows (by table name, "" for pack.toml)."""
    (head,) = rows[""]
    return Pack(
        **head.values,
        digest=digest,
        districts=tuple(_district(row) for row in rows["district"]),
        desks=tuple(_plain(Desk, row) for row in rows["desk"]),
        kinds=tuple(_kind(row) for row in rows["kind"]),
        scopes=tuple(_plain(Scope, row) for row in rows["scope"]),
        bodies=tuple(_plain(Body, row, lines=_lines(row)) for row in rows["body"]),
        units=tuple(_plain(Unit, row) for row in rows["unit"]),
        limits=tuple(_plain(Limit, row) for row in rows["limit"]),
        mechanisms=tuple(_plain(Mechanism, row) for row in rows["mechanism"]),
        dangers=tuple(word for row in rows["danger"] for word in _dangers(row)),
        examples=tuple(example for row in rows["example"] for example in _examples(row)),
    )


def split_township(text: str) -> tuple[str, str]:
    """ "532301001 鹿城镇" → code and name; the code is empty when it is not written."""
    code, _, name = text.rpartition(" ")
    return code.strip(), name.strip()


def _plain(of: type, row: Row, **more):
    return of(**row.values, source=row.source, **more)


def _district(row: Row) -> District:
    pairs = [split_township(text) for text in row["townships"]]
    values = row.values | {"townships": tuple(name for _, name in pairs)}
    return District(**values, township_codes=tuple(code for code, _ in pairs), source=row.source)


def _kind(row: Row) -> Kind:
    return _plain(Kind, row, items=tuple(_plain(Item, item, kind=row["code"]) for item in row.parts["item"]))


def _lines(row: Row) -> tuple[Line, ...]:
    return tuple(_plain(Line, line) for line in row.parts["line"])


def _dangers(row: Row) -> list[DangerWord]:
    return [DangerWord(text, row["means"], row["kind"], row["also"], row.source) for text in row["phrases"]]


def _examples(row: Row) -> list[Example]:
    return [Example(text, row["kind"], row["platform"], row["urgent"], row["hotline"]) for text in row["texts"]]
