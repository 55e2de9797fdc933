"""A month for the circular as a file: the tables of the supervisor's page with the page's own numbers. Excel has a sheet for each; a
CSV has them one below the other, each under its name."""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook

from liandong.channels.files.writing import cell, defused, moment_of
from liandong.queries.month import Month
from liandong.words import states, stops
from liandong.words.filling import say

Row = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the page: its name, the heads of its columns, its rows."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def write(month: Month, kind: str, city: str, at: datetime) -> IO[bytes]:
    """A file of this month ("csv" or "xlsx"), at its beginning, with whose it is and when it was made."""
    file = tempfile.SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 (the answer closes it)
    (_csv if kind == "csv" else _xlsx)(file, tables(month, city, at))
    file.seek(0)
    return file


def name(month: Month, kind: str, at: datetime) -> str:
    """The file's name; one whose list does not hold everything says so."""
    cut_off = f"-{gettext('只有前一部分')}" if month.more else ""
    made = say("{day} {hour} 存", day=f"{timezone.localtime(at):%Y-%m-%d}", hour=f"{timezone.localtime(at):%H%M}")
    return f"{gettext('通报')} {month.first:%Y-%m}（{made}）{cut_off}.{kind}"


def tables(month: Month, city: str, at: datetime) -> tuple[Table, ...]:
    """What the page shows of the month, in its order; first of all who tells it and when."""
    came = _heads(gettext("月"), gettext("来件"), gettext("印发"), gettext("印发时间"))
    issued = say("{city}督查", city=city), moment_of(timezone.localtime(at))
    return (
        Table(gettext("本月"), came, ((f"{month.first:%Y-%m}", month.received, *issued),)),
        _by_desk(month),
        Table(
            gettext("退回的原因"),
            _heads(gettext("原因"), gettext("次")),
            tuple((_cause(c), n) for c, n in month.causes),
        ),
        _by_unit(month),
        _lowered(month),
        _circular(month),
    )


def _by_desk(month: Month) -> Table:
    heads = _heads(gettext("台"), gettext("首接"), gettext("转来"), gettext("接下"), gettext("退回"), gettext("没人接"))
    rows = ((d.name, d.received, d.given, d.taken, d.declined, d.lapsed) for d in month.desks)
    return Table(gettext("各台"), heads, tuple(rows))


def _by_unit(month: Month) -> Table:
    heads = _heads(gettext("单位"), gettext("工单"), gettext("按时签收"), gettext("逾期签收"), gettext("超时"), gettext("退回"),
                   gettext("催办"), gettext("督办"))  # fmt: skip
    rows = (
        (u.name, u.orders, u.signed, u.signed_late, u.late, u.returned, u.reminded, u.supervised) for u in month.units
    )
    return Table(gettext("各单位"), heads, tuple(rows))


def _lowered(month: Month) -> Table:
    heads = _heads(gettext("时间"), gettext("编号"), gettext("台"), gettext("工号"), gettext("原因"))
    rows = ((moment_of(x.at), x.number, x.desk, x.work_no, x.why) for x in month.lowered)
    return Table(gettext("险情由谁解除"), heads, tuple(rows))


def _circular(month: Month) -> Table:
    why = {"supervised": gettext("督办"), "late": gettext("超时"), "returned": gettext("退回")}
    heads = _heads(gettext("编号"), gettext("诉求"), gettext("单位"), gettext("时限"), gettext("办结"), gettext("状态"),
                   gettext("为什么列"))  # fmt: skip
    rows = ((t.number, t.title, t.unit, moment_of(t.due_at), moment_of(t.ended_at),
             gettext(states.STATES.get(t.state, t.state)), stops.listed(why[w] for w in t.what)) for t in month.circular)  # fmt: skip
    return Table(gettext("通报清单"), heads, tuple(rows))


def _heads(*names: str) -> tuple[str, ...]:
    return tuple(head[:1].upper() + head[1:] for head in names)


def _cause(code: str) -> str:
    known = (states.CAUSES | states.DECLINES | states.HAND_BACK_CAUSES).get(code)
    return gettext(known) if known else code


def _csv(file: IO[bytes], shown: tuple[Table, ...]) -> None:
    words = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    out = csv.writer(words)
    for n, table in enumerate(shown):
        if n:
            out.writerow(())
        out.writerow((table.name,))
        out.writerow(table.heads)
        out.writerows([value if isinstance(value, int) else defused(value) for value in row] for row in table.rows)
    words.flush()
    words.detach()


def _xlsx(file: IO[bytes], shown: tuple[Table, ...]) -> None:
    book = Workbook(write_only=True)
    for table in shown:
        sheet = book.create_sheet(table.name[:31])
        sheet.freeze_panes = "A2"
        for letter, _ in zip("ABCDEFGHIJ", table.heads, strict=False):
            sheet.column_dimensions[letter].width = 18
        sheet.append(table.heads)
        for row in table.rows:
            sheet.append([value if isinstance(value, int) else cell(sheet, value) for value in row])
    book.save(file)
