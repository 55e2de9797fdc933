"""H4: of a lead told in confidence only the first desk knows by whom; and no unit is asked twice."""

import pytest

from liandong.actions import handle, receive, reply, talk, transfer
from liandong.queries import decision, desk, repeats, unit
from liandong.records.models import Matter, Order, Unit
from liandong.rules.say import Conflict, Forbidden

NUMBER, NAME = "13911112222", "张三丰"


@pytest.fixture
def lead(cast) -> Matter:
    """Told to 12345 in confidence, taken by 110, given to a unit."""
    matter = cast.call(cast.lin, "听说下周有人组织去堵路", number=NUMBER, district="532301", place="")
    cast.act(receive.record, matter, said="听说下周有人组织去堵路", caller_name=NAME, by=cast.lin, district="532301")
    type(matter.contact).objects.filter(pk=matter.contact_id).update(place="某村某号")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin, in_confidence=True)
    cast.act(transfer.accept, row, by=cast.yue)
    cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.yue)
    return Matter.objects.get(pk=matter.pk)


def shows_source(page) -> list[str]:
    return [word for word in ("1391", "2222", NAME, "某村某号") if word in repr(page)]


def test_only_the_first_desk_sees_and_reveals_who_told_it(cast, lead):
    assert shows_source(desk.matter(cast.lin, lead.pk, cast.clock.now)) == ["2222", NAME, "某村某号"]
    page = desk.matter(cast.yue, lead.pk, cast.clock.now)
    assert (shows_source(page), page.caller.hidden) == ([], True)
    assert (page.caller.may_reveal, page.caller.can_call_back) == (False, False)
    with pytest.raises(Forbidden):
        cast.act(talk.reveal, lead, "contact", by=cast.yue)
    cast.act(talk.reveal, lead, "contact", by=cast.lin)


def test_the_holder_cannot_ring_the_source_back(cast, lead):
    with pytest.raises(Conflict) as told:
        cast.act(reply.call_back, lead, by=cast.yue)
    assert told.value.say.code == "conflict.no_call_back"


def test_the_unit_sees_the_work_and_not_the_source(cast, lead):
    page = unit.order(cast.duan, Order.objects.get(matter=lead).pk, cast.clock.now)
    assert shows_source(page) == [] and page.said


def test_danger_does_not_open_what_was_told_in_confidence(cast, lead):
    Matter.objects.filter(pk=lead.pk).update(danger="raised")
    assert not desk.matter(cast.yue, lead.pk, cast.clock.now).caller.may_reveal


def test_the_number_does_not_come_out_by_way_of_another_call_of_the_same_person(cast, lead):
    other = cast.call(cast.yue, "我的摩托车被偷了", number=NUMBER)
    page = desk.matter(cast.yue, other.pk, cast.clock.now)
    assert lead.pk not in [old.id for old in page.old.shown]
    assert lead.pk not in [row.id for row in repeats.alike(cast.yue, other, cast.clock.now).proposed]
    assert other.pk not in [old.id for old in desk.matter(cast.yue, lead.pk, cast.clock.now).old.shown]


def test_a_unit_that_handed_it_back_is_not_proposed_again_and_whom_it_named_comes_first(cast):
    words = "工地半夜打桩，吵得睡不着"
    matter = cast.call(cast.lin, words, district="532301")
    first = decision.now(cast.lin, matter, words, {}, cast.clock.now).units
    assert first
    back, named = first[0], Unit.objects.filter(city="532300").exclude(code__in=[u.code for u in first]).first()
    clerk = type(cast.duan)(role="clerk", person=cast.duan.person, unit=back.code, city="532300")
    order = cast.act(handle.assign, matter, Unit.objects.get(code=back.code), by=cast.lin)
    cast.act(handle.hand_back, order, "not_our_duty", named.code, "归他们", by=clerk)
    again = decision.now(cast.lin, Matter.objects.get(pk=matter.pk), words, {}, cast.clock.now).units
    assert again[0].code == named.code
    assert back.code not in [u.code for u in again]
    assert [u.code for u in again[1:]] == [u.code for u in first[1:]]
