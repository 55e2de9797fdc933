"""Acts on the one answer of a parted call that cross: real connections, one outcome each (docs/explanation/crossings.md)."""

import pytest

from liandong.actions import handle, joining, together, transfer
from liandong.records.models import Event, Matter, Reply, Transfer, Unit
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


def test_the_last_sentence_and_the_merging_of_its_part_leave_the_answer_due(cast):
    for _ in range(4):
        parts = resolved_parts(cast)
        third = cast.act(joining.split, parts[0], "垃圾没人清", by=cast.lin)
        other = cast.call(cast.lin, "小区垃圾堆了三天", district="532301")
        cast.act(together.ready, parts[0], "好了", "", by=cast.lin)
        results = at_once(
            lambda p=parts[1]: cast.act(together.ready, p, "好了", "", by=cast.zhou),
            lambda c=third, o=other: cast.act(joining.merge, c, o, by=cast.lin),
        )
        assert _unable(results) == []
        assert [r.state for r in Reply.objects.filter(matter=parts[0])] == ["due"]
        assert all(_whole(m) for m in (*parts, third, other))


def test_told_and_not_reached_at_once_stand_both_or_the_telling_stands(cast):
    for _ in range(4):
        parts = resolved_parts(cast)
        for part in parts:
            cast.act(together.ready, part, "好了", "", by=cast.lin)
        row = Reply.objects.get(matter=parts[0])
        results = at_once(
            lambda r=row.pk: cast.act(together.tell, Reply.objects.get(pk=r), by=cast.lin),
            lambda r=row.pk: cast.act(together.not_reached, Reply.objects.get(pk=r), by=cast.zhou),
        )
        assert _unable(results) == []
        row.refresh_from_db()
        assert row.state == "answered" and all(_whole(part) for part in parts)


def test_a_confidential_part_taken_while_the_other_is_handed_in_leaves_the_answer_due(cast):
    for _ in range(4):
        first = cast.call(cast.lin, "工资拖了四个月", district="532301", kind="12345-7")
        hint = cast.act(joining.split, first, "听说他们明天要去堵门", by=cast.lin)
        order = cast.act(handle.assign, first, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
        cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
        cast.act(handle.resolve, order, "查了", "好了", by=cast.duan)
        offer = cast.act(transfer.offer, hint, cast.desk("110:532301"), in_confidence=True, by=cast.lin)
        results = at_once(
            lambda p=first: cast.act(together.ready, p, "好了", "", by=cast.lin),
            lambda o=offer.pk: cast.act(transfer.accept, Transfer.objects.get(pk=o), by=cast.yue),
        )
        assert _unable(results) in ([], ["conflict.told_alone"])
        rows = Reply.objects.filter(matter=first)
        assert [r.state for r in rows] == ["due"]
        assert _whole(first) and _whole(hint)
