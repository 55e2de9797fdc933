"""Lists as files: XLSX and CSV that Excel opens, one row in memory at a time, and no cell that is run as a formula."""

import csv
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import TextIOWrapper
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from liandong.queries.find import Found
from liandong.words import states

TYPES = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip
_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would run."""
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(rows: Iterator[Found], kind: str, *, most: int) -> tuple[IO[bytes], int]:
    """A file of these rows, at its beginning, and how many rows there were; above `most` only the first are in it.
    Small files stay in memory, larger ones go to the disk and vanish when closed."""
    file = tempfile.SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 (the answer closes it)
    count = (_csv if kind == "csv" else _xlsx)(file, rows, most)
    file.seek(0)
    return file, count


def name(kind: str, at: datetime, *, cut: bool) -> str:
    """The file's name; one that does not hold everything says so."""
    cut_off = f"-{gettext('只有前一部分')}" if cut else ""
    return f"{gettext('事项')}-{timezone.localtime(at):%Y%m%d-%H%M}{cut_off}.{kind}"


def heads() -> tuple[str, ...]:
    """The names of the columns, in the reader's language."""
    said = (gettext("编号"), gettext("诉求"), gettext("地点"), gettext("来电号码"), gettext("现责任平台"), gettext("状态"),
            gettext("首接"), gettext("收到"), gettext("到时"), gettext("险情"))  # fmt: skip
    return tuple(head[:1].upper() + head[1:] for head in said)


def cells(row: Found) -> tuple[str, ...]:
    """One row as the page shows it; times are the city's own."""
    danger = {"raised": gettext("没解除"), "lowered": gettext("已解除")}.get(row.danger, "")
    return (row.number, row.title, row.place, row.phone, row.holder,
            gettext(states.STATES.get(row.state, row.state)), row.first,
            moment_of(row.received_at), moment_of(row.due_at), danger)  # fmt: skip


def defused(text: str) -> str:
    """Text that a spreadsheet does not run: an apostrophe before whatever looks like a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text


def moment_of(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _csv(file: IO[bytes], rows: Iterator[Found], most: int) -> int:
    words = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    out = csv.writer(words)
    out.writerow(heads())
    count = 0
    for count, row in enumerate(rows, 1):
        if count <= most:
            out.writerow([defused(cell) for cell in cells(row)])
    words.flush()
    words.detach()
    return count


def _xlsx(file: IO[bytes], rows: Iterator[Found], most: int) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("事项"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", (14, 40, 30, 14, 14, 14, 14, 17, 17, 8), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(heads())
    count = 0
    for count, row in enumerate(rows, 1):
        if count <= most:
            sheet.append([cell(sheet, value) for value in cells(row)])
    book.save(file)
    return count


def cell(sheet, value: str) -> WriteOnlyCell:
    """A cell that is text whatever it looks like."""
    cell = WriteOnlyCell(sheet, defused(_NOT_IN_XML.sub("", value)))
    cell.data_type = "s"
    return cell
