"""What a desk's page shows: the number masked, the receipts, the course with who, when, why, under what."""

from liandong.actions import danger, drafts, handle, letters, receive, transfer
from liandong.actions.intake import Arrival
from liandong.queries import decision, desk, people
from liandong.records.models import Post, Seat, Unit
from liandong.rules import access

LAMP = "鹿城镇路灯坏了六盏，晚上看不见路"


def test_the_number_is_masked_whoever_looks(cast):
    matter = cast.call(cast.lin, LAMP, number="13887802671")
    page = desk.matter(cast.lin, matter.pk, cast.clock.now)
    assert page.caller.number == "138****2671"
    assert page.caller.may_reveal
    assert "13887802671" not in repr(page)


def test_the_three_receipts_stand_apart(cast):
    matter = cast.call(cast.yue, LAMP)
    row = cast.act(
        transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue, reason="公共设施", clause="清单二（一）"
    )
    offer = desk.matter(cast.yue, matter.pk, cast.clock.now).offer
    assert (offer.side, offer.waiting, offer.delivered_at, offer.seen_at) == ("from", True, None, None)
    cast.act(transfer.receipt, row, "delivered", by=cast.lin)
    offer = desk.matter(cast.lin, matter.pk, cast.clock.now).offer
    assert (offer.side, bool(offer.delivered_at), offer.seen_at) == ("to", True, None)


def test_the_course_says_who_when_why_under_which_pack_and_clause(cast):
    matter = cast.call(cast.yue, LAMP)
    cast.act(transfer.offer, matter, cast.desk("12345:532300"), by=cast.yue, reason="公共设施", clause="清单二（一）")
    entry = desk.matter(cast.lin, matter.pk, cast.clock.now).entries[-1]
    assert (entry.kind, entry.clause, entry.facts["reason"]) == ("transfer.offered", "清单二（一）", "公共设施")
    assert (entry.who.seat, entry.who.work_no, entry.who.mine) == ("03", "0403", False)
    assert entry.facts["to_name"] == "州 12345"
    assert entry.pack == matter.pack.version
    assert desk.matter(cast.yue, matter.pk, cast.clock.now).entries[-1].who.mine


def test_what_happens_by_itself_next_is_the_wait_that_runs_out_first(cast):
    matter = cast.call(cast.lin, LAMP, district="532301")
    cast.act(danger.raise_danger, matter, "有人触电", by=cast.lin)
    page = desk.matter(cast.lin, matter.pk, cast.clock.now)
    assert (page.next.machine, page.next.state) == ("demand", "open")
    assert page.demand.undo_until is not None
    cast.clock.on(seconds=60)
    assert desk.matter(cast.lin, matter.pk, cast.clock.now).demand.undo_until is None


def test_the_holder_reads_its_own_draft_before_the_record(cast):
    matter = receive.answer(cast.rings(), by=cast.lin, at=cast.clock.now)
    drafts.keep(matter, "正在写的字", {"height.edge": "yes"}, by=cast.lin, at=cast.clock.now)
    page = desk.matter(cast.lin, matter.pk, cast.clock.now)
    assert (page.said, page.answers) == ("正在写的字", {"height.edge": "yes"})


def test_earlier_matters_of_the_number_are_shown_when_they_are_in_sight(cast):
    mine, theirs = cast.call(cast.lin, LAMP, number="13800000001"), cast.call(cast.yue, LAMP, number="13800000001")
    page = desk.matter(cast.lin, cast.call(cast.lin, "又打来", number="13800000001").pk, cast.clock.now)
    assert [(o.id, o.by) for o in page.old.shown] == [(mine.pk, "number")]
    assert theirs.pk not in [o.id for o in page.old.shown]


def test_the_board_sorts_by_time_left_and_holds_only_the_desks_own(cast):
    second, first = cast.call(cast.lin, "第二件事情"), cast.call(cast.zhou, "第一件事情")
    type(first).objects.filter(pk=first.pk).update(due_at=cast.clock.now)
    cast.call(cast.yue, "别的台的事情")
    board = desk.board(cast.lin, cast.clock.now)
    assert [m.id for m in board.mine] == [first.pk, second.pk]
    assert board.answered == 1


def test_the_page_is_told_to_open_what_rings_its_seat(cast):
    assert desk.pulse(cast.lin, None)["open"] == ""
    matter = cast.rings()
    opened = {name: desk.pulse(cast.actors[name], None)["open"] for name in ("lin", "zhou", "yue")}
    assert sorted(opened.values()) == ["", "", str(matter.pk)]


def test_a_demand_opens_at_the_free_seats_of_the_asked_desk(cast):
    matter = cast.call(cast.lin, LAMP, district="532301")
    before = desk.pulse(cast.yue, None)
    cast.act(danger.raise_danger, matter, "有人触电", by=cast.lin)
    after = desk.pulse(cast.yue, None)
    assert after["open"] == str(matter.pk)
    assert after["board"] != before["board"]


def test_the_decision_is_for_the_desk_the_viewer_sits_at(cast):
    matter = cast.call(cast.yue, LAMP)
    at_110 = decision.now(cast.yue, matter, LAMP, {}, cast.clock.now)
    at_12345 = decision.now(cast.lin, matter, LAMP, {}, cast.clock.now)
    assert (at_110.decision.act, at_110.desk.code) == ("transfer", "12345:532300")
    assert at_12345.decision.act == "keep"


def test_an_actor_is_made_of_a_post_and_the_seat_sat_at(cast):
    post = Post.objects.get(person_id=cast.lin.person)
    actor = people.actor(cast.lin.person, post.pk, cast.clock.now)
    assert (actor.desk, actor.seat_no, actor.city) == ("12345:532300", "07", "532300")
    assert people.actor(cast.zhou.person, post.pk, cast.clock.now) is None
    Post.objects.filter(pk=post.pk).update(until_at=cast.clock.now)
    assert people.actor(cast.lin.person, post.pk, cast.clock.now) is None
    assert [s.taken_by for s in people.seats(cast.lin)] == ["", "5308"]
    assert Seat.objects.get(pk=cast.lin.seat).person_id == cast.lin.person


def test_what_came_in_writing_is_marked_on_the_board_and_counted_until_somebody_decides_it(cast):
    called = cast.call(cast.lin, LAMP)
    arrival = Arrival("form", "12345", "", "鹿城镇 团山路", None, "532301", "团山路的井盖破了一半，走夜路怕踩空")
    machine = access.system("form", "532300")
    letter = letters.take_in(arrival, cast.desk("12345:532300"), by=machine, at=cast.clock.now)
    board = desk.board(cast.lin, cast.clock.now)
    assert {row.id: row.written for row in board.mine} == {called.pk: False, letter.pk: True}
    assert [row.id for row in board.letters] == [letter.pk]
    unit = Unit.objects.get(code=cast.duan.unit)
    cast.act(handle.assign, letter, unit, by=cast.lin)
    assert not desk.board(cast.lin, cast.clock.now).letters
