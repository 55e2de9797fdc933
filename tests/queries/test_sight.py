"""Nobody sees another organisation's desk: what is out of sight is not found."""

import pytest

from liandong.actions import confer, danger, handle, transfer
from liandong.queries import desk, find, reach, unit
from liandong.queries.sight import NotFound
from liandong.records.models import Unit
from liandong.rules.access import Actor

LAMP = "鹿城镇路灯坏了六盏，晚上看不见路"


def sees(viewer: Actor, matter, now) -> bool:
    try:
        return desk.matter(viewer, matter.pk, now).id == matter.pk
    except NotFound:
        return False


def who_sees(cast, matter) -> set[str]:
    return {name for name, actor in cast.actors.items() if sees(actor, matter, cast.clock.now)}


def test_a_matter_is_seen_at_its_own_desk_and_nowhere_else(cast):
    assert who_sees(cast, cast.call(cast.lin, LAMP)) == {"lin", "zhou"}


def test_an_offer_lets_the_asked_desk_look(cast):
    matter = cast.call(cast.yue, LAMP)
    cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    assert who_sees(cast, matter) == {"yue", "shi", "lin", "zhou"}


def test_a_recalled_offer_stays_in_the_sight_of_both(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue)
    cast.act(transfer.recall, row, by=cast.yue)
    assert who_sees(cast, matter) == {"yue", "shi", "lin", "zhou"}


def test_a_conference_lets_the_invited_desk_look(cast):
    matter = cast.call(cast.lin, LAMP)
    cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin)
    assert who_sees(cast, matter) == {"lin", "zhou", "yue", "shi"}


def test_a_demand_lets_the_110_of_the_place_look_although_nothing_is_offered(cast):
    matter = cast.call(cast.lin, LAMP, district="532301")
    cast.act(danger.raise_danger, matter, "有人触电", by=cast.lin)
    assert who_sees(cast, matter) == {"lin", "zhou", "yue", "shi"}


def test_a_unit_sees_what_it_has_an_order_of(cast):
    matter = cast.call(cast.lin, LAMP)
    cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    assert who_sees(cast, matter) == {"lin", "zhou", "duan"}


def test_the_supervisor_sees_the_whole_city_and_no_other(cast):
    here, there = cast.call(cast.lin, LAMP), cast.call(cast.he, "炳草岗路灯坏了六盏")
    supervisor = Actor(role="supervisor", person=1, city="532300")
    assert sees(supervisor, here, cast.clock.now)
    assert not sees(supervisor, there, cast.clock.now)
    assert [m.id for m in find.matters(supervisor)] == [here.pk]


def test_another_units_order_is_not_found(cast):
    matter = cast.call(cast.lin, LAMP)
    order = cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    assert unit.order(cast.duan, order.pk, cast.clock.now).said == LAMP
    with pytest.raises(NotFound):
        unit.order(cast.lei, order.pk, cast.clock.now)
    with pytest.raises(NotFound):
        reach.order(cast.lei, order.pk)
    with pytest.raises(NotFound):
        unit.order(cast.lin, order.pk, cast.clock.now)


def test_a_matter_is_found_by_number_words_and_place(cast):
    matter = cast.call(cast.lin, LAMP, place="鹿城镇 团山路")
    for words in (matter.number, "路灯", "团山路"):
        assert [m.id for m in find.matters(cast.zhou, words)] == [matter.pk]
    assert find.matters(cast.zhou, "没有的词") == ()
    assert find.by_number(cast.zhou, matter.number) == matter.pk
    assert find.by_number(cast.yue, matter.number) is None
    assert find.matters(cast.zhou, "\x00") == find.matters(cast.zhou)
