"""并案商请 (R3): one desk asks another to let its matter be merged; custody comes over only with the other's word."""

from datetime import datetime

from liandong.actions.acting import action, advance, touching, write_event
from liandong.actions.custody import take_over
from liandong.actions.gathering import gather_after, root_of
from liandong.actions.joining import both, carry_danger, freeze, refuse_while_custody_may_move
from liandong.records.models import Joining, Matter
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict


@action
def ask(matter: Matter, into: Matter, why: str, *, by: Actor, at: datetime) -> Joining:
    """并案商请: our matter `into` should take in another desk's `matter`. Nothing moves until that desk agrees."""
    why = wording.line(why, "why", 200)
    with touching(matter) as touched:
        now = touched.matter
        into = Matter.objects.select_related("holder").get(pk=into.pk)
        access.require_desk(by, into.holder.code)
        if now.holder_id == into.holder_id:
            raise Conflict("conflict.one_holder")
        if now.state not in ("held", "handling") or into.state not in ("held", "handling") or now.city != into.city:
            raise Conflict("conflict.matter", state=now.state, verb="merge")
        if now.joinings.filter(state="asked").exists():
            raise Conflict("conflict.joining", state="asked")
        row = Joining.objects.create(matter=now, into=into, asked_by=into.holder, asked_of=now.holder, state="asked",
                                     why=why, asked_at=at, due_at=touched.due("joining.answer", at))  # fmt: skip
        write_event(touched, "joining.asked", by=by, at=at, joining=str(row.pk), into=into.number, why=why,
                    topics=(f"desk:{into.holder.code}",))  # fmt: skip
    return row


@action
def agree(row: Joining, *, by: Actor, at: datetime) -> Joining:
    """The other desk agrees: custody of its matter comes over, and it is merged, in one act."""
    with both(row.matter, row.into) as (low, high):
        row.refresh_from_db()
        access.require_desk(by, low.matter.holder.code)
        refuse_while_custody_may_move(low.matter)
        if high.matter.state in ("archived", "merged") or low.matter.merged.exists():
            raise Conflict("conflict.matter", state=high.matter.state, verb="merge")
        advance(row, "agree", by=by, ended_at=at)
        carry_danger(low, high, at=at)
        take_over(low, high.matter.holder, high.matter.seat_id, at=at)
        freeze(low, high, by=by, at=at)
        write_event(high, "matter.joined", by=by, at=at, child=low.matter.number, joining=str(row.pk))
        gather_after(root_of(low.matter), low.matter.city, at=at)
    return row


@action
def refuse(row: Joining, why: str, *, by: Actor, at: datetime) -> Joining:
    """The other desk keeps its matter; the two stay linked."""
    why = wording.line(why, "why", 200)
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, row.asked_of.code)
        advance(row, "refuse", by=by, ended_at=at)
        write_event(touched, "joining.refused", by=by, at=at, joining=str(row.pk), why=why,
                    topics=(f"desk:{row.asked_by.code}",))  # fmt: skip
    return row


@action
def lapse(row: Joining, *, by: Actor, at: datetime) -> Joining:
    """No word in time: both go on as they are."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "lapse", by=by, ended_at=at)
        write_event(touched, "joining.lapsed", by=by, at=at, joining=str(row.pk), topics=(f"desk:{row.asked_by.code}",))
    return row
