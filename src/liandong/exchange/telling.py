"""Which Events another organisation's node is told of, and in which words: read from the Event as it is written, so that no
act can happen without its message. Only what `rules.messages` allows leaves this node."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from liandong.exchange import outbox
from liandong.records.joined import Joined
from liandong.records.models import (
    Demand,
    Desk,
    Event,
    FollowUp,
    Matter,
    OutboxMessage,
    Partner,
    SharedMatter,
    Transfer,
)
from liandong.records.models.handling import STANDING
from liandong.rules import additions, crossing, flows, wording
from liandong.rules.access import Actor
from liandong.rules.messages import LONGEST

OF_AN_OFFER = frozenset(kind for side in crossing.SENT_BY.values() for kind in side)
OF_A_MATTER = {
    "matter.recorded": "update",
    "matter.kept": "update",
    "matter.closed": "ended",
    "matter.archived": "ended",
    "matter.reopened": "reopened",
}
RAISED = ("danger.raised", "danger.added", "demand.escalated")
OVER = {"danger.lowered": "lowered", "danger.undone": "undone"}
ANSWERED = {"dispatch.sent": "dispatched", "demand.met": "dispatched", "demand.again": "danger_again"}
CARRIED = "demand.carried"
KINDS = OF_AN_OFFER | {*OF_A_MATTER, *RAISED, *OVER, *ANSWERED, CARRIED}
"""Kinds of Events that may have to be told; every other costs nothing."""
_TOLD = Joined(Matter, ("contact", "first_receiver"))


def tell(
    matter: Matter, kind: str, facts: dict[str, Any], *, by: Actor, at: datetime, offer: Transfer | None = None
) -> None:
    """Write the message that this Event means to the other side's node, if one stands there."""
    if kind in OF_A_MATTER:
        _tell_of_matter(matter.pk, OF_A_MATTER[kind], at=at)
    elif kind in RAISED or kind in OVER or kind in ANSWERED or kind == CARRIED:
        _tell_of_danger(matter, kind, facts, by=by, at=at)
    elif facts.get("transfer"):
        offers = Transfer.objects.select_related("from_desk__partner", "to_desk__partner")
        _tell_of_offer(offer or offers.get(pk=facts["transfer"]), kind, facts, by=by, at=at)


def _tell_of_offer(row: Transfer, kind: str, facts: dict[str, Any], *, by: Actor, at: datetime) -> None:
    ours, theirs = row.from_desk.partner_id is None, row.to_desk.partner_id is None
    if ours == theirs:
        return
    side, desk = (crossing.GIVER, row.to_desk) if ours else (crossing.TAKER, row.from_desk)
    message = crossing.SENT_BY[side].get(kind)
    if message:
        outbox.put(desk.partner, row.matter_id, message, words(message, row, facts, by=by), at=at)


def words(message: str, row: Transfer, facts: dict[str, Any], *, by: Actor) -> dict[str, Any]:
    """The data of a message about an offer."""
    data: dict[str, Any] = {"offer": str(row.pk)}
    who = _who(by)
    if message == "offer":
        data |= {"from_desk": row.from_desk.code, "to_desk": row.to_desk.code, "reason": row.reason, "clause": row.clause,
                 "consent": row.consent, "matter": about(row.matter_id)}  # fmt: skip
    elif message == "confirmed":
        data |= {"matter": about(row.matter_id, taken=True)}
        data |= {"spoken": {"work_no": facts["spoken"]}} if facts.get("spoken") else {}
        return data
    elif message == "refused":
        data |= {"cause": row.decline_code, "proposed": row.proposed_owner, "note": row.decline_note[:2000]}
    elif message == "expired":
        return data
    return data | ({"by": who} if who and message != "delivered" else {})


def spoken_of(row: Transfer) -> dict[str, str]:
    """Who took an accepted offer on the telephone, as the giver's Event has it: for a confirmation that is said again."""
    told = Event.objects.filter(matter=row.matter_id, kind="transfer.accepted", body__contains=str(row.pk)).first()
    return {"spoken": json.loads(told.body).get("spoken", "")} if told else {}


