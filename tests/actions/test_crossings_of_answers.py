"""Acts on the one answer of a parted call that cross: real connections, one outcome each (docs/explanation/crossings.md)."""

import pytest

from liandong.actions import handle, joining, together
from liandong.records.models import Event, Matter, Reply, Unit
from tests.actions.test_crossings import _unable, _whole, at_once
from tests.cast import Cast, assemble


@pytest.fixture
def cast(own_database) -> Cast:
    return assemble()


def resolved_parts(cast) -> tuple[Matter, Matter]:
    """One call of two parts at one desk, both resolved by their unit."""
    first = cast.call(cast.lin, "工资拖了四个月", district="532301")
    parts = (first, cast.act(joining.split, first, "门口路灯不亮", by=cast.lin))
    for part in parts:
        order = cast.act(handle.assign, part, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
        cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
        cast.act(handle.resolve, order, "查了", "好了", by=cast.duan)
    return parts


def test_two_last_sentences_at_once_leave_one_answer_due(cast):
    for _ in range(4):
        parts = resolved_parts(cast)
        results = at_once(
            *(lambda p=p, by=by: cast.act(together.ready, p, "好了", "", by=by)
              for p, by in zip(parts, (cast.lin, cast.zhou), strict=True))
        )  # fmt: skip
        assert _unable(results) == []
        assert [r.state for r in Reply.objects.filter(matter=parts[0])] == ["due"]
        assert all(_whole(part) for part in parts)


def test_a_call_told_from_two_seats_at_once_is_told_once(cast):
    for _ in range(4):
        parts = resolved_parts(cast)
        for part in parts:
            cast.act(together.ready, part, "好了", "", by=cast.lin)
        row = Reply.objects.get(matter=parts[0])
        results = at_once(
            *(lambda r=row.pk, by=by: cast.act(together.tell, Reply.objects.get(pk=r), by=by)
              for by in (cast.lin, cast.zhou))
        )  # fmt: skip
        assert _unable(results) == ["conflict.reply"]
        told = Event.objects.filter(matter__in=parts, kind="matter.answered")
        assert told.count() == 2 and all(_whole(part) for part in parts)
