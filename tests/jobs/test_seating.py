"""Seats by themselves: free after wrapping up, free when nothing rings, and the next seat when one does not answer."""

import json
import threading
from datetime import timedelta

import psycopg
import pytest

from liandong.actions import receive, seats, transfer
from liandong.jobs.seating import look_after_seats
from liandong.records.models import Event, Matter, Nuisance, Seat, VoiceOrder
from liandong.rules import access
from tests.cast import assemble


def presence(actor):
    return Seat.objects.get(pk=actor.seat).presence


def at_work(cast):
    """Every page has said just now that it is alive."""
    Seat.objects.exclude(person=None).update(seen_at=cast.clock.now)


def rung(matter):
    return list(
        VoiceOrder.objects.filter(kind="ring", call=matter.contact.call).order_by("id").values_list("seat", flat=True)
    )


def test_a_seat_that_has_wrapped_up_for_long_enough_is_free(cast):
    seats.mark(cast.lin.seat, "wrapping", at=cast.clock.now)
    look_after_seats(cast.clock.on(seconds=29))
    assert presence(cast.lin) == "wrapping"
    look_after_seats(cast.clock.on(seconds=1))
    assert presence(cast.lin) == "free"
    event = Event.objects.filter(stream=f"seat:{cast.lin.seat}").order_by("-seq").first()
    assert (event.kind, json.loads(event.body)["after"]) == ("seat.freed", "wrapping")
    assert event.topics == ["desk:12345:532300", f"seat:{cast.lin.seat}"]


def test_who_still_writes_has_not_wrapped_up(cast):
    seats.mark(cast.lin.seat, "wrapping", at=cast.clock.now)
    seats.seen(cast.lin.seat, at=cast.clock.on(seconds=25), writing=True)
    look_after_seats(cast.clock.on(seconds=29))
    assert presence(cast.lin) == "wrapping"
    look_after_seats(cast.clock.on(seconds=1))
    assert presence(cast.lin) == "free"


def test_a_break_lasts_as_long_as_its_person_wants(cast):
    cast.act(seats.set_presence, Seat.objects.get(pk=cast.lin.seat), "break", by=cast.lin)
    look_after_seats(cast.clock.on(hours=1))
    assert presence(cast.lin) == "break"


def test_a_seat_that_rings_with_nothing_ringing_is_free_after_a_minute(cast):
    seats.mark(cast.lin.seat, "ringing", at=cast.clock.now)
    look_after_seats(cast.clock.on(seconds=59))
    assert presence(cast.lin) == "ringing"
    look_after_seats(cast.clock.on(seconds=2))
    assert presence(cast.lin) == "free"


def test_a_seat_that_does_not_answer_gives_the_call_to_the_next(cast):
    matter = cast.rings(call=True)
    first = matter.seat_id
    look_after_seats(cast.clock.on(seconds=24))
    assert rung(matter) == [first]
    at_work(cast)
    look_after_seats(cast.clock.on(seconds=1))
    matter.refresh_from_db()
    assert matter.seat_id != first
    assert rung(matter) == [first, matter.seat_id]
    assert Seat.objects.get(pk=first).presence == "free"
    assert Event.objects.filter(matter=matter, kind="contact.rang").count() == 1


def test_without_another_free_seat_a_call_goes_on_ringing_where_it_rings(cast):
    matter = cast.rings(desk="110:532300", call=True)
    at_work(cast)
    for _ in range(4):
        look_after_seats(cast.clock.on(seconds=30))
        at_work(cast)
    matter.refresh_from_db()
    assert (matter.seat_id, presence(cast.bai)) == (cast.bai.seat, "ringing")
    assert Event.objects.filter(matter=matter).count() == 1


def test_a_call_in_the_queue_rings_the_first_seat_that_is_free_and_the_longest_waiting_goes_first(cast):
    for actor in (cast.lin, cast.zhou):
        seats.mark(actor.seat, "talking", at=cast.clock.now)
    first, second = cast.rings(call=True), cast.rings(number="13800009999", call=True)
    assert first.seat is None
    assert look_after_seats(cast.clock.on(seconds=5)) == 0
    seats.mark(cast.zhou.seat, "free", at=cast.clock.now)
    assert look_after_seats(cast.clock.now) == 1
    assert Matter.objects.get(pk=first.pk).seat_id == cast.zhou.seat
    assert Matter.objects.get(pk=second.pk).seat_id is None
    assert presence(cast.zhou) == "ringing"
    assert rung(first) == [cast.zhou.seat]


@pytest.fixture
def busy(cast):
    """Every seat of 12345 talks."""
    for actor in (cast.lin, cast.zhou):
        seats.mark(actor.seat, "talking", at=cast.clock.now)
    return cast


def gives_up(cast, number, times):
    for _ in range(times):
        cast.act(receive.end_call, cast.rings(number=number, call=True), by=access.system("switch", "532300"))


