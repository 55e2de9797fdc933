"""转: one key hands over voice and record; nobody lets go before another has taken (X1, X4, X5; C二(二)1, P二(二)).

The offer never moves the holder. Only its acceptance does (custody.taken), and between an accept and a recall that cross, the
commit that comes second is told so.
"""

from datetime import datetime, timedelta
from typing import Any

from liandong.actions import confer, elsewhere, sheets, voice
from liandong.actions.acting import Touched, action, advance, touching, write_event
from liandong.actions.custody import taken, topics, unseen
from liandong.actions.gathering import gather_after, of_call
from liandong.actions.seats import mark, ring_free_seat
from liandong.actions.suggested import suggested_of
from liandong.records.models import Conference, Desk, Matter, Seat, Transfer
from liandong.rules import access, flows, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid

RECORD_BEFORE_VOICE = timedelta(seconds=1.5)
"""How long the voice waits for the record to be on the other screen (docs/explanation/one-call.md)."""

SEATS_RUNG = 2
"""How many seats of a desk ring before its shift leader is asked (docs/explanation/custody.md)."""


@action
def offer(matter: Matter, to_desk: Desk, *, by: Actor, at: datetime, reason: str = "", clause: str = "",
          consent: bool = False, with_voice: bool = True, in_confidence: bool = False) -> Transfer:  # fmt: skip
    """Offer a matter to another desk. `in_confidence` is for leads that touch stability (C二(二)2): they go to 110 at once,
    without voice, and only the first desk knows by whom. The caller stays with the first desk on any error; the holder stays the holder.

    A dispute at 110 goes on only after recorded first handling that found no offence (C附件二(七), H3).
    """
    reason, clause = wording.line(reason, "reason", 200), wording.line(clause, "clause", 200)
    with of_call(matter) as (touched, root):
        now = touched.matter
        access.require(by, "transfer", "offer")
        access.require_desk(by, now.holder.code)
        _refuse_impossible(touched, to_desk)
        if in_confidence:
            if (now.holder.platform, to_desk.platform) != ("12345", "110"):
                raise Invalid("invalid.to_desk", "to_desk")
            Matter.objects.filter(pk=now.pk).update(secret=True, source_hidden=True)
        there = to_desk.partner_id is not None  # at another node: its own seats ring, and voice does not cross yet
        call = voice.live_call(now) if with_voice and not in_confidence and not there else None
        seat = None if there else ring_free_seat(to_desk, at=at, but=by.seat)
        row = Transfer.objects.create(
            matter=now, from_desk=now.holder, to_desk=to_desk, from_seat_id=by.seat, to_seat=seat, state="offered",
            with_voice=call is not None, consent=consent, kind=now.item or now.kind, reason=reason, clause=clause,
            offered_at=at, due_at=taken_until(touched, at) if there else ring_until(touched, at),
        )  # fmt: skip
        if call:
            voice.order("transfer", at=at, call=call.pk, seat=seat, transfer=row, due_at=row.due_at,
                        wait_until=(at + RECORD_BEFORE_VOICE).isoformat())  # fmt: skip
        write_event(touched, "transfer.offered", by=by, at=at, offer=row, transfer=str(row.pk), to=to_desk.code, **cited(touched, clause),
                    reason=reason, seat=seat.number if seat else "", consent=consent, in_confidence=in_confidence,
                    suggested=suggested_of(touched, by=by, at=at), topics=topics(row))  # fmt: skip
        if there and to_desk.partner.down_at:
            sheets.instead(touched, now.holder, to_desk, elsewhere.asked(row), by=by, at=at)
        if in_confidence:
            gather_after(root, now.city, at=at)
    return row


def cited(touched: Touched, clause: str) -> dict[str, Any]:
    """A clause as an Event keeps it: one of the pack's own for whoever reads it, other words apart, where they can be erased."""
    if not clause or touched.pack.cites(clause):
        return {"clause": clause}
    return {"private": {"clause": clause}}


def _refuse_impossible(touched: Touched, to_desk: Desk) -> None:
    matter = touched.matter
    if matter.state not in ("receiving", "held"):
        raise Conflict("conflict.not_transferable", state=matter.state)
    if to_desk.pk == matter.holder_id or to_desk.platform == "duty" or to_desk.city != matter.city:
        raise Invalid("invalid.to_desk", "to_desk")
    if matter.transfers.filter(state__in=flows.waiting("transfer")).exists():
        raise Conflict("conflict.open_offer")
    if matter.conferences.filter(state="open").exists():
        raise Conflict("conflict.open_conference")
    if to_desk.partner_id and matter.merged.filter(state="merged").exists():
        raise Conflict("conflict.merged_elsewhere")  # further callers would be owed an answer that is given there
    kind = touched.pack.kind(matter.item or matter.kind)
    dispute = kind is not None and kind.after_first_handling and matter.holder.platform == "110"
    if dispute and not matter.dispatches.filter(state="done", no_offence=True).exists():
        raise Conflict("conflict.first_handling", clause=kind.source.clause)


def ring_until(touched: Touched, at: datetime) -> datetime:
    """Until when one seat rings: shorter while danger is open."""
    return touched.due("offer.ring_danger" if touched.matter.danger == "raised" else "offer.ring", at)


