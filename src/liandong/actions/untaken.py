"""转, when nobody takes it: the next seat, the leader, and then where the pack says (docs/explanation/custody.md)."""

from datetime import datetime

from liandong.actions import confer, elsewhere, voice
from liandong.actions.acting import Touched, action, advance, touching, write_event
from liandong.actions.custody import topics
from liandong.actions.gathering import lock
from liandong.actions.seats import mark, ring_free_seat
from liandong.actions.transfer import RECORD_BEFORE_VOICE, SEATS_RUNG, offer, recall, ring_until, stop_ringing
from liandong.records.models import Designation, Desk, Seat, Transfer
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.rules.say import Conflict


@action
def ring_further(row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """Nobody took it in time: another free seat of that desk, then its shift leader (docs/explanation/custody.md)."""
    if row.to_desk.partner_id:
        return lapse(row, by=by, at=at)
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        mark(row.to_seat_id, "free", at=at, only=("ringing",))
        again = row.state == "offered" and row.rings < SEATS_RUNG
        seat = ring_free_seat(row.to_desk, at=at, but=row.to_seat_id) if again else None
        if seat:
            _ring(touched, row, seat, rings=row.rings + 1, by=by, at=at)
        else:
            advance(row, "lead", by=by, due_at=touched.due("offer.leader", at))
            write_event(touched, "transfer.led", by=by, at=at, transfer=str(row.pk), topics=topics(row))
    return row


@action
def ring_first(row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """An offer that found no free seat rings the first that is free now; Conflict when it rings, is over, or none is."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        rings = row.state != "offered" or row.to_seat_id is not None
        seat = None if rings else ring_free_seat(row.to_desk, at=at, but=row.from_seat_id)
        if seat is None:
            raise Conflict("conflict.seat_busy", seat="")
        _ring(touched, row, seat, rings=row.rings, by=by, at=at)
    return row


def _ring(touched: Touched, row: Transfer, seat: Seat, *, rings: int, by: Actor, at: datetime) -> None:
    advance(row, "next_seat", by=by, to_seat=seat, rings=rings, due_at=ring_until(touched, at))
    if row.with_voice and (call := voice.live_call(touched.matter)):
        voice.order("transfer", at=at, call=call.pk, seat=seat, transfer=row, due_at=row.due_at,
                    wait_until=(at + RECORD_BEFORE_VOICE).isoformat())  # fmt: skip
    write_event(touched, "transfer.rang_next", by=by, at=at, seat=seat.number, topics=topics(row))


@action
def lapse(row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """Nobody there took it at all: where the pack says. Chuxiong: back with the first desk, which never let go.
    Panzhihua: the duty office is asked to designate. In danger: the prefecture's 110 is offered it next."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        if row.from_desk.partner_id:
            return elsewhere.lead_again(touched, row, by=by, at=at)
        advance(row, "lapse", by=by, ended_at=at)
        stop_ringing(touched, row, at=at)
        then = confer.after_nobody(touched, row.to_desk)
        write_event(touched, "transfer.lapsed", by=by, at=at, transfer=str(row.pk), then=then, topics=topics(row),
                    clause=touched.pack.clause_of("offer.lapsed"))  # fmt: skip
        confer.do_next(touched, then, "offer_lapsed", by=by, at=at)
    if then == "prefecture_110":
        above = Desk.objects.get(code=touched.pack.desk_for("110").code)
        offer(touched.matter, above, by=_as_holder(row), at=at, reason=row.reason, clause=row.clause)
    return row


@action
def report(row: Transfer, *, by: Actor, at: datetime) -> Designation:
    """报总值班室: an offer that is past its time and has gone nowhere by itself is taken back by the desk that gave it, which asks
    in the same act whose the matter is (P二(三)). The holder stays the holder. Conflict while its time runs."""
    lock({row.matter_id})  # both acts below write their own Event, each with the next number
    row.refresh_from_db()
    if row.state in flows.waiting("transfer") and row.due_at is not None and at < row.due_at:
        raise Conflict("conflict.offer_runs")
    recall(row, by=by, at=at)
    return confer.escalate(row.matter, f"转{row.to_desk.short}，到时没人接", by=by, at=at)


def _as_holder(row: Transfer) -> Actor:
    return Actor(role="system", name="offer.lapsed.danger", desk=row.from_desk.code, seat=row.from_seat_id)
