"""R3: repeats are proposed from one's own desk's matters; of others' only how many."""

from liandong.actions import closing, drafts, joining, transfer
from liandong.queries import repeats
from liandong.records.models import Matter
from liandong.words import tell

LAMP = "桥头的路灯六盏都不亮，晚上看不见路"


def proposed(cast, viewer, matter):
    found = repeats.alike(viewer, Matter.objects.get(pk=matter.pk), cast.clock.now)
    return [row.id for row in found.proposed], found.elsewhere


def test_an_earlier_call_about_the_same_lamp_is_proposed_with_its_reasons(cast):
    first = cast.call(cast.lin, LAMP, number="13800000001", district="532301")
    cast.call(cast.lin, "小区停水一天", number="13800000009", district="532301")
    cast.clock.on(hours=1)
    again = cast.call(cast.zhou, "桥头路灯六盏不亮", number="13800000001", district="532301")
    found = repeats.alike(cast.zhou, again, cast.clock.now)
    assert [(row.id, row.mine, row.state) for row in found.proposed] == [(first.pk, True, "held")]
    said = [tell(say) for say in found.proposed[0].reasons]
    assert said[0] == "同一个号码，三天内打过" and "说的是差不多的事" in said


def test_what_is_being_typed_is_compared_before_it_is_saved(cast):
    first = cast.call(cast.lin, LAMP)
    again = cast.call(cast.zhou, number="13800000002")
    assert proposed(cast, cast.zhou, again) == ([], 0)
    drafts.keep(again, "桥头的路灯六盏不亮", {}, by=cast.zhou, at=cast.clock.now)
    assert proposed(cast, cast.zhou, again) == ([first.pk], 0)


def test_of_another_organisations_matters_only_the_number_is_told(cast):
    cast.call(cast.yue, LAMP, number="13800000003")
    again = cast.call(cast.lin, LAMP, number="13800000004")
    assert proposed(cast, cast.lin, again) == ([], 1)


def test_a_matter_offered_to_this_desk_is_in_sight_and_not_its_own(cast):
    theirs = cast.call(cast.yue, LAMP, number="13800000003")
    cast.act(transfer.offer, theirs, cast.desk("12345:532300"), by=cast.yue)
    again = cast.call(cast.lin, LAMP, number="13800000004")
    (row,) = repeats.alike(cast.lin, again, cast.clock.now).proposed
    assert (row.id, row.mine) == (theirs.pk, False)


def test_secret_matters_of_another_desk_are_neither_shown_nor_counted(cast):
    cast.call(cast.yue, LAMP, number="13800000003", nature="report")
    again = cast.call(cast.lin, LAMP, number="13800000004")
    assert proposed(cast, cast.lin, again) == ([], 0)
    ours = cast.call(cast.yue, LAMP, number="13800000005")
    assert len(proposed(cast, cast.yue, ours)[0]) == 1, "the desk's own secret matter is its own to join"


def test_an_archived_matter_is_proposed_for_three_days_and_an_open_one_as_long_as_it_is_open(cast):
    closed, still = cast.call(cast.lin, LAMP), cast.call(cast.lin, LAMP)
    cast.act(closing.close, closed, "answered", answer="记下了", by=cast.lin)
    cast.clock.on(hours=71)
    assert set(proposed(cast, cast.lin, cast.call(cast.lin, LAMP, number="13800000004"))[0]) == {closed.pk, still.pk}
    cast.clock.on(hours=100)
    again = cast.call(cast.lin, LAMP, number="13800000005")
    assert closed.pk not in proposed(cast, cast.lin, again)[0] and still.pk in proposed(cast, cast.lin, again)[0]


def test_parts_of_the_same_call_and_what_is_merged_already_are_no_repeats(cast):
    matter = cast.call(cast.lin, LAMP)
    part = cast.act(joining.split, matter, LAMP, by=cast.lin)
    assert proposed(cast, cast.lin, part) == ([], 0)
    merged = cast.call(cast.lin, LAMP, number="13800000004")
    cast.act(joining.merge, merged, matter, by=cast.lin)
    again = cast.call(cast.lin, LAMP, number="13800000006")
    assert merged.pk not in proposed(cast, cast.lin, again)[0] and matter.pk in proposed(cast, cast.lin, again)[0]


def test_another_citys_matters_are_not_even_counted(cast):
    cast.call(cast.he, LAMP)
    assert proposed(cast, cast.lin, cast.call(cast.lin, LAMP, number="13800000004")) == ([], 0)
