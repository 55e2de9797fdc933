"""指定 in one act: the desk, the lead, who takes part, the limit; and the word to the leader on duty (J1, P二(三))."""

from datetime import timedelta

import pytest

from liandong.actions import confer, handle, ruling
from liandong.records.models import Event, Order, Unit
from liandong.rules.access import Actor
from liandong.rules.say import Forbidden, Invalid


@pytest.fixture
def asked(cast):
    """A matter of Chuxiong's hotline that its duty office is asked to designate, and the duty officer."""
    matter = cast.call(cast.lin, "路基塌了半幅，车都绕行对向", kind="12345-1", district="532301")
    row = cast.act(confer.escalate, matter, "两家都说不是自己的路段", by=cast.lin)
    duty = Actor(role="duty_officer", person=cast.gao.person, desk="duty:532300", city="532300", work_no="9001")
    return row, duty


def units(cast) -> tuple[Unit, Unit]:
    return tuple(Unit.objects.get(code=a.unit) for a in (cast.duan, cast.lei))


def test_one_ruling_names_the_desk_the_lead_who_takes_part_and_by_when(cast, asked):
    row, duty = asked
    lead, other = units(cast)
    cast.act(ruling.rule, row, row.matter.holder, "先抢通", by=duty, lead=lead, assist=(other,), within="hour")
    orders = Order.objects.filter(matter=row.matter, designated=True)
    assert {(o.unit, o.part) for o in orders} == {(lead, "lead"), (other, "assist")}
    assert {o.answer_due_at for o in orders} == {cast.clock.now + timedelta(hours=1)}
    assert all(o.sign_due_at <= o.answer_due_at for o in orders)
    row.refresh_from_db()
    row.matter.refresh_from_db()
    assert (row.state, row.chosen, row.matter.state) == ("decided", lead.code, "handling")
    assert row.matter.answer_due_at > cast.clock.now + timedelta(days=1), "the citizen's promise stays the table's"
    with pytest.raises(Forbidden):
        cast.act(handle.hand_back, orders.get(part="assist"), "not_our_duty", lead.code, "不归我们", by=cast.lei)


def test_a_ruling_may_move_the_holder_and_name_the_lead_at_once(cast, asked):
    row, duty = asked
    police = cast.desk("110:532301")
    cast.act(ruling.rule, row, police, "先警戒", by=duty, lead=units(cast)[0])
    row.matter.refresh_from_db()
    assert (row.matter.holder, row.matter.orders.get().part) == (police, "lead")


def test_who_takes_part_and_a_limit_need_a_lead_and_nobody_is_named_twice(cast, asked):
    row, duty = asked
    lead, other = units(cast)
    for wrong in (
        {"assist": (other,)}, {"within": "hour"}, {"lead": lead, "assist": (lead,)},
        {"lead": lead, "assist": (other, other)}, {"lead": lead, "within": "soon"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            cast.act(ruling.rule, row, row.matter.holder, "先抢通", by=duty, **wrong)
    row.refresh_from_db()
    assert row.state == "asked" and not row.matter.orders.exists()


def test_the_leader_on_duty_is_told_and_the_ruling_still_waits(cast, asked):
    row, duty = asked
    cast.act(ruling.report, row, "带班张副州长", "先抢通，权属明天再议", by=duty)
    row.refresh_from_db()
    event = Event.objects.get(matter=row.matter, kind="designation.reported")
    assert row.state == "asked"
    assert "张副州长" in event.private and "张副州长" not in event.body
    with pytest.raises(Invalid):
        cast.act(ruling.report, row, " ", "", by=duty)
    with pytest.raises(Forbidden):
        cast.act(ruling.report, row, "张副州长", "", by=cast.lin)
