"""旁听 ends with the talk by itself, through the switch: nobody has to press, and nothing waits for the next listening."""

import pytest
from django.utils import timezone

from liandong.actions import listening, receive, seats, transfer
from liandong.channels.phone.again import end_dead_calls
from liandong.queries import chains, floor
from liandong.records.models import Event, Listening, Matter, Person, Post, Seat, Transfer
from liandong.rules.access import Actor
from liandong.rules.say import Conflict

CITY, POLICE = "12345:532300", "110:532301"


@pytest.fixture
def leader(cast) -> Actor:
    desk = cast.desk(CITY)
    person = Person.objects.create_user("shen", name="申", work_no="5301")
    Post.objects.create(person=person, role="shift_leader", city=desk.city, desk=desk)
    seat = Seat.objects.create(desk=desk, number="01")
    one = Actor(
        role="shift_leader", person=person.pk, work_no="5301", desk=CITY, seat=seat.pk, seat_no="01", city="532300"
    )
    seats.sit(seat, by=one, at=cast.clock.now)
    seats.mark(seat.pk, "break", at=cast.clock.now)  # calls ring the operators
    return one


@pytest.fixture
def heard(room, cast, leader):
    """A talk at 12345 that its leader listens to: the matter, who talks, the listening."""
    matter = room.dials()
    by = cast.lin if matter.seat_id == cast.lin.seat else cast.zhou
    cast.act(receive.answer, matter, by=by)
    room.round()
    row = cast.act(listening.begin, matter, Seat.objects.get(pk=by.seat), "新人第一天", by=leader)
    room.round()
    assert len(room.exchange.talk(matter.contact.call).listening) == 1
    return Matter.objects.get(pk=matter.pk), by, row


def last(matter, kind="listening.ended") -> Event:
    return Event.objects.get(matter=matter, kind=kind)


def whole() -> bool:
    return list(chains.verify(chains.Tally())) == []


def test_a_caller_who_hangs_up_ends_the_listening_too(room, leader, heard):
    matter, _, row = heard
    room.hangs_up(matter)
    row.refresh_from_db()
    assert row.ended_at is not None
    assert '"rule":"talk.over"' in last(matter).body and f"seat:{leader.seat}" in last(matter).topics
    assert floor.listened(leader, matter.pk) is None and whole()


def test_a_seat_that_gives_the_call_away_is_listened_to_no_more_and_the_leader_leaves_the_talk(room, cast, heard):
    matter, by, row = heard
    cast.act(receive.record, matter, by=by, said="小区里有人打架", district="532301")
    offer = cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    taker = cast.yue if Transfer.objects.get(pk=offer.pk).to_seat_id == cast.yue.seat else cast.shi
    cast.act(transfer.receipt, offer, "delivered", by=taker)
    room.round()
    assert Listening.objects.get(pk=row.pk).ended_at is None, "the first seat is still in the talk"
    cast.act(transfer.accept, offer, by=taker)
    room.round()
    row.refresh_from_db()
    assert row.ended_at is not None and last(matter)
    assert room.exchange.talk(matter.contact.call).listening == ()
    assert room.call(matter).seats == [taker.seat] and whole()


def test_a_switch_that_died_leaves_nobody_listening_after_its_next_start(cast, heard):
    _, _, row = heard
    end_dead_calls(set(), timezone.now())
    row.refresh_from_db()
    assert row.ended_at is not None and whole()


def test_the_leaders_own_key_and_the_end_of_the_talk_end_it_once(room, cast, leader, heard):
    matter, _, row = heard
    cast.act(listening.end, row, by=leader)
    room.hangs_up(matter)
    assert Event.objects.filter(matter=matter, kind="listening.ended").count() == 1
    with pytest.raises(Conflict):
        cast.act(listening.end, row, by=leader)
    assert whole()


def test_a_page_that_shows_it_twice_leaves_no_gap_in_the_chain(cast, heard):
    matter, by, row = heard
    for _ in range(3):
        cast.act(listening.seen, row, by=by)
    assert Event.objects.filter(matter=matter, kind="listening.seen").count() == 1
    assert whole(), "an act that finds nothing to do takes no number"
