"""Seats and presence: who sits where, and which seat a call or an offer rings next."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from liandong.actions.acting import action, stream_event
from liandong.records.calls import UNANSWERED
from liandong.records.models import Desk, Matter, Seat
from liandong.rules.access import Actor
from liandong.rules.presence import SILENT
from liandong.rules.say import Conflict, Forbidden

_FREE_SEAT = """
    UPDATE records_seat SET presence = 'ringing', presence_at = %(at)s
     WHERE id = (SELECT id FROM records_seat
                  WHERE desk_id = %(desk)s AND presence = 'free' AND id <> %(but)s
                    AND seen_at > %(heard)s AND presence_at <= %(since)s
                  ORDER BY presence_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id
"""
SEEN_AGAIN = timedelta(seconds=5)
"""A page's sign of life is written this often at most: every page that is woken gives one."""
GIVEN_OUT = timedelta(seconds=3)
"""In this time a seat that becomes free is given to whoever waits (jobs.seating); one free for longer nobody gives out."""


@action
def sit(seat: Seat, *, by: Actor, at: datetime, session: str = "") -> Seat:
    """Take a seat: it is mine from now on and rings when a call comes. Conflict when a colleague sits there; a place in the
    duty office that was silent for a minute is free, for nobody hands over there.

    `session` names the sign-in that sits down: others of the same person then do not act from this seat.
    """
    if by.desk != seat.desk.code:
        raise Forbidden("forbidden.desk", desk=seat.desk.code)
    if seat.out_of_service:
        raise Conflict("conflict.seat_out_of_service", seat=seat.number)
    others = Seat.objects.filter(person_id=by.person).exclude(pk=seat.pk)
    others.update(person=None, presence="off", presence_at=at, session="")
    free = Seat.objects.filter(pk=seat.pk, person__isnull=True) | Seat.objects.filter(pk=seat.pk, person_id=by.person)
    if seat.desk.platform == "duty":
        free |= Seat.objects.filter(pk=seat.pk, seen_at__lt=at - SILENT)
    talking = seat.person_id == by.person and seat.presence in (
        "ringing",
        "talking",
    )  # the seat moves, the talk goes on
    presence = seat.presence if talking else "free"
    if free.update(person_id=by.person, presence=presence, presence_at=at, seen_at=at, session=session) != 1:
        raise Conflict("conflict.seat_taken", seat=seat.number)
    stream_event(
        f"seat:{seat.pk}", "seat.taken", by=by, at=at, topics=(f"desk:{seat.desk.code}", f"seats:{seat.desk.city}")
    )
    seat.refresh_from_db()
    return seat


@action
def set_presence(seat: Seat, presence: str, *, by: Actor, at: datetime) -> Seat:
    """Free, wrapping up, or on a break, by the person who sits there. A seat that rings or talks stays so."""
    if by.seat != seat.pk:
        raise Forbidden("forbidden.seat", seat=seat.number)
    if presence not in ("free", "wrapping", "break", "off"):
        raise Conflict("conflict.seat_busy", seat=seat.number)
    person = {"person": None} if presence == "off" else {}
    idle = Seat.objects.filter(pk=seat.pk).exclude(presence__in=["ringing", "talking"])
    if idle.update(presence=presence, presence_at=at, **person) != 1:
        raise Conflict("conflict.seat_busy", seat=seat.number)
    stream_event(
        f"seat:{seat.pk}",
        "seat.presence",
        by=by,
        at=at,
        topics=(f"desk:{seat.desk.code}", f"seats:{seat.desk.city}"),
        presence=presence,
    )
    seat.refresh_from_db()
    return seat


def seen(seat_id: int, *, at: datetime, writing: bool = False) -> None:
    """The seat's page is alive; a seat not seen for a minute is not rung. `writing`: a key was typed since the last sign,
    and wrapping up begins anew from here."""
    seat = Seat.objects.filter(pk=seat_id)
    seat.exclude(seen_at__gt=at - SEEN_AGAIN).update(seen_at=at)
    if writing:
        seat.filter(presence="wrapping").update(wrote_at=at)


def ring_free_seat(desk: Desk, *, at: datetime, but: int | None = None, since: datetime | None = None) -> Seat | None:
    """Take the seat of this desk that has been free longest, marking it as ringing; None when all are busy. `since`: only one
    that has been free from then on."""
    here = {
        "desk": desk.pk,
        "at": at,
        "heard": at - SILENT,
        "but": but or 0,
        "since": since or datetime.max.replace(tzinfo=UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FREE_SEAT, here)
        row = cursor.fetchone()
    # First one that nobody is writing to; else one being written to: its page may only be giving a sign of life.
    seat = row[0] if row else _wait_for_seat(desk, at=at, but=but, since=since)
    return Seat.objects.select_related("desk", "person").get(pk=seat) if seat else None


def first_to_ring(desk: Desk, *, calls: bool, at: datetime) -> Seat | None:
    """The seat that rings for who comes in now. One that has only just become free is left to those who wait already:
    whose turn it is says rules.turns."""
    waiting = Matter.objects.filter(UNANSWERED, holder=desk, contact__call__isnull=False)
    others = calls and waiting.exclude(seat__presence="ringing").exists()
    return ring_free_seat(desk, at=at, since=at - GIVEN_OUT if others else None)


def _wait_for_seat(desk: Desk, *, at: datetime, but: int | None, since: datetime | None) -> int | None:
    free = Seat.objects.filter(desk=desk, presence="free", seen_at__gt=at - SILENT).exclude(pk=but)
    free = free.filter(presence_at__lte=since) if since else free
    for seat in list(free.order_by("presence_at").values_list("pk", flat=True)):
        # A seat that was waited for in vain stays locked until the act ends, and two acts that wait for two seats would
        # wait for each other: the savepoint lets go of one before the next is waited for.
        point = transaction.savepoint()
        if free.filter(pk=seat).update(presence="ringing", presence_at=at) == 1:
            transaction.savepoint_commit(point)
            return seat
        transaction.savepoint_rollback(point)
    return None


def mark(seat_id: int | None, presence: str, *, at: datetime, only: tuple[str, ...] = ()) -> None:
    """The switch or an act says what a seat is doing; `only` limits it to seats now in these presences."""
    if seat_id is None:
        return
    rows = Seat.objects.filter(pk=seat_id).exclude(presence="off")
    (rows.filter(presence__in=only) if only else rows).update(presence=presence, presence_at=at)
