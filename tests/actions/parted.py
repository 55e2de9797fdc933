"""A call of two parts at two desks, its parts resolved and handed in; and whether a matter's chain is whole."""

from liandong.actions import handle, joining, together, transfer
from liandong.records.models import Event, Matter, Unit
from liandong.rules import chain
from tests.cast import Cast

POLICE = "110:532301"


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def whole(matter) -> bool:
    rows = Event.objects.filter(matter=matter).order_by("seq").values_list("seq", "body", "before", "digest")
    now = fresh(matter)
    return chain.first_break(rows) is None and (len(rows), rows.last()[3]) == (now.seq, now.head)


def parted_call(cast: Cast) -> tuple[Matter, Matter]:
    """One call: wages stay at 12345, the quarrel at the gate goes to 110."""
    wages = cast.call(cast.lin, "工资拖了四个月没有发", district="532301", kind="12345-7", number="13800001111")
    gate = cast.act(joining.split, wages, "工地门口两家人争地界吵起来", by=cast.lin)
    row = cast.act(transfer.offer, gate, cast.desk(POLICE), by=cast.lin)
    cast.act(transfer.accept, row, by=cast.yue)
    return wages, fresh(gate)


def resolved(cast: Cast, matter: Matter, by, answer: str) -> Matter:
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=by)
    cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    cast.act(handle.resolve, order, "查了", answer, by=cast.duan)
    return fresh(matter)


def made_ready(cast: Cast, matter: Matter, by, answer: str) -> Matter:
    return cast.act(together.ready, resolved(cast, matter, by, answer), answer, "已办理", by=by)
