"""The board of a desk: the nearest limit first, whoever's it is; true counts; what rings here before an old talk."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest

from liandong.actions import clocks, confer, crews, danger, handle, letters, receive, reply
from liandong.actions.intake import Arrival
from liandong.queries import desk, find, stuck, unit
from liandong.queries.desk.joins import joins
from liandong.queries.desk.parts import local
from liandong.queries.first import counted
from liandong.records.models import Desk, Matter, Partner, Seat, Unit
from liandong.rules import access
from liandong.rules.wanted import Wanted
from liandong.web.face import board_lit

pytestmark = pytest.mark.django_db
LAMP, NOISE = "团结路的路灯坏了，晚上看不见路", "楼下麻将馆噪音扰民，还有人在里面赌博"


def machine(city: str = "532300") -> access.Actor:
    return access.system("switch", city)


def assigned(cast, said: str = LAMP):
    matter = cast.call(cast.lin, said, district="532301")
    return matter, cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)


def limit(matter):
    return Matter.objects.get(pk=matter.pk).lead_due_at


def test_what_its_desk_has_left_past_its_limit_stands_by_that_limit_until_its_next_step(cast):
    matter = cast.call(cast.lin, LAMP)
    promised = matter.due_at
    cast.clock.now = promised
    for _ in range(2):
        cast.act(reply.remind, matter, by=access.system("matter.decide"))
        cast.clock.now = Matter.objects.get(pk=matter.pk).due_at
    other = cast.call(cast.lin, "小区门口的垃圾没人收")
    shown = desk.board(cast.lin, cast.clock.now)
    assert [(row.id, row.due_at) for row in shown.mine] == [(matter.pk, promised), (other.pk, other.due_at)]
    late = find.look(cast.lin, Wanted(overdue=True), cast.clock.now).rows
    assert [(row.id, row.due_at) for row in late] == [(matter.pk, promised)], (
        "it is late, though nobody is reminded yet"
    )
    before = desk.pulse(cast.lin, None)["board"]
    cast.act(handle.assign, matter, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    given = next(row for row in desk.board(cast.lin, cast.clock.now).mine if row.id == matter.pk)
    assert given.due_at == limit(matter) > cast.clock.now and desk.pulse(cast.lin, None)["board"] != before
    assert not find.look(cast.lin, Wanted(overdue=True), cast.clock.now).rows


def test_a_lead_past_its_limit_stands_first_and_is_to_be_urged_until_it_has_been(cast):
    matter, order = assigned(cast)
    cast.clock.now = order.sign_due_at
    soon = cast.call(cast.lin, "小区门口的垃圾没人收")
    cast.act(handle.remind, order, by=access.system("order.signing"))  # the clock does, in the very second
    cast.clock.on(hours=1)
    shown = desk.board(cast.lin, cast.clock.now)
    first = shown.mine[0]
    assert (first.id, first.due_at, first.step, first.reminded) == (matter.pk, order.sign_due_at, "remind", 1)
    assert board_lit(shown, cast.lin).act == "处理", "the desk's own step comes before another's"
    Matter.objects.filter(pk=soon.pk).update(state="archived", due_at=None)
    assert board_lit(desk.board(cast.lin, cast.clock.now), cast.lin).act == "催办"
    before = desk.pulse(cast.lin, None)["board"]
    cast.act(handle.remind, order, by=cast.lin)
    shown = desk.board(cast.lin, cast.clock.now)
    assert (shown.mine[0].step, shown.mine[0].reminded) == ("report", 2), "urged twice: the duty office may be told"
    assert board_lit(shown, cast.lin).act != "催办" and desk.pulse(cast.lin, None)["board"] != before
    before = desk.pulse(cast.lin, None)["board"]
    cast.act(clocks.report, order, by=cast.lin)
    shown = desk.board(cast.lin, cast.clock.now)
    assert (shown.mine[0].step, shown.mine[0].reported_at) == ("wait", cast.clock.now)
    assert desk.pulse(cast.lin, None)["board"] != before


@pytest.mark.parametrize("office", ["here", "another organisation's", "absent"])
def test_nobody_is_offered_to_tell_a_duty_office_that_is_not_here(cast, office):
    matter, order = assigned(cast)
    for _ in range(2):
        cast.act(handle.remind, order, by=cast.lin)
    now, rooms = cast.clock.on(days=20), Desk.objects.filter(city="532300", platform="duty")
    if office == "another organisation's":
        rooms.update(partner=Partner.objects.create(node="duty.b", name="总值班室", city="532300", added_at=now))
    elif office == "absent":
        rooms.delete()
    page = desk.matter(cast.lin, matter.pk, now)
    offered = (
        desk.board(cast.lin, now).mine[0].step == "report", page.orders[0].reportable,
        unit.order(cast.duan, order.pk, now).reportable, stuck.late(cast.lin, now, desk=cast.lin.desk)[0].reportable,
    )  # fmt: skip
    assert offered == (office == "here",) * 4


def test_a_matter_carries_its_leads_limit_as_long_as_one_runs(cast):
    matter, order = assigned(cast)
    assert limit(matter) == order.sign_due_at
    cast.act(handle.sign, order, by=cast.duan)
    assert limit(matter) == order.answer_due_at
    cast.act(handle.contact, order, "约好上门", by=cast.duan)
    cast.act(handle.resolve, order, "镇流器坏", "换了灯。", by=cast.duan)
    assert limit(matter) is None


def test_counts_say_when_there_are_more_than_are_shown_and_letters_have_a_list_of_their_own(cast, monkeypatch):
    boards = import_module("liandong.queries.desk.board")  # its package gives the function of that name
    monkeypatch.setattr(boards, "MOST", 2)
    monkeypatch.setattr(import_module("liandong.queries.desk.calls"), "CALLS", 1)
    for said in (LAMP, NOISE):
        assigned(cast, said)
    cast.clock.on(seconds=1)
    arrival = Arrival("form", "12345", "", "鹿城镇 团山路", None, "532301", "团山路的井盖破了一半，走夜路怕踩空")
    letter = letters.take_in(arrival, cast.desk("12345:532300"), by=access.system("form", "532300"), at=cast.clock.now)
    Matter.objects.filter(pk=letter.pk).update(due_at=cast.clock.on(days=30))
    cast.clock.on(days=-30)
    for number in ("13800000001", "13800000002"):
        cast.rings(number=number)
    shown = desk.board(cast.lin, cast.clock.now)
    assert letter.pk not in [row.id for row in shown.mine] and counted(shown.mine) == "2+"
    assert [row.id for row in shown.letters] == [letter.pk] and counted(shown.letters) == "1"
    assert counted(shown.queue) == "1+" and counted(shown.missed) == "0"
    cast.clock.on(days=20)
    assert counted(stuck.late(cast.lin, cast.clock.now, desk=cast.lin.desk, most=1)) == "1+"
    assert counted(unit.orders(cast.duan, most=1)) == "1+" and counted(unit.orders(cast.duan)) == "2"


def test_the_board_carries_the_stamp_of_what_was_read_for_it(cast):
    for _ in range(2):
        assert desk.board(cast.lin, cast.clock.now).stamp == desk.pulse(cast.lin, None)["board"]
        cast.call(cast.zhou, LAMP)


def test_a_call_that_rings_here_opens_before_a_talk_of_two_desks(cast):
    matter = cast.call(cast.lin, LAMP, district="532301", call=True)
    talk = cast.act(confer.invite, matter, cast.desk("110:532301"), by=cast.lin)
    cast.act(confer.join, talk, by=cast.yue)
    lit = lambda: board_lit(desk.board(cast.yue, cast.clock.now), cast.yue)  # noqa: E731
    assert (desk.pulse(cast.yue, None)["open"], lit().act) == (str(matter.pk), "回到三方通话")
    assert board_lit(desk.board(cast.shi, cast.clock.now), cast.shi).act == "等来电", (
        "a colleague's talk is not this seat's"
    )
    ringing = cast.rings("110:532301")
    receive.ring(ringing, Seat.objects.get(pk=cast.yue.seat), by=machine(), at=cast.clock.now)
    assert (desk.pulse(cast.yue, None)["open"], lit().act) == (str(ringing.pk), "接听")
    receive.end_call(matter, by=machine(), at=cast.clock.now)
    assert desk.pulse(cast.yue, None)["open"] == str(ringing.pk)
    receive.answer(ringing, by=cast.yue, at=cast.clock.now)
    assert desk.pulse(cast.yue, None)["open"] == str(ringing.pk), "an ended talk is no reason to leave a live one"
    assert lit().act != "回到三方通话"


def test_a_seat_that_is_silent_is_neither_there_nor_free(cast):
    shown = desk.board(cast.lin, cast.clock.now)
    assert (shown.seats_on, shown.seats_free) == (2, 2)
    Seat.objects.filter(pk=cast.zhou.seat).update(seen_at=cast.clock.on(seconds=-90))
    shown = desk.board(cast.lin, cast.clock.on(seconds=90))
    assert (shown.seats_on, shown.seats_free) == (1, 1)


def test_the_other_desks_matters_of_this_number_or_place_are_counted_and_nothing_of_a_secret_one(cast):
    theirs = cast.call(cast.lin, LAMP, number="13800000001", place="团结路 8 号")
    by_number = cast.call(cast.yue, "有人吵架", number="13800000001")
    by_place = cast.call(cast.yue, "有人打起来了", number="13800000002", place="团结路 8 号")

    def elsewhere(matter) -> int:
        return joins(cast.yue, desk.matter(cast.yue, matter.pk, cast.clock.now), cast.clock.now).elsewhere

    assert (elsewhere(by_number), elsewhere(by_place)) == (1, 1)
    Matter.objects.filter(pk=theirs.pk).update(secret=True)
    assert (elsewhere(by_number), elsewhere(by_place)) == (0, 0)


def test_danger_that_nobody_was_sent_for_stands_first_wherever_it_is_looked_at(cast):
    """After the crew's report it is asked for again, and goes up: no list shows the crew that has gone home."""
    matter = cast.call(cast.yue, "六号楼有人说要跳下去", district="532301")
    calm = cast.call(cast.yue, "停在楼下的电动车丢了", district="532301")
    Matter.objects.filter(pk=calm.pk).update(due_at=cast.clock.now)
    crew = cast.act(crews.dispatch, matter, "楚雄市巡警", by=cast.yue)
    before = desk.pulse(cast.yue, None)["board"]
    cast.act(crews.report, crew, "没找到人", by=cast.yue, lower_danger=False)
    demand = matter.demands.get()
    for _ in range(2):
        demand = cast.act(danger.escalate, demand, by=access.system("deadline"))
    assert demand.desk.code == "110:532300"
    shown = desk.board(cast.yue, cast.clock.now)
    assert shown.mine[0].id == matter.pk and shown.mine[0].unsent and not shown.mine[1].unsent
    assert [row.matter for row in shown.demands] == [matter.pk] and board_lit(shown, cast.yue).act == "看险情，派警"
    assert before != desk.pulse(cast.yue, None)["board"] == shown.stamp
    (row,) = stuck.in_danger(replace(cast.bai, role="duty_officer"))
    assert (row.waits, row.times, row.due_at) == ("州 110", 2, local(demand.due_at)), row
    own = cast.call(cast.bai)
    knocks = desk.pulse(cast.bai, own.pk)
    assert knocks["open"] == str(own.pk), "the seat talks"
    assert (knocks["knock"], knocks["danger"]) == (str(matter.pk), demand.means), "and is told all the same"


