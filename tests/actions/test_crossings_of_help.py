"""Acts on services asked with danger, and on units asked for beside, that cross (docs/explanation/crossings.md)."""

import pytest

from liandong.actions import assist, danger, handle, rescue, sheets, transfer
from liandong.records.models import Assistance, Order, Sheet, Unit
from tests.actions.test_crossings import _unable, _whole, at_once
from tests.cast import Cast, assemble


@pytest.fixture
def cast(own_database) -> Cast:
    return assemble()


def asked(cast) -> Assistance:
    """The lead has signed and reached the person, and asks for Lei's unit beside it."""
    matter = cast.call(cast.lin, "工地半夜打桩", nature="complaint", district="532301")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    order = cast.act(handle.contact, cast.act(handle.sign, order, by=cast.duan), "已联系", by=cast.duan)
    return cast.act(assist.ask, order, Unit.objects.get(code=cast.lei.unit), "请到场测噪声", by=cast.duan)


def test_help_granted_while_the_lead_resolves_leaves_no_request_open(cast):
    for _ in range(4):
        row = asked(cast)
        results = at_once(
            lambda r=row: cast.act(assist.decide, Assistance.objects.get(pk=r.pk), True, by=cast.lin),
            lambda r=row: cast.act(handle.resolve, Order.objects.get(pk=r.order_id), "查了", "已停工", by=cast.duan),
        )
        assert _unable(results) in ([], ["conflict.assistance"])
        row.refresh_from_db()
        assert row.state == ("dropped" if _unable(results) else "granted")
        assert Order.objects.filter(matter=row.matter, part="assist").exists() == (row.state == "granted")
        assert Order.objects.get(pk=row.order_id).state == "resolved" and _whole(row.matter)


def test_help_granted_and_refused_at_once_is_decided_once(cast):
    for _ in range(4):
        row = asked(cast)
        results = at_once(
            lambda r=row: cast.act(assist.decide, Assistance.objects.get(pk=r.pk), True, by=cast.lin),
            lambda r=row: cast.act(assist.decide, Assistance.objects.get(pk=r.pk), False, by=cast.zhou),
        )
        assert _unable(results) == ["conflict.assistance"]
        row.refresh_from_db()
        assert Order.objects.filter(matter=row.matter, part="assist").exists() == (row.state == "granted")
        assert _whole(row.matter)


def test_the_duty_office_ticked_from_two_desks_at_once_is_told_once(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
        cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
        results = at_once(*[
            lambda by=by, m=matter: cast.act(danger.raise_danger, m, f"{by.name}看见火", by=by, duty=True)
            for by in (cast.lin, cast.yue)
        ])  # fmt: skip
        assert _unable(results) == [] and matter.informings.count() == 1 and _whole(matter)


def test_a_service_ticked_from_two_desks_at_once_gets_one_sheet(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
        cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
        results = at_once(*[
            lambda by=by, m=matter: cast.act(danger.raise_danger, m, f"{by.name}看见火", by=by, also=("119", "120"))
            for by in (cast.lin, cast.yue)
        ])  # fmt: skip
        assert _unable(results) == []
        lines = Sheet.objects.filter(matter=matter).values_list("line", flat=True)
        assert sorted(lines) == ["119", "120"] and _whole(matter)


def test_a_tick_taken_back_while_the_service_is_told_is_one_of_the_two(cast):
    for _ in range(4):
        matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
        cast.act(danger.raise_danger, matter, "有人受伤", by=cast.lin, also=("120",))
        row = Sheet.objects.get(matter=matter)
        results = at_once(
            lambda r=row: cast.act(rescue.untick, Sheet.objects.get(pk=r.pk), by=cast.lin),
            lambda r=row: cast.act(sheets.tell, Sheet.objects.get(pk=r.pk), "调度", cast.clock.now, by=cast.zhou),
        )
        assert _unable(results) == ["conflict.sheet"]
        row.refresh_from_db()
        assert row.state in ("void", "told") and _whole(matter)
        assert ("120" in matter.demands.get().also) == (row.state == "told"), "void: it can be ticked again"