def about(pk: UUID, *, taken: bool = False, asked: bool = True) -> dict[str, Any]:
    """A matter as the other side may know it now: whom it is from only with danger, or when it has been taken, and never
    where it was told in confidence; with danger also what 110 is `asked` for, by its name, so that its end can be told."""
    row = _TOLD.get(pk)
    told = row.contact
    data: dict[str, Any] = {
        "number": row.number, "city": row.city, "title": row.title, "said": additions.fitting(row.said, LONGEST), "kind": row.kind,
        "item": row.item, "nature": row.nature, "district": row.district, "place": row.place, "danger": row.danger,
        "secret": row.secret, "source_hidden": row.source_hidden, "received_at": row.received_at.isoformat(),
        "channel": told.channel, "line": told.line, "answered": told.answered_at is not None,
        "first_receiver": row.first_receiver.code,
    }  # fmt: skip
    if (taken or row.danger == "raised") and not row.source_hidden:
        data["caller"] = {"number": told.number, "name": told.caller_name, "no_call_back": told.no_call_back}
    if asked and row.danger == "raised":
        demands = Demand.objects.filter(STANDING, matter=pk).select_related("desk")
        data["demands"] = [{"demand": str(one.pk), "desk": one.desk.code, "means": one.means, "state": one.state}
                           for one in demands.order_by("-opened_at")[:20]]  # fmt: skip
    return data


def _tell_of_matter(pk: UUID, message: str, *, at: datetime) -> None:
    """To every node the matter stands at, by the one that holds it: that it ended to all, in which words and what is written
    to whom it concerns."""
    shared = list(SharedMatter.objects.select_related("partner").filter(matter=pk, matter__holder__partner=None))
    for row in shared:
        if message == "update":
            if not _concerns(pk, row):
                continue
            data = {"matter": about(pk, taken=_was_taken(pk, row))}
        elif message == "ended":
            outcome, closing = Matter.objects.values_list("outcome", "closing").get(pk=pk)
            standard = wording.OUTCOMES.get(closing, "已办结")
            data = {"outcome": outcome if _concerns(pk, row) else standard, "closing": closing}
            if _concerns(pk, row) and (satisfied := _satisfied(pk)):
                data["satisfied"] = satisfied
        else:
            data = {}
        outbox.put(row.partner, pk, message, data, at=at)


def _satisfied(pk: UUID) -> str:
    """What the person said of it when last asked, "" where nobody asked since it was opened again."""
    again = Event.objects.filter(matter=pk, kind="matter.reopened").aggregate(at=Max("at"))["at"]
    asked = FollowUp.objects.filter(matter=pk, reached=True, **({"at__gt": again} if again else {})).order_by(
        "-at", "-pk"
    )
    return asked.values_list("satisfied", flat=True).first() or ""