def test_what_a_desk_holds_is_read_at_once_and_who_waits_for_a_crew_is_among_the_first_however_late_it_is_due(
    cast, monkeypatch, django_assert_num_queries
):
    board = import_module("liandong.queries.desk.board")
    monkeypatch.setattr(board, "MOST", 2)
    made = [cast.call(cast.yue, "停在楼下的电动车丢了", district="532301") for _ in range(3)]
    for n, one in enumerate(made):
        Matter.objects.filter(pk=one.pk).update(due_at=cast.clock.now + timedelta(hours=n))
    cast.act(danger.raise_danger, made[2], "有人要跳楼", by=cast.yue)
    desk_of_yue = cast.desk(cast.yue.desk).pk
    with django_assert_num_queries(3):  # what it holds, their orders, what was asked to be extended
        rows = board._mine(board.mine(desk_of_yue), False)
    assert [row.id for row in rows] == [made[2].pk, made[0].pk] and rows.more
    assert [row.unsent for row in rows] == [True, False]


def test_the_calls_that_wait_stand_in_the_order_in_which_they_ring_and_say_why(cast):
    for actor in (cast.lin, cast.zhou):
        Seat.objects.filter(pk=actor.seat).update(presence="talking")
    for number in ("13800000001", "13800000002"):
        cast.clock.on(seconds=1)
        cast.rings(number=number, call=True)
    before = desk.pulse(cast.lin, None)["board"]
    threatened = cast.call(cast.yue, "吵架", number="13800000002", district="532301")
    assert [row.why for row in desk.board(cast.lin, cast.clock.now).queue] == ["", ""]
    cast.act(danger.raise_danger, threatened, "有人拿刀", by=cast.yue)
    shown = desk.board(cast.lin, cast.clock.now)
    assert [(row.title, row.why) for row in shown.queue] == [("138****0002", "danger"), ("138****0001", "")]
    assert before != desk.pulse(cast.lin, None)["board"] == shown.stamp, "another desk's danger moves a caller here"
    Matter.objects.filter(pk=threatened.pk).update(secret=True)
    Matter.objects.filter(contact__number="13800000001").update(due_at=cast.clock.on(seconds=1))
    assert desk.board(cast.lin, cast.clock.now).queue[0].why == "urgent", "of a secret matter not what it is"
