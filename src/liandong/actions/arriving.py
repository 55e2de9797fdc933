"""What another organisation's node says about a matter is done here: in order, once, and by the table of rules.crossing.

Runs in the transaction in which the inbox keeps the message. Raises Refused; then nothing was done.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from liandong.actions import arriving_danger, copies, told_danger
from liandong.actions.acting import Touched, advance, then_also, write_event
from liandong.actions.copies import who
from liandong.actions.custody import take_over, taken, topics, unseen
from liandong.actions.gathering import gather_after, known_root, touching_in_call
from liandong.actions.seats import mark, ring_free_seat
from liandong.actions.transfer import cited, ring_until
from liandong.exchange import outbox, telling
from liandong.records.joined import Joined
from liandong.records.models import Desk, Partner, SharedMatter, Transfer
from liandong.rules import access, crossing, flows, wording
from liandong.rules.exchange import Envelope, Refused
from liandong.rules.say import Unable

OPENING = ("offer", "danger")
"""Kinds that may be the first word about a matter."""
OF_NOTHING = ("void", "recalled", "expired", "danger_over", "danger_again", "update", "ended", "reopened")
"""Kinds that leave nothing to be done about a matter that never came: its first message was given up."""

_OFFER = Joined(Transfer, ("from_desk", "to_desk", "from_seat"))


def do(partner: Partner, envelope: Envelope, *, at: datetime) -> None:
    """Do one message about a matter; Refused when it is not its turn or not the partner's to say."""
    pk = UUID(envelope.subject)
    known, root = known_root(pk)
    if not known and envelope.kind in OPENING:
        holder = _desk(_giver(envelope), partner)
        # what was said before this did not concern us any more, or was given up
        touched = copies.make(pk, envelope.data["matter"], holder, partner, heard=envelope.sequence, at=at)
        DO[envelope.kind](touched, envelope.data, partner, at=at)
        return
    if not known and envelope.kind in OF_NOTHING:
        return
    if not known:
        raise Refused("subject", envelope.subject)
    try:
        with touching_in_call(pk, root) as touched:
            if not _in_turn(partner, envelope):
                return
            DO[envelope.kind](touched, envelope.data, partner, at=at)
            gather_after(root, touched.matter.city, at=at)
    except Unable as unable:
        raise Refused("offer", unable.say.code) from unable


def _giver(envelope: Envelope) -> str:
    """The desk that holds it there; a danger that another node's matter is in comes from who received it first."""
    return envelope.data.get("from_desk") or envelope.data["matter"].get("first_receiver", "")


def _in_turn(partner: Partner, envelope: Envelope) -> bool:
    """Whether there is anything to do. A `void` in the place of what was done all the same (its sender only never heard so) is
    taken, or it would hold up what follows for ever."""
    rows = SharedMatter.objects.filter(matter=envelope.subject, partner=partner)
    if rows.filter(heard=envelope.sequence - 1).update(heard=envelope.sequence):
        return True
    row = rows.first()
    if row is None:
        raise Refused("subject", envelope.subject)
    if envelope.sequence > row.heard:
        raise Refused("order", str(row.heard + 1))
    if envelope.kind == "void":
        return False
    raise Refused("sequence_reused", str(envelope.sequence))


def _desk(code: str, partner: Partner | None) -> Desk:
    """A desk at the partner's node, or one of ours for None."""
    row = Desk.objects.filter(code=code, partner=partner).first()
    if row is None:
        raise Refused("desk", code)
    row.partner = partner
    return row