def served(cast, *waiting):
    """The numbers of those who wait, in the order in which one seat that is free again and again rings for them."""
    for _ in waiting:
        at_work(cast)
        seats.mark(cast.zhou.seat, "free", at=cast.clock.now)
        assert look_after_seats(cast.clock.now) == 1
        matter = Matter.objects.get(seat=cast.zhou.seat, contact__answered_at=None, contact__ended_at=None)
        cast.act(receive.end_call, matter, by=access.system("switch", "532300"))
        yield matter.contact.number
        cast.clock.on(seconds=1)


def test_danger_rings_first_then_who_was_given_up_on_then_who_waits_longest(busy):
    cast = busy
    threatened = cast.call(cast.yue, "前夫拿着刀在楼下", number="13800000004", district="532301")
    assert Matter.objects.get(pk=threatened.pk).danger == "raised"
    gives_up(cast, "13800000003", 2)
    gives_up(cast, "13800000002", 1)
    numbers = ["13800000001", "13800000002", "13800000003", "13800000004"]
    matters = []
    for number in numbers:
        cast.clock.on(seconds=1)
        matters.append(cast.rings(number=number, call=True))
    assert list(served(cast, *numbers)) == [numbers[n] for n in (3, 2, 0, 1)]
    rang = [json.loads(Event.objects.get(matter=m, kind="contact.rang").body).get("first", "") for m in matters]
    assert rang == ["", "", "again", "danger"], "the record says who came before somebody who had waited longer"


def test_who_was_put_on_the_register_comes_last_and_is_rung_all_the_same(busy):
    cast = busy
    Nuisance.objects.create(city="532300", number="13800000001", state="active", evidence="", proposed_at=cast.clock.now,
                            proposed_by_id=cast.lin.person, due_at=cast.clock.now + timedelta(days=9))  # fmt: skip
    gives_up(cast, "13800000001", 3)
    for number in ("13800000001", "13800000002"):
        cast.clock.on(seconds=1)
        cast.rings(number=number, call=True)
    assert list(served(cast, 1, 2)) == ["13800000002", "13800000001"]


def test_a_seat_just_free_goes_to_whoever_waits_and_not_to_the_call_that_comes_in_at_this_moment(busy):
    cast = busy
    first = cast.rings(call=True)
    seats.mark(cast.zhou.seat, "free", at=cast.clock.on(seconds=5))
    late = cast.rings(number="13800009999", call=True)
    assert late.seat is None
    look_after_seats(cast.clock.now)
    assert Matter.objects.get(pk=first.pk).seat_id == cast.zhou.seat


def test_a_seat_that_nobody_gives_out_rings_for_the_call_that_comes_in(busy):
    cast = busy
    cast.rings(call=True)
    seats.mark(cast.zhou.seat, "free", at=cast.clock.now)
    cast.clock.on(seconds=4)
    assert cast.rings(number="13800009999", call=True).seat_id == cast.zhou.seat


def test_a_call_whose_phone_failed_rings_elsewhere_at_once(cast):
    matter = cast.rings(call=True)
    seats.mark(matter.seat_id, "break", at=cast.clock.now)
    look_after_seats(cast.clock.now)
    assert Matter.objects.get(pk=matter.pk).seat_id != matter.seat_id


@pytest.mark.parametrize("over", ["answered", "given up"])
def test_a_call_that_is_answered_or_over_rings_nowhere_else(cast, over):
    matter = cast.rings(call=True)
    who = cast.lin if matter.seat_id == cast.lin.seat else cast.zhou
    cast.act(receive.answer if over == "answered" else receive.end_call, matter, by=who)
    at_work(cast)
    look_after_seats(cast.clock.on(seconds=26))
    assert rung(matter) == [matter.seat_id]


def test_an_offer_that_found_every_seat_busy_rings_the_first_that_is_free_again(cast):
    for actor in (cast.lin, cast.zhou):
        seats.mark(actor.seat, "talking", at=cast.clock.now)
    row = cast.act(
        transfer.offer, cast.call(cast.yue, "龙川桥头的路灯坏了六盏"), cast.desk("12345:532300"), by=cast.yue
    )
    assert row.to_seat is None
    assert look_after_seats(cast.clock.on(seconds=5)) == 0
    seats.mark(cast.zhou.seat, "free", at=cast.clock.now)
    assert look_after_seats(cast.clock.now) == 1
    row.refresh_from_db()
    assert (row.to_seat_id, row.state, row.rings, presence(cast.zhou)) == (cast.zhou.seat, "offered", 1, "ringing")
    assert Event.objects.filter(matter=row.matter, kind="transfer.rang_next").count() == 1
    assert look_after_seats(cast.clock.now) == 0


def test_a_seat_whose_page_gives_a_sign_of_life_at_this_moment_rings_all_the_same(own_database):
    """The sign of life holds the seat's row for a blink; a call or an offer waits for that."""
    cast = assemble()
    seats.mark(cast.zhou.seat, "break", at=cast.clock.now)
    with psycopg.connect(own_database) as page:
        page.execute("UPDATE records_seat SET seen_at = seen_at WHERE id = %s", [cast.lin.seat])
        threading.Timer(0.3, page.commit).start()
        assert seats.ring_free_seat(cast.desk("12345:532300"), at=cast.clock.now).pk == cast.lin.seat
