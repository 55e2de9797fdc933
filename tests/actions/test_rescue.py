"""X6, T4: 119, 120, 122 and companies asked with danger: told by somebody, once, by a sheet that writes itself."""

from datetime import timedelta

import pytest

from liandong.actions import assist, clocks, closing, crews, danger, handle, joining, rescue, sheets
from liandong.queries import chains
from liandong.records.models import Assistance, Demand, Matter, Order, Sheet, Unit, VoiceOrder
from liandong.rules.access import system
from liandong.rules.say import Conflict, Forbidden, Invalid


@pytest.fixture
def quarrel(cast) -> Matter:
    return cast.call(cast.lin, "楼下有人吵架", district="532301", place="鹿城路 8 号")


def by_line(matter: Matter) -> dict[str, Sheet]:
    return {s.line: s for s in matter.sheets.exclude(state="void")}


def test_each_tick_writes_its_own_numbered_sheet_at_the_desk_that_ticked_due_in_minutes(cast, quarrel):
    demand = cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119", "120"))
    rows = by_line(quarrel)
    assert {(s.body, s.desk.code, s.state, s.demand) for s in rows.values()} == {
        ("楚雄州消防救援支队", "12345:532300", "written", demand), ("楚雄州急救中心", "12345:532300", "written", demand)}  # fmt: skip
    assert len({s.number for s in rows.values()}) == 2
    assert {s.due_at - cast.clock.now for s in rows.values()} == {timedelta(minutes=2)}
    assert rows["119"].ask == "鹿城路 8 号，起火"


def test_a_service_ticked_at_both_desks_gets_one_sheet_and_a_new_tick_at_dispatch_its_own(cast, quarrel):
    cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119",))
    cast.act(crews.dispatch, quarrel, "东瓜所 1 车", by=cast.yue, also=("119", "120"))
    rows = by_line(quarrel)
    assert {line: s.desk.code for line, s in rows.items()} == {"119": "12345:532300", "120": "110:532301"}
    assert Demand.objects.get(matter=quarrel).also == ["119", "120"]


def test_a_number_that_a_desk_here_answers_needs_no_sheet_and_an_unknown_one_is_refused(cast, quarrel):
    cast.act(danger.raise_danger, quarrel, "撞车", by=cast.lin, also=("122",))
    assert by_line(quarrel) == {}, "in Chuxiong the police answer 122 themselves"
    with pytest.raises(Invalid):
        cast.act(danger.raise_danger, quarrel, "撞车", by=cast.lin, also=("999",))


def test_an_untick_within_the_seconds_of_a_slip_voids_what_nobody_was_told_of(cast, quarrel):
    cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119", "120"))
    rows = by_line(quarrel)
    with pytest.raises(Forbidden):
        cast.act(rescue.untick, rows["119"], by=cast.yue)
    assert cast.act(rescue.untick, rows["119"], by=cast.lin).state == "void"
    assert Demand.objects.get(matter=quarrel).also == ["120"]
    cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119",))
    assert by_line(quarrel)["119"].number != rows["119"].number
    cast.clock.on(seconds=11)
    with pytest.raises(Conflict) as told:
        cast.act(rescue.untick, rows["120"], by=cast.lin)
    assert told.value.say.code == "conflict.untick_too_late"


def test_danger_lowered_voids_untold_sheets_with_the_reason_and_keeps_told_ones(cast, quarrel):
    demand = cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119", "120"))
    rows = by_line(quarrel)
    cast.act(sheets.tell, rows["119"], "值班员", cast.clock.now, by=cast.lin)
    cast.act(danger.lower, demand, "已通话，是烧纸", by=cast.yue)
    states = {s.line: (s.state, s.result) for s in quarrel.sheets.all()}
    assert states == {"119": ("told", ""), "120": ("void", "已通话，是烧纸")}


def test_a_slip_undone_takes_its_sheets_with_it(cast, quarrel):
    demand = cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119",))
    cast.act(danger.undo, demand, by=cast.lin)
    assert by_line(quarrel) == {}


def test_a_joined_call_does_not_ring_a_service_a_second_time_and_its_danger_ends_with_the_parent_s(cast):
    first = cast.call(cast.lin, "楼顶起火了", district="532301", place="鹿城路 8 号")
    second = cast.call(cast.lin, "楼顶起火了", district="532301", place="鹿城路 8 号", number="13900000002")
    before = Sheet.objects.filter(matter=first).count()
    cast.act(joining.merge, second, first, by=cast.lin)
    assert before and Sheet.objects.filter(matter=first).count() == before
    for crew in [cast.act(crews.dispatch, first, "1 车", by=cast.yue)]:
        cast.act(crews.report, crew, "已扑灭", by=cast.yue)
    second.refresh_from_db()
    assert second.danger == "lowered"
    assert not Sheet.objects.filter(matter__in=[first, second], state="written").exists()


