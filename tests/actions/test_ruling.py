"""指定 in one act: the desk, the lead, who takes part, the limit; and the word to the leader on duty (J1, P二(三))."""

from datetime import timedelta

import pytest

from liandong.actions import confer, handle, ruling, taking_down
from liandong.records.models import Event, Matter, Order, Unit
from liandong.rules import chain
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


def test_what_the_duty_office_is_told_itself_is_a_matter_with_its_number_and_waits_for_its_ruling(cast, asked):
    duty, city = asked[1], cast.desk("12345:532300")
    row = cast.act(taking_down.take_down, "水库坝脚渗水，水是浑的", city, by=duty, number="13800003344", place="青山嘴水库",
                   district="532301")  # fmt: skip
    matter = row.matter
    assert (row.state, row.cause, row.asked_desk.code) == ("asked", "told_here", duty.desk)
    assert row.due_at > cast.clock.now
    assert (matter.holder, matter.state, matter.contact.channel, matter.contact.number) == (
        city,
        "held",
        "duty",
        "13800003344",
    )
    assert matter.number and matter.query_code
    cast.act(ruling.rule, row, city, "水务牵头，应急参与", by=duty, lead=units(cast)[0])
    matter.refresh_from_db()
    assert matter.state == "handling"
    assert chain.first_break(Event.objects.filter(matter=matter).order_by("seq")
                             .values_list("seq", "body", "before", "digest")) is None  # fmt: skip


@pytest.mark.parametrize(("said", "heard"), [("桥塌了，有车掉下去，人困在里面", False), ("他说不清，只喊快来", True)])
def test_danger_told_to_the_duty_office_is_before_110_in_the_same_act(cast, asked, said, heard):
    row = cast.act(
        taking_down.take_down, said, cast.desk("12345:532300"), by=asked[1], district="532301", in_danger=heard
    )
    demand = row.matter.demands.get()
    assert (demand.state, demand.desk.code) == ("open", "110:532301")
    assert row.state == "asked"


def test_only_the_duty_office_writes_down_what_it_was_told_and_never_nothing(cast, asked):
    with pytest.raises(Forbidden):
        cast.act(taking_down.take_down, "路塌了", cast.desk("12345:532300"), by=cast.lin)
    for wrong in ({"said": " "}, {"said": "路塌了", "number": "12"}, {"said": "路塌了", "district": "999999"}):
        with pytest.raises(Invalid):
            cast.act(taking_down.take_down, wrong.pop("said"), cast.desk("12345:532300"), by=asked[1], **wrong)
    assert not Matter.objects.filter(contact__channel="duty").exists()
