"""What the machine does about phones that ring: the next seat, the seat that is free again, the person rung back."""

from datetime import datetime
from uuid import UUID

from liandong.actions import voice
from liandong.actions.acting import Touched, action, stream_event, touching, write_event
from liandong.actions.seats import mark, ring_free_seat
from liandong.records.models import Contact, Matter, Seat, Transfer
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.rules.say import Conflict


@action
def ring_next(matter: Matter, *, by: Actor, at: datetime, first: str = "") -> Matter:
    """A call that waits, or that nobody answers at its seat, rings the free seat of its desk that waits longest. `first`: why
    it comes before somebody who has waited longer (rules.turns).

    Conflict when the call is over or answered, or when no other seat is free: then it goes on ringing where it rings.
    """
    with touching(matter) as touched:
        now, contact = touched.matter, touched.matter.contact
        if now.state != "receiving" or contact.answered_at or contact.ended_at or contact.call is None:
            raise Conflict("conflict.call_over")
        before = now.seat_id
        _ring(touched, by=by, at=at, due_at=now.due_at, first=first)
        mark(before, "free", at=at, only=("ringing",))
        Contact.objects.filter(pk=contact.pk).update(seat=now.seat)
    return touched.matter


@action
def ring_again(matter: Matter, *, by: Actor, at: datetime, due_at: datetime) -> Matter:
    """The person is on the line and nobody is with them any more (a phone died): a free seat of the holder rings until
    `due_at`, and the matter opens there. Conflict when the call is over, when it is on offer, or when no seat is free."""
    with touching(matter) as touched:
        now = touched.matter
        call = voice.live_call(now)
        if call is None or call.seats or call.ringing:
            raise Conflict("conflict.call_over")
        if now.transfers.filter(state__in=flows.waiting("transfer"), with_voice=True).exists():
            raise Conflict("conflict.open_offer")
        _ring(touched, by=by, at=at, due_at=due_at)
    return touched.matter


def _ring(touched: Touched, *, by: Actor, at: datetime, due_at: datetime | None, first: str = "") -> None:
    """The free seat of the holder that waits longest rings until `due_at`, and the matter opens there. Conflict when none
    is free."""
    now = touched.matter
    seat = ring_free_seat(now.holder, at=at)
    if seat is None:
        raise Conflict("conflict.seat_busy", seat="")
    left = (f"seat:{now.seat_id}",) if now.seat_id else ()
    Matter.objects.filter(pk=now.pk).update(seat=seat)
    voice.order("ring", at=at, call=now.contact.call, seat=seat, due_at=due_at)
    now.seat = seat
    write_event(touched, "contact.rang", by=by, at=at, topics=(f"seat:{seat.pk}", *left), seat=seat.number, first=first)


@action
def free_again(seat: Seat, *, by: Actor, at: datetime) -> Seat:
    """A seat that wrapped up for long enough, or was left ringing with nothing that rings, is free. `seat` is as it was
    read; Conflict when its person was first."""
    same = Seat.objects.filter(pk=seat.pk, presence=seat.presence, presence_at=seat.presence_at)
    if same.update(presence="free", presence_at=at) != 1:
        raise Conflict("conflict.seat_busy", seat=seat.number)
    stream_event(f"seat:{seat.pk}", "seat.freed", by=by, at=at, after=seat.presence,
                 topics=(f"desk:{seat.desk.code}", f"seat:{seat.pk}"))  # fmt: skip
    seat.refresh_from_db()
    return seat


@action
def rang(transfer: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """The second phone rings: the record was delivered, or waited for long enough (docs/explanation/one-call.md)."""
    with touching(transfer.matter_id) as touched:
        still = Transfer.objects.filter(pk=transfer.pk, rang_at__isnull=True, state__in=flows.waiting("transfer"))
        if still.update(rang_at=at) != 1:
            raise Conflict("conflict.receipt_known")
        waited = round((at - transfer.offered_at).total_seconds(), 1)
        seat = transfer.to_seat.number if transfer.to_seat else ""
        write_event(touched, "transfer.rang", by=by, at=at, transfer=str(transfer.pk), seat=seat, waited_s=waited,
                    topics=(f"desk:{transfer.to_desk.code}",))  # fmt: skip
        transfer.refresh_from_db()
    return transfer


@action
def rung_back(matter: UUID, result: str, *, by: Actor, at: datetime) -> Matter:
    """What became of ringing the person back: "answered", or the exchange's cause."""
    with touching(matter) as touched:
        kind = "contact.reached" if result == "answered" else "contact.not_reached"
        write_event(touched, kind, by=by, at=at, cause="" if result == "answered" else result)
    return touched.matter
