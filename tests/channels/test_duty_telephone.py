"""A line of the directory outside its hours: it rings at the duty office, which answers, writes down and rules; nobody is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import receive
from liandong.jobs.seating import look_after_seats
from liandong.queries import desk, duty_call
from liandong.queries.sight import NotFound
from liandong.records.models import Contact, Designation, Event, Matter, Seat
from liandong.rules import access, announcing
from liandong.rules.say import Say

LINE, CITY = "12358", "510400"


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    """No line of the directory is in its hours."""
    monkeypatch.setattr(announcing, "opening", lambda line, now, workday: "closed")


@pytest.fixture
def rung(room, cast) -> Matter:
    return room.dials(LINE, city=CITY, district="510402")


@pytest.fixture
def at(cast):
    from tests.web.conftest import browser

    return browser("gao")


def fresh(matter):
    return Matter.objects.get(pk=matter.pk)


def press(room, at, matter, act, **form):
    answer = at.post(f"/duty/calls/{matter.pk}/{act}/", form)
    room.round()
    return answer


def test_it_rings_at_the_duty_office_and_12345_holds_it(room, cast, rung):
    assert (rung.seat_id, rung.holder.code, rung.first_receiver.code) == (cast.gao.seat, "12345:510400", "12345:510400")
    assert (room.presence(cast.gao), room.presence(cast.he), room.call(rung).ringing) == (
        "ringing",
        "free",
        [cast.gao.seat],
    )
    assert duty_call.at_place(cast.gao) == rung.pk
    assert desk.board(cast.he, timezone.now()).queue[0].seat == "", (
        "what rings at a place of the same number elsewhere is not here"
    )


def test_what_the_caller_hears_says_who_takes_it(room, cast, rung):
    pack_of = lambda duty: announcing.first(LINE, _pack(rung), rung.received_at, None, duty=duty)[0]  # noqa: E731
    assert pack_of(True).code == "closed_duty" and pack_of(False) == Say(
        "closed", pack_of(True).params | {"instead": "12345"}
    )


def _pack(matter):
    from liandong.packs.opened import opened

    return opened(matter.pack)


def test_it_is_answered_held_muted_ended_and_written_down_for_the_ruling_by_keys(room, cast, rung, at):
    assert "你的电话在响" in at.get("/duty/").content.decode()
    page = at.get(f"/duty/calls/{rung.pk}/").content.decode()
    assert 'data-act="answer"' in page and "13800002671" not in page
    assert press(room, at, rung, "answering").status_code == 200
    assert (room.call(rung).seats, room.presence(cast.gao)) == ([cast.gao.seat], "talking")
    press(room, at, rung, "talk", what="hold")
    assert room.call(rung).state == "held"
    press(room, at, rung, "talk", what="unhold")
    page = press(room, at, rung, "talk", what="mute").content.decode()
    assert 'value="unmute"' in page and room.exchange.talk(rung.contact.call).muted
    said = "他家楼下的餐馆把油烟管接到了楼道里"
    assert press(room, at, rung, "record", said=" ").status_code == 422 and not Designation.objects.exists()
    answer = press(room, at, rung, "record", said=said, place="竹湖园", district="510402")
    row = Designation.objects.get()
    assert answer["Location"] == f"/duty/?row={row.pk}"
    now = fresh(rung)
    assert (now.said, now.place, now.state, now.holder.code, row.asked_desk.code) == (
        said,
        "竹湖园",
        "held",
        "12345:510400",
        "duty:510400",
    )
    assert duty_call.at_place(cast.gao) is None and said in at.get("/duty/").content.decode()
    kinds = list(Event.objects.filter(matter=rung).order_by("seq").values_list("kind", flat=True))
    assert [k for k in kinds if k in ("contact.answered", "matter.kept", "designation.asked")] == [
        "contact.answered", "matter.kept", "designation.asked"]  # fmt: skip


def test_danger_that_is_told_there_is_before_110_at_once(room, cast, rung, at):
    press(room, at, rung, "answering")
    press(room, at, rung, "record", said="楼上有人要往下跳", district="510402")
    assert fresh(rung).danger == "raised" and fresh(rung).demands.get().state == "open"
    assert Designation.objects.count() == 1


def test_nobody_at_the_office_means_12345_as_before(room, cast):
    Seat.objects.filter(pk=cast.gao.seat).update(presence="off", person=None)
    matter = room.dials(LINE, city=CITY, district="510402")
    assert matter.seat_id == cast.he.seat


def test_who_is_not_answered_there_in_time_rings_at_12345(room, cast, rung, at):
    Seat.objects.filter(pk=cast.gao.seat).update(presence_at=timezone.now() - timedelta(minutes=5))
    look_after_seats(timezone.now())
    room.round()
    assert (fresh(rung).seat_id, room.presence(cast.gao), room.call(rung).ringing) == (
        cast.he.seat,
        "free",
        [cast.he.seat],
    )
    assert at.get(f"/duty/calls/{rung.pk}/").status_code == 404
    assert press(room, at, rung, "answering").status_code == 404
    with pytest.raises(NotFound):
        duty_call.reach(cast.gao, rung.pk)


def test_a_telephone_of_the_office_that_is_not_there_costs_the_caller_nothing_and_is_tried_again(room, cast):
    room.exchange.unregistered.add(f"seat-{cast.gao.seat}")
    matter = room.dials(LINE, city=CITY, district="510402")
    assert room.presence(cast.gao) == "wrapping"
    look_after_seats(timezone.now())
    assert fresh(matter).seat_id == cast.he.seat
    Seat.objects.filter(pk=cast.gao.seat).update(presence_at=timezone.now() - timedelta(minutes=5))
    look_after_seats(timezone.now())
    assert room.presence(cast.gao) == "free"


def test_12345_may_take_it_while_it_rings_there_and_only_one_has_it(room, cast, rung, at):
    cast.act(receive.answer, rung, by=cast.he)
    room.round()
    assert (room.call(rung).seats, room.presence(cast.gao)) == ([cast.he.seat], "free")
    assert press(room, at, rung, "answering").status_code == 404


def test_a_call_that_is_over_before_it_was_written_down_stays_open_there_and_on_the_list_of_12345(room, cast, rung, at):
    press(room, at, rung, "answering")
    room.hangs_up(rung)
    receive.keep(fresh(rung), by=access.system("deadline", CITY), at=timezone.now())
    assert fresh(rung).state == "held" and "电话已结束" in at.get(f"/duty/calls/{rung.pk}/").content.decode()
    press(room, at, rung, "record", said="油烟管接到了楼道里", place="竹湖园")
    assert (fresh(rung).said, Contact.objects.get(matters=rung).place) == ("油烟管接到了楼道里", "竹湖园")
    assert Designation.objects.get().matter_id == rung.pk
