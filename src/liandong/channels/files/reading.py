"""Tables as people bring them, XLSX or CSV: one row in memory at a time; what would blow up is refused unopened."""

import csv
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from liandong.rules.say import Invalid

LARGEST = 200 * 1024 * 1024
"""Bytes of a file as it lies there."""
UNPACKED = 2 * 1024**3
"""Bytes a workbook may unpack to."""
RATIO = 120
"""How many times its packed size a workbook may unpack to; honest tables reach 10 to 40."""
MOST_PARTS = 2000
MOST_COLUMNS = 200

Row = tuple[int, dict[str, str]]  # the row's number as a spreadsheet shows it, column → text


BEYOND = ""
"""Under this name: how many filled cells a row has beyond the last column, since a comma too many moves them all."""


def rows(path: Path, name: str = "", wanted: Collection[str] = ()) -> Iterator[Row]:
    """The rows below the head. Invalid when the file is too large, no table, made to blow up when opened, or has not
    each of the columns `wanted` exactly once."""
    size = path.stat().st_size
    if size > LARGEST:
        raise Invalid("invalid.file_large", "file", most=LARGEST // 1024**2)
    kind = (name or path.name).lower().rpartition(".")[2]
    if kind not in ("csv", "xlsx"):
        raise Invalid("invalid.file_kind", "file")
    if not size:
        raise Invalid("invalid.file_empty", "file")
    return _named(_xlsx(path) if kind == "xlsx" else _csv(path), wanted)


def _named(lines: Iterator[list[str]], wanted: Collection[str]) -> Iterator[Row]:
    head = [cell.strip() for cell in next(lines, [])][:MOST_COLUMNS]
    if not any(head):
        raise Invalid("invalid.file_empty", "file")
    times, none = Counter(head), True
    for column in wanted:
        if times[column] != 1:
            raise Invalid(
                "invalid.column_twice" if times[column] else "invalid.column_missing", "file", value=column[:20]
            )
    for number, line in enumerate(lines, 2):
        if any(cell.strip() for cell in line):
            none = False
            row = {column: cell.strip() for column, cell in zip(head, line, strict=False) if column}
            more = sum(bool(cell.strip()) for cell in line[len(head) :])
            yield number, row | ({BEYOND: str(more)} if more else {})
    if none:
        raise Invalid("invalid.file_no_rows", "file")


def _csv(path: Path) -> Iterator[list[str]]:
    """UTF-8 with or without its mark; else as old Chinese systems write (GB 18030)."""
    encoding = "utf-8-sig"
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        encoding = "gb18030"
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from _lines(csv.reader(file, strict=True))
    except UnicodeDecodeError:
        raise Invalid("invalid.file_broken", "file") from None


def _lines(read: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from read
    except csv.Error:
        raise Invalid("invalid.csv_broken", "file", row=read.line_num) from None


def _xlsx(path: Path) -> Iterator[list[str]]:
    _refuse_bombs(path)
    try:
        with path.open("rb") as file:  # by its path the library would ask for its ending, which an upload has not
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            for line in book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS):
                yield [_text(cell) for cell in line]
            book.close()
    except Invalid:
        raise
    except Exception:  # the library raises whatever a broken part makes it stumble over
        raise Invalid("invalid.file_broken", "file") from None


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Invalid("invalid.file_broken", "file") from None
    unpacked, packed = sum(p.file_size for p in parts), max(1, path.stat().st_size)
    if len(parts) > MOST_PARTS or unpacked > UNPACKED or unpacked / packed > RATIO:
        raise Invalid("invalid.file_bomb", "file")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