def _tell_of_danger(matter: Matter, kind: str, facts: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Danger goes with number and place to the desk that is asked to send; what became of it, to the nodes it is about, by
    the demand's name, and in no words to who was told of it and is not concerned any more: it must end there too. A crew that
    answers no demand is nobody's answer there; what a crew found stays here, and what was said of another call. What came from
    one node is passed on by the matter's holder, in no words, to the others that were told of it."""
    rows = Demand.objects.select_related("desk__partner", "raised_by_desk").filter(matter=matter.pk)
    named = facts.get("demand")
    passed_on = by.name == "exchange"
    if (passed_on and (kind in RAISED or matter.holder.partner_id)) or (kind not in RAISED and not named):
        return
    demand = rows.filter(pk=named).first() if named else rows.filter(state="open").first()
    if demand is None:
        return
    data: dict[str, Any] = {"demand": str(demand.pk)} | ({"by": _who(by)} if _who(by) else {})
    if kind in RAISED:
        if demand.desk.partner and demand.state == "open":
            about_it = {"desk": demand.desk.code, "means": demand.means, "matter": about(matter.pk, asked=False)}
            if matter.holder.partner_id is None:
                about_it["from_desk"] = matter.holder.code
            outbox.put(demand.desk.partner, matter.pk, "danger", data | about_it, at=at)
        return
    if kind == CARRIED:
        _tell_of_carrying(demand, facts["into"], data, at=at)
        return
    if kind in OVER:
        message, why = "danger_over", "" if facts.get("dispatch") or facts.get("into") else demand.why[:2000]
        data |= {"how": OVER[kind], "why": why}
    else:
        message, data = ANSWERED[kind], data | ({"crew": facts["crew"][:60]} if facts.get("crew") else {})
    bare = {name: data[name] for name in ("demand", "how") if name in data}
    of_it = {desk.partner_id for desk in (matter.holder, matter.first_receiver, demand.desk)}
    came_from = (
        Desk.objects.filter(code=by.desk, city=matter.city).values_list("partner", flat=True).first()
        if passed_on
        else None
    )
    for row in SharedMatter.objects.select_related("partner").filter(matter=matter.pk).exclude(partner=came_from):
        concerned = not passed_on and (row.partner_id in of_it or _concerns(matter.pk, row))
        if not concerned and not _was_told(row, demand):
            continue
        for name in _names(row, demand):
            outbox.put(row.partner, matter.pk, message, (data if concerned else bare) | {"demand": name}, at=at)


def _tell_of_carrying(demand: Demand, into: str, data: dict[str, Any], *, at: datetime) -> None:
    """A merged call's demand goes on as that of the matter it was merged into. Where the same node's 110 is asked for that one,
    this one waits there no more; a crew that it has sent for it meanwhile goes on."""
    on = Demand.objects.filter(STANDING, matter__number=into, matter__city=demand.desk.city)
    if demand.desk.partner and on.filter(desk__partner=demand.desk.partner).exists():
        over = data | {"how": "undone", "why": demand.why[:2000]}
        outbox.put(demand.desk.partner, demand.matter_id, "danger_over", over, at=at)


def _who(by: Actor) -> dict[str, str]:
    return {"seat": by.seat_no, "work_no": by.work_no} if by.role != "system" else {}


def _concerns(pk: UUID, row: SharedMatter) -> bool:
    """Whether the partner may know what is written now: it is offered to it, it has held it, or it is asked to send. Whoever
    said no, or was late, is told nothing more until it is offered anew; nor of a secret is who has held it, perhaps the accused."""
    offered = Transfer.objects.filter(matter=pk, to_desk__partner=row.partner, state__in=flows.waiting("transfer"))
    asked = Demand.objects.filter(STANDING, matter=pk, desk__partner=row.partner)
    shut = Matter.objects.filter(Q(secret=True) | Q(source_hidden=True), pk=pk)
    return offered.exists() or asked.exists() or (_was_taken(pk, row) and not shut.exists())


def _was_told(row: SharedMatter, demand: Demand) -> bool:
    """Whether a message has ever named this demand to the partner, or the partner it to us."""
    raiser = demand.raised_by_desk
    if (raiser and raiser.partner_id == row.partner_id) or _own_names(row, demand):
        return True
    return _said(row.partner, demand).exists()


def _said(partner: Partner, demand: Demand) -> QuerySet[OutboxMessage]:
    said = OutboxMessage.objects.filter(partner=partner, matter=demand.matter_id).exclude(state="given_up")
    return said.filter(body__contains=str(demand.pk))


def was_asked(partner: Partner, demand: Demand) -> bool:
    """Whether 110 at this node was ever asked for it: before the demand went up to another desk, perhaps at another node."""
    return _said(partner, demand).filter(kind="danger").exists()


def _own_names(row: SharedMatter, demand: Demand) -> list[str]:
    """The names of what the partner raised itself, and was put together with this demand here."""
    added = Event.objects.filter(matter=row.matter_id, kind="danger.added", body__contains=str(demand.pk))
    told = [json.loads(body) for body in added.values_list("body", flat=True)]
    return sorted({f["demand"] for f in told if f.get("into") == str(demand.pk) and f.get("node") == row.partner.node})


def _names(row: SharedMatter, demand: Demand) -> list[str]:
    """Every name by which the partner knows this demand."""
    own = _own_names(row, demand)
    return own + ([str(demand.pk)] if not own or _said(row.partner, demand).exists() else [])


def _was_taken(pk: UUID, row: SharedMatter) -> bool:
    """Whether the partner has held it, and so knows whom it is from."""
    return Transfer.objects.filter(matter=pk, state="accepted", from_desk__partner=row.partner).exists()
