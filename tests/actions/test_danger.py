"""T4, H2: danger runs beside everything else; easy to raise, hard to lower."""

import pytest

from liandong.actions import crews, danger, handle, joining, receive, transfer
from liandong.actions.intake import Arrival
from liandong.packs.opened import opened
from liandong.queries.desk.parts import last_demand
from liandong.records.models import Demand, Dispatch, Draft, Matter, Seat, Unit
from liandong.rules.access import system
from liandong.rules.say import Conflict, Forbidden

ROOF = "工友站在六号楼楼顶边上，说再不给钱就跳下去"


def test_a_sign_still_standing_when_the_record_is_saved_is_raised_by_the_machine(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    demand = Demand.objects.get(matter=matter)
    assert (demand.state, demand.desk.code) == ("open", "110:532301")
    matter.refresh_from_db()
    assert (matter.danger, matter.holder.code) == ("raised", "12345:532300")
    kinds = matter.events.exclude(kind="sheet.written").order_by("-seq").values_list("kind", flat=True)
    assert list(kinds)[:2] == ["danger.raised", "matter.recorded"]


def test_words_without_danger_raise_none(cast):
    matter = cast.call(cast.lin, "路灯不亮，没有人受伤")
    assert not Demand.objects.filter(matter=matter).exists()


def gone(cast, *desks: str) -> None:
    Seat.objects.filter(desk__code__in=desks).update(presence="off", person=None)


def test_the_place_of_the_event_decides_which_110_sends(cast):
    Seat.objects.create(desk=cast.desk("110:532302"), number="1", presence="break", seen_at=cast.clock.now,
                        person_id=cast.duan.person)  # fmt: skip
    matter = cast.call(cast.lin)
    cast.act(receive.record, matter, said=ROOF, district="532302", by=cast.lin)
    assert Demand.objects.get(matter=matter).desk.code == "110:532302"


def test_danger_is_put_before_a_110_where_somebody_sits(cast):
    matter = cast.call(cast.lin, ROOF, district="532302")
    assert Demand.objects.get(matter=matter).desk.code == "110:532300", "nobody sits at the county's 110"
    gone(cast, "110:532300")
    nowhere = cast.call(cast.lin, ROOF)
    assert Demand.objects.get(matter=nowhere).desk.code == "110:532301", "the prefecture's hears nothing: who does"
    gone(cast, "110:532301")
    empty = cast.call(cast.lin, ROOF, district="532301")
    assert Demand.objects.get(matter=empty).desk.code == "110:532301", "nobody anywhere: it waits at its own desk"


def test_danger_that_nobody_answers_goes_up_only_to_where_it_is_heard(cast):
    demand = Demand.objects.get(matter=cast.call(cast.lin, ROOF, district="532301"))
    gone(cast, "110:532300")
    Seat.objects.create(desk=cast.desk("110:532302"), number="1", presence="break", person_id=cast.duan.person,
                        seen_at=cast.clock.on(seconds=5))  # fmt: skip
    for _ in range(3):
        demand = cast.act(danger.escalate, demand, by=system("deadline"))
    assert (demand.level, demand.desk.code) == (3, "110:532301"), (
        "a prefecture's desk without anybody hides it from who is there"
    )
    gone(cast, "110:532301")
    Seat.objects.filter(pk=cast.bai.seat).update(presence="free", person_id=cast.bai.person)
    assert cast.act(danger.escalate, demand, by=system("deadline")).desk.code == "110:532300", (
        "its people have gone meanwhile"
    )


def test_a_demand_reaches_110_though_nothing_is_accepted_and_the_transfer_runs_beside_it(cast):
    matter = cast.call(cast.lin, "楼下有人吵架")
    demand = cast.act(danger.raise_danger, matter, "有人拿出刀", by=cast.lin, also=("120",))
    row = cast.act(transfer.offer, matter, cast.desk("110:532300"), by=cast.lin)
    assert demand.also == ["120"]
    crew = cast.act(crews.dispatch, matter, "特警 1 车 4 人", by=cast.bai)
    demand.refresh_from_db()
    row.refresh_from_db()
    assert (demand.state, crew.state, row.state) == ("met", "sent", "offered")
    assert Matter.objects.get(pk=matter.pk).holder.code == "12345:532300"


def test_only_110_sends_people(cast):
    matter = cast.call(cast.lin, ROOF)
    with pytest.raises(Forbidden):
        cast.act(crews.dispatch, matter, "自己去", by=cast.lin)


def test_a_slip_is_undone_within_seconds_and_not_later(cast):
    first, second = cast.call(cast.lin, "楼下有人吵架"), cast.call(cast.lin, "楼下又有人吵架")
    slip = cast.act(danger.raise_danger, first, "看错了", by=cast.lin)
    cast.clock.on(seconds=9)
    assert cast.act(danger.undo, slip, by=cast.lin).state == "undone"
    late = cast.act(danger.raise_danger, second, "有人受伤", by=cast.lin)
    cast.clock.on(seconds=11)
    with pytest.raises(Conflict):
        cast.act(danger.undo, late, by=cast.lin)


def test_a_12345_seat_cannot_lower_danger_and_a_dispatcher_needs_a_reason(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    demand = Demand.objects.get(matter=matter)
    with pytest.raises(Forbidden):
        cast.act(danger.lower, demand, "没事了", by=cast.lin)
    with pytest.raises(Exception, match="invalid.empty"):
        cast.act(danger.lower, demand, "  ", by=cast.yue)
    cast.act(danger.lower, demand, "已与报警人通话，人已下来", by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"


def test_saving_again_does_not_raise_what_a_person_lowered(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    cast.act(danger.lower, Demand.objects.get(matter=matter), "人已下来", by=cast.yue)
    cast.act(receive.record, matter, said=ROOF + "。现在没事了", by=cast.lin)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"


@pytest.mark.parametrize(("said", "means"), [("", "一键报警"), ("三号门岗按了按钮", "三号门岗按了按钮")])
def test_a_trusted_device_raises_danger_whatever_its_words_and_only_110_lowers_it(cast, said, means):
    button = Arrival("alarm", "12345", "", "鹿城镇实验小学门岗", 10, "532301", said)
    matter = cast.act(receive.open, button, cast.desk("12345:532300"), by=system("alarm", "532300"))
    demand = Demand.objects.get(matter=matter)
    assert (demand.desk.code, demand.state, demand.means) == ("110:532301", "open", means), "before anybody looked"
    assert (matter.danger, matter.holder.code) == ("raised", "12345:532300")
    assert '"rule":"danger.device"' in matter.events.get(kind="danger.raised").body
    with pytest.raises(Forbidden):
        cast.act(danger.undo, demand, by=cast.lin)
    with pytest.raises(Forbidden):
        cast.act(danger.lower, demand, "误碰", by=cast.lin)
    cast.act(danger.lower, demand, "门卫说是误碰，已到场看过", by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"


def test_nobody_sending_moves_the_demand_to_the_prefecture(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    demand = Demand.objects.get(matter=matter)
    for _ in range(2):
        cast.clock.on(seconds=61)
        demand = cast.act(danger.escalate, demand, by=system("deadline"))
    assert demand.desk.code == "110:532300"
    assert "duty:532300" in str(matter.events.last().topics)


def test_the_report_from_the_scene_lowers_the_danger(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    crew = cast.act(crews.dispatch, matter, "东瓜派出所 1 车 3 人", by=cast.yue)
    cast.act(crews.arrive, crew, by=cast.yue)
    cast.act(crews.report, crew, "人已劝下，无伤", by=cast.yue, no_offence=True)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"


def test_a_unit_whose_order_meets_threats_calls_110_in(cast):
    matter = cast.call(cast.lin, "工地拖欠工资", district="532301")
    unit = Unit.objects.get(code=cast.duan.unit)
    cast.act(handle.assign, matter, unit, by=cast.lin)
    demand = cast.act(danger.raise_danger, matter, "双方要动手", by=cast.duan)
    assert (demand.raised_by_unit, demand.desk.code) == (unit, "110:532301")


def test_danger_in_what_was_typed_goes_to_110_when_the_caller_hangs_up_before_it_is_saved(cast):
    matter = cast.call(cast.lin, district="532301", call=True)
    Draft.objects.create(
        matter=matter, person_id=cast.lin.person, body="家里着火了，楼道全是烟", saved_at=cast.clock.now
    )
    cast.act(receive.end_call, matter, by=system("switch"))
    assert Demand.objects.get(matter=matter).desk.code == "110:532301"


def test_a_report_lowers_no_danger_that_nobody_was_sent_to(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    crew = cast.act(crews.dispatch, matter, "东瓜派出所 1 车 3 人", by=cast.yue)
    second = cast.act(danger.raise_danger, matter, "楼下有人持刀", by=cast.lin)
    cast.act(crews.report, crew, "人已劝下，无伤", by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).danger == "raised"
    shown = last_demand(cast.yue, Matter.objects.get(pk=matter.pk), opened(matter.pack), cast.clock.now)
    assert shown.id == second.pk
    cast.act(danger.lower, second, "刀已收缴", by=cast.yue)
    shown = last_demand(cast.yue, Matter.objects.get(pk=matter.pk), opened(matter.pack), cast.clock.now)
    assert (shown.state, Matter.objects.get(pk=matter.pk).danger) == ("open", "raised"), (
        "its crew is home: 110 is asked again"
    )
    assert (shown.means, shown.due_at is not None) == (Demand.objects.get(pk=shown.id).means, True)
    third = cast.act(danger.raise_danger, matter, "按错了", by=cast.lin)
    assert third.pk == shown.id, "one demand waits"
    cast.act(danger.lower, Demand.objects.get(pk=shown.id), "人已劝下", by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"


def test_a_slip_after_danger_that_was_lowered_leaves_it_lowered_and_beside_a_crew_that_is_out_raised(cast):
    matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
    cast.act(danger.raise_danger, matter, "有人动手", by=cast.lin)
    crew = cast.act(crews.dispatch, matter, "东瓜派出所 1 车 3 人", by=cast.yue)
    slip = cast.act(danger.raise_danger, matter, "按错了", by=cast.lin, also=("119",))
    cast.act(danger.undo, slip, by=cast.lin)
    assert Matter.objects.get(pk=matter.pk).danger == "raised"
    assert list(matter.sheets.filter(demand=slip).values_list("state", flat=True)) == ["void"]
    cast.act(crews.report, crew, "人已劝下，无伤", by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"
    slip = cast.act(danger.raise_danger, matter, "又按错了", by=cast.lin)
    cast.act(danger.undo, slip, by=cast.lin)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"


def test_with_the_only_crew_called_off_or_home_danger_is_before_110_again_and_its_clock_runs(cast):
    matter = cast.call(cast.lin, ROOF, district="532301")
    first, second = (cast.act(crews.dispatch, matter, crew, by=cast.yue) for crew in ("一组", "二组"))
    cast.act(crews.cancel, first, by=cast.yue)
    demand = Demand.objects.get(matter=matter)
    assert demand.state == "met", "another is still on the way"
    cast.act(crews.cancel, second, by=cast.yue)
    demand.refresh_from_db()
    assert (demand.state, demand.ended_at, demand.level) == ("open", None, 0)
    assert demand.due_at > cast.clock.now
    assert "desk:110:532301" in matter.events.get(kind="demand.again").topics
    third = cast.act(crews.dispatch, matter, "三组", by=cast.yue)
    cast.act(crews.report, third, "人还在楼顶", by=cast.yue, lower_danger=False)
    demand.refresh_from_db()
    assert (demand.state, matter.events.filter(kind="demand.again").count()) == ("open", 2)
    cast.act(danger.lower, demand, "人已劝下", by=cast.yue)
    assert Matter.objects.get(pk=matter.pk).danger == "lowered"


def test_a_slip_to_which_somebody_else_has_added_is_none_any_more(cast):
    matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
    slip = cast.act(danger.raise_danger, matter, "按错了", by=cast.lin)
    cast.act(danger.raise_danger, matter, "还是有人吵", by=cast.lin)
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    pack = opened(matter.pack)
    assert last_demand(cast.lin, matter, pack, cast.clock.now).undo_until is not None
    cast.act(danger.raise_danger, matter, "对方有刀", by=cast.yue)
    assert last_demand(cast.lin, matter, pack, cast.clock.now).undo_until is None, (
        "no key is shown that would be refused"
    )
    with pytest.raises(Conflict, match="conflict.danger_others"):
        cast.act(danger.undo, slip, by=cast.lin)
    assert (Matter.objects.get(pk=matter.pk).danger, row.state) == ("raised", "offered")


def test_what_110_has_answered_in_a_merged_call_is_over_with_the_matter_it_was_merged_into(cast):
    child, parent = (cast.call(cast.yue, said, district="532301") for said in ("楼下有人吵架", "楼下很多人吵架"))
    for matter in (child, parent):
        cast.act(danger.raise_danger, matter, "有人动手", by=cast.yue)
    crew = cast.act(crews.dispatch, child, "一组", by=cast.yue)
    cast.act(joining.merge, child, parent, by=cast.yue)
    cast.act(crews.report, crew, "看不清，人太多", by=cast.yue, lower_danger=False)
    cast.act(crews.dispatch, child, "二组", by=cast.yue)
    cast.act(crews.cancel, child.dispatches.get(state="sent"), by=cast.yue)
    assert child.demands.get().state == "open", "nobody is on the way to the merged call any more"
    cast.act(crews.dispatch, child, "三组", by=cast.yue)
    Dispatch.objects.filter(matter=child).update(state="done", due_at=None)
    cast.act(danger.lower, Demand.objects.get(matter=parent), "都散了", by=cast.yue)
    child.refresh_from_db()
    assert (child.danger, child.demands.get().why) == ("lowered", "都散了")
    slip = cast.act(danger.raise_danger, parent, "按错了", by=cast.yue)
    cast.act(danger.undo, slip, by=cast.yue)
    cast.act(joining.unmerge, child, by=cast.yue)
    assert Matter.objects.get(pk=child.pk).danger == "lowered", "and nothing raises it again"


def test_a_county_is_shown_its_own_demand_before_the_prefecture_s_and_a_slip_last(cast):
    matter = cast.call(cast.lin, "楼下有人吵架", district="532301")
    county = cast.act(danger.raise_danger, matter, "有人动手", by=cast.lin)
    cast.act(crews.dispatch, matter, "一组", by=cast.yue)
    other = cast.act(danger.raise_danger, matter, "有人持刀", by=cast.lin)
    Demand.objects.filter(pk=other.pk).update(desk=cast.desk("110:532300"))

    def shown(viewer) -> object:
        return last_demand(viewer, Matter.objects.get(pk=matter.pk), opened(matter.pack), cast.clock.now).id

    assert (shown(cast.yue), shown(cast.bai), shown(cast.lin)) == (county.pk, other.pk, other.pk)
    Demand.objects.filter(pk=other.pk).update(state="undone", due_at=None)
    assert shown(cast.bai) == county.pk