def taken_until(touched: Touched, at: datetime) -> datetime:
    """Until when another node may take it, by our clock: as long as its seats and its leader would have had here."""
    for _ in range(SEATS_RUNG):
        at = ring_until(touched, at)
    return touched.due("offer.leader", at)


@action
def receipt(row: Transfer, what: str, *, by: Actor, at: datetime) -> Transfer:
    """The other side's page says `delivered` (the machine has the record) or `seen` (a person has it on the screen).
    Neither is acceptance. Saying it twice changes nothing."""
    if what not in ("delivered", "seen"):
        raise Invalid("invalid.receipt")
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, row.to_desk.code)
        column = f"{what}_at"
        if getattr(row, column) or row.state not in flows.waiting("transfer"):
            raise Conflict("conflict.receipt_known")
        also = {"delivered_at": at} if what == "seen" and not row.delivered_at else {}
        Transfer.objects.filter(pk=row.pk).update(**{column: at}, **also)
        write_event(touched, f"transfer.{what}", by=by, at=at, offer=row, transfer=str(row.pk), topics=topics(row))
        if row.with_voice:
            voice.wake()  # the other telephone rings from here on
        row.refresh_from_db()
    return row


@action
def accept(row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """受理: a person of the receiving desk takes it, and the holder moves. Of another node's offer it is a claim, which the
    giver's node confirms."""
    with of_call(row.matter) as (touched, root):
        row.refresh_from_db(from_queryset=Transfer.objects.select_related("from_desk__partner", "to_desk__partner"))
        access.require_desk(by, row.to_desk.code)
        if row.from_desk.partner_id:
            return elsewhere.claim(touched, row, by=by, at=at)
        here = {"to_seat_id": by.seat} if by.seat else {}
        taken(touched, row, "accept", by.seat, by=by, at=at, **unseen(row, at), **here)
        _join_talk(touched, row, by, at=at)
        gather_after(root, touched.matter.city, at=at)
    return row


def _join_talk(touched: Touched, row: Transfer, by: Actor, *, at: datetime) -> None:
    call = voice.live_call(touched.matter) if row.with_voice else None
    if call is None:
        mark(row.to_seat_id, "free", at=at, only=("ringing",))
        return
    seat = Seat.objects.get(pk=by.seat)
    mark(by.seat, "talking", at=at)
    voice.order("answer", at=at, call=call.pk, seat=seat, transfer=row)
    if row.from_seat_id:
        voice.order("leave", at=at, call=call.pk, seat=row.from_seat)
        mark(row.from_seat_id, "wrapping", at=at, only=("talking",))


@action
def recall(row: Transfer, *, by: Actor, at: datetime) -> Transfer:
    """撤回 by the desk that offered, while nobody has accepted."""
    with touching(row.matter_id) as touched:
        access.require_desk(by, row.from_desk.code)
        advance(row, "recall", by=by, ended_at=at)
        stop_ringing(touched, row, at=at)
        write_event(touched, "transfer.recalled", by=by, at=at, offer=row, transfer=str(row.pk), topics=topics(row))
    return row


@action
def decline(row: Transfer, cause: str, proposed: str, *, by: Actor, at: datetime, note: str = "") -> Transfer:
    """The receiving desk says no, from a closed list and naming who should take it. Not while danger is open (X5)."""
    if cause not in flows.DECLINES:
        raise Invalid("invalid.decline", "cause")
    note = wording.words(note, "note", empty=True)
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, row.to_desk.code)
        if touched.matter.danger == "raised" and row.to_desk.platform == "110":
            raise Forbidden("forbidden.decline_in_danger")
        if touched.pack.row(proposed) is None or proposed == row.to_desk.code:
            raise Invalid("invalid.proposed_owner", "proposed")
        advance(row, "decline", by=by, ended_at=at, decline_code=cause, decline_note=note, proposed_owner=proposed)
        stop_ringing(touched, row, at=at)
        write_event(touched, "transfer.declined", by=by, at=at, offer=row, transfer=str(row.pk), cause=cause, proposed=proposed,
                    topics=topics(row), private={"note": note} if note else None)  # fmt: skip
    return row


@action
def negotiate(row: Transfer, *, by: Actor, at: datetime) -> Conference:
    """要求协商: instead of refusing, the receiving desk asks for the three-way talk. The holder stays."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, row.to_desk.code)
        elsewhere.refuse_talk(row.from_desk)
        advance(row, "negotiate", by=by, ended_at=at)
        mark(row.to_seat_id, "free", at=at, only=("ringing",))
        return confer.open_conference(touched, row.to_desk, by=by, at=at, first_seat=row.from_seat_id,
                                      second_seat=by.seat, transfer=str(row.pk))  # fmt: skip


def stop_ringing(touched: Touched, row: Transfer, *, at: datetime) -> None:
    """The offer has ended without acceptance: the other phone stops, the talk is as it was."""
    mark(row.to_seat_id, "free", at=at, only=("ringing",))
    call = voice.live_call(touched.matter)
    if row.with_voice and call:
        voice.order("unhold", at=at, call=call.pk, seat=row.from_seat, transfer=row)
