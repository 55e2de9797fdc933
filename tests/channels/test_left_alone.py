"""A caller whom nobody is with any more is not left to the music: a free seat rings, as often as it takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import receive, seats, transfer
from liandong.jobs.seating import ring_left_alone
from liandong.records.models import Event, Matter, Seat
from liandong.telephony.port import Back, Left

SOON = timedelta(seconds=6)


@pytest.fixture
def alone(room, cast):
    """lin's phone has died in the middle of a talk; zhou is free."""
    matter = room.dials()
    by, other = (cast.lin, cast.zhou) if matter.seat_id == cast.lin.seat else (cast.zhou, cast.lin)
    cast.act(receive.answer, matter, by=by)
    room.round()
    call = matter.contact.call
    (extension,) = room.exchange.talk(call).extensions
    del room.exchange.bridges[call].inside[extension]
    room.exchange.told.append(Left(call, extension, lost=True))
    room.round()
    return Matter.objects.get(pk=matter.pk), by, other


def test_a_talk_that_has_just_been_answered_is_not_taken_for_one_left_alone(room, alone):
    assert ring_left_alone(timezone.now()) == 0


def test_another_seat_of_the_desk_rings_and_the_matter_opens_there(room, alone):
    matter, by, other = alone
    assert room.presence(by) == "wrapping"
    assert ring_left_alone(timezone.now() + SOON) == 1
    room.round()
    matter.refresh_from_db()
    assert matter.seat_id == other.seat
    assert (room.call(matter).ringing, room.presence(other)) == ([other.seat], "ringing")
    assert Event.objects.filter(matter=matter, kind="contact.rang").count() == 1
    assert ring_left_alone(timezone.now() + SOON) == 0  # it rings already
    room.exchange.phone_picks_up(f"seat-{other.seat}")
    room.round()
    assert (room.call(matter).seats, room.presence(other)) == ([other.seat], "talking")


def test_nobody_lifts_and_the_next_free_seat_rings(room, alone):
    matter, by, _ = alone
    ring_left_alone(timezone.now() + SOON)
    room.round()
    room.round(120)
    assert room.call(matter).state == "queued"
    seats.mark(by.seat, "free", at=timezone.now())
    Seat.objects.filter(pk=by.seat).update(seen_at=timezone.now())
    assert ring_left_alone(timezone.now() + SOON) == 1
    room.round()
    assert room.call(matter).ringing == [by.seat]


def test_a_call_on_offer_or_over_rings_nowhere_else(room, cast, alone):
    matter, by, _ = alone
    cast.act(receive.record, matter, by=by, said="小区里有人打架", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=by, consent=True)
    assert ring_left_alone(timezone.now() + SOON) == 0
    cast.act(transfer.recall, row, by=by)
    room.hangs_up(matter)
    assert ring_left_alone(timezone.now() + SOON) == 0


def test_a_page_that_is_there_again_has_its_caller_back_and_nobody_else_rings(room, alone):
    matter, by, other = alone
    ring_left_alone(timezone.now() + SOON)
    room.round()
    assert room.call(matter).ringing == [other.seat]
    room.exchange.told.append(Back(f"seat-{by.seat}"))
    room.round()
    assert (room.call(matter).seats, room.call(matter).ringing) == ([by.seat], [])
    assert (room.presence(by), room.presence(other)) == ("talking", "free")


def test_a_page_that_comes_after_a_colleague_has_the_caller_stays_out(room, alone):
    matter, by, other = alone
    ring_left_alone(timezone.now() + SOON)
    room.round()
    room.exchange.phone_picks_up(f"seat-{other.seat}")
    room.round()
    room.exchange.told += [Back(f"seat-{by.seat}"), Back(f"seat-{by.seat}")]
    room.round()
    assert (room.call(matter).seats, room.presence(by)) == ([other.seat], "wrapping")


def test_a_page_that_is_there_again_lets_an_offer_at_another_desk_ring_on(room, cast, alone):
    matter, by, _ = alone
    cast.act(receive.record, matter, by=by, said="小区里有人打架", district="532301")
    row = cast.act(transfer.offer, matter, cast.desk("110:532301"), by=by, consent=True)
    there = [row.to_seat_id]
    cast.act(transfer.receipt, row, "delivered", by=cast.yue if there == [cast.yue.seat] else cast.shi)
    room.round()
    assert room.call(matter).ringing == there
    room.exchange.told.append(Back(f"seat-{by.seat}"))
    room.round()
    assert (room.call(matter).seats, room.call(matter).ringing) == ([by.seat], there)