def test_a_joined_call_with_a_crew_of_its_own_stays_in_danger_and_its_chain_is_whole(cast):
    first = cast.call(cast.lin, "楼顶起火了", district="532301", place="鹿城路 8 号")
    second = cast.call(cast.lin, "楼顶起火了", district="532301", place="鹿城路 8 号", number="13900000002")
    own = cast.act(crews.dispatch, second, "1 车", by=cast.yue)
    cast.act(joining.merge, second, first, by=cast.lin)
    cast.act(danger.lower, Demand.objects.get(matter=first), "已扑灭", by=cast.yue)
    second.refresh_from_db()
    assert second.danger == "raised", "somebody is still on the way to it"
    assert list(chains.verify(chains.Tally())) == [], "it was looked at, nothing was told, and no number is missing"
    cast.act(crews.report, own, "看过了，没有人", by=cast.yue)
    assert list(chains.verify(chains.Tally())) == []


def test_nothing_is_archived_while_its_danger_or_that_of_a_joined_call_is_not_lowered(cast, quarrel):
    cast.act(danger.raise_danger, quarrel, "动刀", by=cast.lin)
    crew = cast.act(crews.dispatch, quarrel, "1 车", by=cast.yue)
    cast.act(crews.cancel, crew, by=cast.yue)
    with pytest.raises(Conflict) as told:
        cast.act(closing.close, quarrel, "answered", answer="好", by=cast.lin)
    assert told.value.say.code == "conflict.open_demand"
    cast.act(danger.lower, Demand.objects.get(matter=quarrel), "已走开", by=cast.yue)
    assert cast.act(closing.close, quarrel, "answered", answer="好", by=cast.lin).state == "archived"


def test_a_service_is_rung_by_key_from_the_seat(cast, quarrel):
    cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119",))
    row = cast.act(rescue.ring, by_line(quarrel)["119"], by=cast.lin)
    order = VoiceOrder.objects.get(kind="call_back")
    assert (order.detail["number"], order.detail["sheet"], row.state) == ("119", row.number, "written")


def test_a_crew_and_a_sheet_in_danger_are_reminded_again_in_minutes(cast, quarrel):
    cast.act(danger.raise_danger, quarrel, "起火", by=cast.lin, also=("119",))
    crew = cast.act(crews.dispatch, quarrel, "1 车", by=cast.yue)
    cast.clock.on(minutes=20)
    crew = cast.act(crews.remind, crew, by=system("deadline"))
    sheet = cast.act(sheets.remind, by_line(quarrel)["119"], by=system("deadline"))
    assert (crew.due_at - cast.clock.now, sheet.due_at - cast.clock.now) == (timedelta(minutes=5), timedelta(minutes=2))


@pytest.fixture
def order(cast) -> Order:
    matter = cast.call(cast.lin, "工地半夜打桩，睡不着", nature="complaint")
    row = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    return cast.act(handle.sign, row, by=cast.duan)


def asked(cast, order) -> Assistance:
    return cast.act(assist.ask, order, Unit.objects.get(code=cast.lei.unit), "请到场测噪声", by=cast.duan)


def test_the_lead_asks_for_another_unit_and_the_desk_gives_it_an_order_of_its_own(cast, order):
    row = asked(cast, order)
    with pytest.raises(Conflict):
        asked(cast, order)
    with pytest.raises(Forbidden):
        cast.act(assist.decide, row, True, by=cast.yue)
    row = cast.act(assist.decide, row, True, by=cast.lin)
    assert (row.given.part, row.given.unit.code, row.given.ask) == ("assist", cast.lei.unit, "请到场测噪声")
    assert Matter.objects.get(pk=order.matter_id).holder.code == "12345:532300"
    with pytest.raises(Conflict) as told:
        asked(cast, order)
    assert told.value.say.code == "conflict.unit_has_order"


def test_assistance_that_nobody_decides_is_not_given(cast, order):
    row = cast.act(assist.lapse, asked(cast, order), by=system("deadline"))
    assert (row.state, Order.objects.filter(part="assist").count()) == ("refused", 0)


@pytest.mark.parametrize("ending", ["resolve", "hand_back", "withdraw", "merge"])
def test_what_a_unit_asked_for_ends_with_its_order_in_the_same_act(cast, order, ending):
    extension, other = cast.act(clocks.ask_extension, order, 5, "等检测", by=cast.duan), asked(cast, order)
    if ending == "resolve":
        cast.act(handle.contact, order, "已联系", by=cast.duan)
        cast.act(handle.resolve, order, "查了", "好了", by=cast.duan)
    elif ending == "hand_back":
        cast.act(handle.hand_back, order, "not_our_duty", cast.lei.unit, "不归", by=cast.duan)
    elif ending == "withdraw":
        cast.act(handle.withdraw, order, "派错了", by=cast.lin)
    else:
        cast.act(joining.merge, order.matter, cast.call(cast.lin, "工地吵", number="13900000003"), by=cast.lin)
    extension.refresh_from_db()
    other.refresh_from_db()
    assert (extension.state, other.state) == ("dropped", "dropped")
    kinds = set(order.matter.events.values_list("kind", flat=True))
    assert {"extension.dropped", "assistance.dropped"} <= kinds
