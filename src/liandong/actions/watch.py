"""The desk as a place of work: shifts handed over, callers who harass (C三(二))."""

from datetime import datetime, timedelta

from django.utils import timezone

from liandong.actions.acting import action, advance, stream_event
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import Desk, Handover, Matter, Nuisance, PackRelease, Person
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid
from liandong.rules.workdays import due_at

LONGEST_REGISTER = timedelta(days=90)
"""A number stands on the register for three months at most, then it must be proposed again."""


def _due(city: str, limit: str, at: datetime) -> datetime:
    release = PackRelease.objects.in_force(city, timezone.localtime(at).date())
    return due_at(opened(release).limit(limit), timezone.localtime(at), calendar.is_workday)


@action
def offer_handover(desk: Desk, note: str, *, by: Actor, at: datetime) -> Handover:
    """交班: list what this seat still has open. Until somebody takes it, it is still ours."""
    access.require(by, "handover", "offer")
    access.require_desk(by, desk.code)
    open_here = Matter.objects.filter(holder=desk, seat_id=by.seat).exclude(state="archived").order_by("due_at")
    row, fresh = Handover.objects.get_or_create(from_person_id=by.person, state="offered", defaults={
        "desk": desk, "note": wording.words(note, "note", empty=True), "offered_at": at,
        "matters": [str(pk) for pk in open_here.values_list("pk", flat=True)],
        "due_at": _due(desk.city, "handover.take", at)})  # fmt: skip
    if not fresh:  # also when the same person pressed on another machine in the same moment
        raise Conflict("conflict.handover", state="offered")
    stream_event(f"handover:{desk.pk}", "handover.offered", by=by, at=at, topics=(f"desk:{desk.code}",),
                 handover=str(row.pk), matters=len(row.matters))  # fmt: skip
    return row


@action
def take_handover(row: Handover, *, by: Actor, at: datetime) -> Handover:
    """接班: the listed matters that are still open are this seat's now. The desk, the holder, stays what it was."""
    row.refresh_from_db()
    access.require_desk(by, row.desk.code)
    if by.person == row.from_person_id:
        raise Forbidden("forbidden.own_handover")
    advance(row, "take", by=by, ended_at=at, to_person_id=by.person)
    Matter.objects.filter(pk__in=row.matters, holder=row.desk).exclude(state="archived").update(seat_id=by.seat)
    stream_event(f"handover:{row.desk_id}", "handover.taken", by=by, at=at, topics=(f"desk:{row.desk.code}",),
                 handover=str(row.pk), matters=len(row.matters))  # fmt: skip
    return row


@action
def recall_handover(row: Handover, *, by: Actor, at: datetime) -> Handover:
    """Taken back by who offered it, while nobody has taken it."""
    row.refresh_from_db()
    if by.person != row.from_person_id:
        raise Forbidden("forbidden.seat", seat="")
    advance(row, "recall", by=by, ended_at=at)
    stream_event(f"handover:{row.desk_id}", "handover.recalled", by=by, at=at, topics=(f"desk:{row.desk.code}",))
    return row


@action
def lapse_handover(row: Handover, *, by: Actor, at: datetime) -> Handover:
    """Nobody took it: the open items are the whole desk's (no seat), so that every seat and the leader sees them."""
    row.refresh_from_db()
    advance(row, "lapse", by=by, ended_at=at)
    Matter.objects.filter(pk__in=row.matters, holder=row.desk, seat__person_id=row.from_person_id).update(seat=None)
    stream_event(f"handover:{row.desk_id}", "handover.lapsed", by=by, at=at, topics=(f"desk:{row.desk.code}",),
                 handover=str(row.pk), matters=len(row.matters))  # fmt: skip
    return row


@action
def propose_nuisance(number: str, evidence: str, *, by: Actor, at: datetime) -> Nuisance:
    """Propose a number for the register, with the calls as evidence. It changes nothing until a leader approves."""
    access.require(by, "nuisance", "propose")
    number, evidence = wording.telephone(number, "number"), wording.words(evidence, "evidence")
    if not number:
        raise Invalid("invalid.empty", "number")
    standing = {"city": by.city, "number": number, "state__in": ["proposed", "active"]}
    row, fresh = Nuisance.objects.get_or_create(**standing, defaults={
        "state": "proposed", "evidence": evidence, "proposed_at": at, "proposed_by_id": by.person,
        "due_at": _due(by.city, "nuisance.approve", at)})  # fmt: skip
    if not fresh:  # also when another seat proposed it in the same moment
        raise Conflict("conflict.nuisance", state=row.state)
    stream_event(f"nuisance:{by.city}", "nuisance.proposed", by=by, at=at, topics=(f"desk:{by.desk}",), row=str(row.pk))
    return row


@action
def decide_nuisance(row: Nuisance, approve: bool, *, by: Actor, at: datetime, until: datetime | None = None,
                    why: str = "") -> Nuisance:  # fmt: skip
    """A leader other than the proposer approves until a date, at most three months, or refuses."""
    row.refresh_from_db()
    why = wording.line(why, "why", 200)
    if by.city != row.city:
        raise Forbidden("forbidden.matter")
    if by.person == row.proposed_by_id:
        raise Forbidden("forbidden.own_proposal")
    if approve:
        until = until or at + timedelta(days=30)
        if not at < until <= at + LONGEST_REGISTER:
            raise Invalid("invalid.until", "until", most=LONGEST_REGISTER.days)
        advance(row, "approve", by=by, due_at=until, decided_by=Person.objects.get(pk=by.person), why=why)
    else:
        advance(row, "refuse", by=by, decided_by=Person.objects.get(pk=by.person), why=why, ended_at=at)
    kind = "nuisance.approved" if approve else "nuisance.refused"
    stream_event(f"nuisance:{row.city}", kind, by=by, at=at, row=str(row.pk), until=until if approve else None, why=why)
    return row


@action
def lift_nuisance(row: Nuisance, why: str, *, by: Actor, at: datetime) -> Nuisance:
    """Taken off the register before its date."""
    row.refresh_from_db()
    advance(row, "lift", by=by, ended_at=at, why=wording.line(why, "why", 200))
    stream_event(f"nuisance:{row.city}", "nuisance.lifted", by=by, at=at, row=str(row.pk), why=why)
    return row


@action
def end_nuisance(row: Nuisance, *, by: Actor, at: datetime) -> Nuisance:
    """Its date has come, or nobody approved it in time: it ends by itself."""
    row.refresh_from_db()
    kind, verb = ("nuisance.expired", "expire") if row.state == "active" else ("nuisance.lapsed", "lapse")
    advance(row, verb, by=by, ended_at=at)
    stream_event(f"nuisance:{row.city}", kind, by=by, at=at, row=str(row.pk))
    return row
