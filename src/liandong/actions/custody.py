"""Where custody moves, and nowhere else."""

from datetime import datetime

from liandong.actions.acting import Touched, advance, touching, write_event
from liandong.actions.last_words import let_go
from liandong.records.models import Desk, Matter, Seat, Transfer
from liandong.rules import access
from liandong.rules.access import Actor


def topics(row: Transfer) -> tuple[str, ...]:
    """The pages both sides of an offer look at."""
    seats = [f"seat:{s}" for s in (row.from_seat_id, row.to_seat_id) if s]
    return (f"desk:{row.from_desk.code}", f"desk:{row.to_desk.code}", *seats)


def unseen(row: Transfer, at: datetime) -> dict[str, datetime]:
    """Who takes an offer has it, and has it on the screen: the receipts that it still lacks, as of now."""
    return {name: at for name in ("delivered_at", "seen_at") if getattr(row, name) is None}


def taken(touched: Touched, row: Transfer, verb: str, seat: int | None, *, by: Actor, at: datetime, spoken: str = "",
          **changes: int | datetime) -> None:  # fmt: skip
    """An offer ends in its acceptance: the other desk is the holder, told in one Event. `verb` of rules.flows says on which
    side and by whom, `changes` what else becomes of the offer, `spoken` who said it on the telephone."""
    advance(row, verb, by=by, ended_at=at, **changes)
    take_over(touched, row.to_desk, seat, at=at, giver=row.from_seat)
    write_event(touched, "transfer.accepted", by=by, at=at, offer=row, transfer=str(row.pk), holder=row.to_desk.code, spoken=spoken,
                after_s=round((at - row.offered_at).total_seconds(), 1), topics=topics(row))  # fmt: skip


def take_over(touched: Touched, desk: Desk, seat: int | None, *, at: datetime, giver: Seat | None = None) -> None:
    """The desk becomes holder with a fresh decision clock; `seat` is who has it on the screen, None for the desk's list.
    What is typed at the `giver` (the seat that has had it on the screen, when none is named) goes along.
    首接 stays what it was. Called only where rules.flows says moves="holder" (acceptance, settlement, designation, a joining
    that was agreed to), and where the giver's node has moved a matter of its own between its desks."""
    matter = touched.matter
    giver = giver or matter.seat
    let_go(touched, giver.person_id if giver else None, desk, at=at)
    state, limit = _stands(matter.state, desk)
    due = touched.due(limit, at)
    Matter.objects.filter(pk=matter.pk).update(
        holder=desk, seat_id=seat, state=state, due_at=due, late_at=None, reminded=0
    )
    matter.holder, matter.seat_id, matter.state, matter.due_at = desk, seat, state, due
    for child in matter.merged.filter(state="merged").order_by("pk"):
        with touching(child) as low:
            _follow(low, desk, matter.number, at=at)


def _stands(state: str, desk: Desk) -> tuple[str, str]:
    """The state under the new holder and the limit of its wait: at another organisation's node it is away (X8)."""
    if desk.partner_id:
        return "away", "remind.again.away"
    return ("held" if state in ("receiving", "held", "away") else state), "matter.decide"


def _follow(low: Touched, desk: Desk, into: str, *, at: datetime) -> None:
    """What is merged has its parent's holder."""
    left = low.matter.holder
    Matter.objects.filter(pk=low.matter.pk).update(holder=desk, seat_id=None)
    low.matter.holder = desk
    machine = access.system("custody.merged", low.matter.city)
    write_event(low, "matter.followed", by=machine, at=at, holder=desk.code, into=into, topics=(f"desk:{left.code}",))