def _offer(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    matter, is_new = touched.matter, touched.written > 0
    giver = matter.holder if matter.holder.code == data["from_desk"] else _desk(data["from_desk"], partner)
    taker, now = _desk(data["to_desk"], None), ""
    if matter.holder.partner_id != partner.pk or Transfer.objects.filter(pk=data["offer"]).exists():
        raise Refused("offer", data["offer"])
    if not is_new:
        _end_unsaid(touched, partner, at=at)
        if matter.state == "archived":  # that it was opened again was never said: its sender gave that up
            _reopened(touched, {}, partner, at=at)
            then_also(touched)
        now = copies.keep_told(touched, data["matter"], at=at)
    if matter.holder_id != giver.pk:  # it went from desk to desk at their node, which was nobody else's business
        take_over(touched, giver, None, at=at)
    seat = ring_free_seat(taker, at=at)
    row = Transfer.objects.create(
        pk=data["offer"], matter=matter, from_desk=giver, to_desk=taker, to_seat=seat, state="offered", with_voice=False,
        consent=data.get("consent", False), kind=matter.item or matter.kind, reason=data.get("reason", ""),
        clause=data.get("clause", ""), offered_at=at, delivered_at=at, due_at=ring_until(touched, at),
    )  # fmt: skip
    by = who(data, giver)
    write_event(touched, "transfer.offered", by=by, at=at, offer=row, transfer=str(row.pk), to=taker.code, **cited(touched, row.clause),
                reason=row.reason, seat=seat.number if seat else "", consent=row.consent, topics=topics(row))  # fmt: skip
    write_event(then_also(touched), "transfer.delivered", by=who({}, taker), at=at, offer=row, transfer=str(row.pk),
                topics=topics(row))  # fmt: skip
    told_danger.keep(touched, data["matter"], partner, now, at=at)


def _end_unsaid(touched: Touched, partner: Partner, *, at: datetime) -> None:
    """Who offers anew has ended its last offer, of which the end was never said (its sender gave that up): it ends here too."""
    rows = touched.matter.transfers.filter(state__in=flows.waiting("transfer")).select_related("from_desk", "to_desk")
    for row in rows:
        if row.from_desk.partner_id != partner.pk:
            raise Refused("offer", str(row.pk))
        _over(touched, row, "expire_there", {}, at=at)
        then_also(touched)


def _row(touched: Touched, data: dict[str, Any], partner: Partner, side: str) -> Transfer:
    row = _OFFER.first(data["offer"])
    there = row and (row.to_desk if side == crossing.GIVER else row.from_desk)
    if row is None or row.matter_id != touched.matter.pk or there.partner_id != partner.pk:
        raise Refused("offer", data["offer"])
    there.partner = partner
    return row


def _receipt(what: str) -> Callable:
    def note(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
        """送达 or 看见 at the other node: stamped here with our clock, once."""
        row = _row(touched, data, partner, crossing.GIVER)
        if getattr(row, f"{what}_at") is None and row.state == "offered":
            Transfer.objects.filter(pk=row.pk).update(**{f"{what}_at": at})
            kind = "transfer.delivered" if what == "delivered" else "transfer.seen"
            write_event(
                touched, kind, by=who(data, row.to_desk), at=at, offer=row, transfer=str(row.pk), topics=topics(row)
            )

    return note


def _crossed(kind: str, side: str, moved: Callable) -> Callable:
    def cross(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
        """A message that may cross with an act of ours: the table says what it does, and what is said again."""
        row = _row(touched, data, partner, side)
        move = crossing.on_message(side, row.state, kind)
        if move.verb:
            moved(touched, row, move.verb, data, at=at)
        elif move.answer:
            machine = access.system("exchange", touched.matter.city)
            told = telling.words(move.answer, row, telling.spoken_of(row), by=machine)
            outbox.put(partner, touched.matter.pk, move.answer, told, at=at)

    return cross


def _accepted(touched: Touched, row: Transfer, verb: str, data: dict[str, Any], *, at: datetime) -> None:
    """受理 at the other node: the holder moves by our commit, and they are told so."""
    taken(touched, row, verb, None, by=who(data, row.to_desk), at=at, **unseen(row, at))


def _confirmed(touched: Touched, row: Transfer, verb: str, data: dict[str, Any], *, at: datetime) -> None:
    """The giver has committed it: now it is ours, and we may know whom it is from. Who no longer holds it has nothing to give."""
    if touched.matter.holder.partner_id != row.from_desk.partner_id:
        raise Refused("offer", data["offer"])
    now = copies.keep_told(touched, data["matter"], at=at) if "matter" in data else ""
    mark(row.to_seat_id, "free", at=at, only=("ringing",))
    taken(touched, row, verb, row.to_seat_id, by=who(data, row.from_desk), at=at,
          spoken=data.get("spoken", {}).get("work_no", ""))  # fmt: skip
    told_danger.keep(touched, data.get("matter", {}), row.from_desk.partner, now, at=at)


def _refused(touched: Touched, row: Transfer, verb: str, data: dict[str, Any], *, at: datetime) -> None:
    note = data.get("note", "")
    by = who(data, row.to_desk)
    advance(
        row, verb, by=by, ended_at=at, decline_code=data["cause"], decline_note=note, proposed_owner=data["proposed"]
    )
    write_event(touched, "transfer.declined", by=by, at=at, offer=row, transfer=str(row.pk), cause=data["cause"],
                proposed=data["proposed"], topics=topics(row), private={"note": note} if note else None)  # fmt: skip


def _over(touched: Touched, row: Transfer, verb: str, data: dict[str, Any], *, at: datetime) -> None:
    """Taken back by the giver, or run out at its clock."""
    by = who(data, row.from_desk)
    advance(row, verb, by=by, ended_at=at)
    mark(row.to_seat_id, "free", at=at, only=("ringing",))
    kind = "transfer.recalled" if row.state == "recalled" else "transfer.lapsed"
    write_event(touched, kind, by=by, at=at, offer=row, transfer=str(row.pk), topics=topics(row))


def _of_holder(touched: Touched, partner: Partner) -> access.Actor:
    """The holder there, who alone says how its matter stands."""
    if touched.matter.holder.partner_id != partner.pk:
        raise Refused("subject", str(touched.matter.pk))
    return who({}, touched.matter.holder)


def _update(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    by = _of_holder(touched, partner)
    now = copies.keep_told(touched, data["matter"], at=at)
    offered = touched.matter.transfers.filter(state__in=flows.waiting("transfer")).values_list(
        "to_desk__code", flat=True
    )
    write_event(touched, "matter.updated_there", by=by, at=at, characters=len(data["matter"]["said"]),
                topics=tuple(f"desk:{code}" for code in offered))  # fmt: skip
    told_danger.keep(touched, data["matter"], partner, now, at=at)


def _ended(touched: Touched, data: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    """The holder there has put it away: both platforms read the outcome (A2)."""
    by = _of_holder(touched, partner)
    if touched.matter.state == "away":
        advance(
            touched.matter, "end_there", by=by, outcome=data["outcome"], closing=data.get("closing", ""), archived_at=at
        )
        satisfied = data.get("satisfied", "") if data.get("satisfied") in wording.SATISFIED else ""
        write_event(touched, "matter.ended_there", by=by, at=at, outcome=data["outcome"], satisfied=satisfied)


def _reopened(touched: Touched, _: dict[str, Any], partner: Partner, *, at: datetime) -> None:
    by = _of_holder(touched, partner)
    if touched.matter.state == "archived":
        advance(touched.matter, "reopen_there", by=by, archived_at=None, due_at=touched.due("remind.again.away", at))
        write_event(touched, "matter.reopened_there", by=by, at=at)


def _void(*_: Any, at: datetime) -> None:
    """In the place of a message that its sender gave up: nothing is done, what follows has its turn."""


DO: dict[str, Callable[..., None]] = {
    "offer": _offer, "delivered": _receipt("delivered"), "seen": _receipt("seen"),
    "accepted": _crossed("accepted", crossing.GIVER, _accepted),
    "refused": _crossed("refused", crossing.GIVER, _refused),
    "confirmed": _crossed("confirmed", crossing.TAKER, _confirmed),
    "recalled": _crossed("recalled", crossing.TAKER, _over), "expired": _crossed("expired", crossing.TAKER, _over),
    "danger": arriving_danger.raised, "dispatched": arriving_danger.dispatched, "danger_over": arriving_danger.over,
    "danger_again": arriving_danger.again, "update": _update, "ended": _ended, "reopened": _reopened, "void": _void,
}  # fmt: skip
