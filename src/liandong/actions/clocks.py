"""What may be done to an order's clock, by whom, and how it ends: extension, suspension, supervision (H1)."""

from datetime import datetime

from django.utils import timezone

from liandong.actions.acting import action, advance, touching, write_event
from liandong.packs import calendar
from liandong.records.models import Desk, Extension, Order
from liandong.records.models.places import DUTY_HERE
from liandong.rules import access, reminders, wording
from liandong.rules.access import Actor
from liandong.rules.pack import Limit, Source
from liandong.rules.say import Conflict, Invalid
from liandong.rules.workdays import due_at

LONGEST_EXTENSION = 30
"""Working days one extension may ask for at most; a bound against slips of the hand, not a rule of any notice."""


@action
def ask_extension(order: Order, days: int, why: str, *, by: Actor, at: datetime) -> Extension:
    """申请延期: the unit asks, with a reason. The clock goes on until the desk has decided."""
    why = wording.words(why, "why")
    if not 1 <= days <= LONGEST_EXTENSION:
        raise Invalid("invalid.days", "days", most=LONGEST_EXTENSION)
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        access.require_unit(by, order.unit.code)
        access.require(by, "extension", "ask")
        if order.state != "signed":
            raise Conflict("conflict.order", state=order.state, verb="extend")
        if order.extensions.filter(state="asked").exists():
            raise Conflict("conflict.extension", state="asked")
        row = Extension.objects.create(order=order, matter=touched.matter, state="asked", days=days, why=why, asked_at=at,
                                       due_at=touched.due("extension.decide", at))  # fmt: skip
        write_event(touched, "extension.asked", by=by, at=at, order=str(order.pk), days=days, private={"why": why},
                    topics=(f"unit:{order.unit.code}",))  # fmt: skip
    return row


@action
def decide_extension(row: Extension, granted: bool, *, by: Actor, at: datetime) -> Extension:
    """The desk that gave the order grants or refuses. Granted, the order's own limit moves; what the person was promised
    stays as it was promised and both are shown."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, touched.matter.holder.code)
        advance(row, "grant" if granted else "refuse", by=by, ended_at=at)
        order = row.order
        if granted:
            later = _working_days_later(order.answer_due_at, row.days)
            advance(order, "extend", by=by, answer_due_at=later, due_at=later)
        write_event(touched, "extension.granted" if granted else "extension.refused", by=by, at=at, order=str(order.pk),
                    days=row.days, answer_due_at=order.answer_due_at, topics=(f"unit:{order.unit.code}",))  # fmt: skip
    return row


def _working_days_later(start: datetime, days: int) -> datetime:
    limit = Limit("extension", days, "day", "working", Source("", "project-default"))
    return due_at(limit, timezone.localtime(start), calendar.is_workday)


@action
def lapse_extension(row: Extension, *, by: Actor, at: datetime) -> Extension:
    """Not decided in time: not granted, and both sides are told."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "lapse", by=by, ended_at=at)
        write_event(touched, "extension.lapsed", by=by, at=at, order=str(row.order_id),
                    topics=(f"unit:{row.order.unit.code}",))  # fmt: skip
    return row


@action
def suspend(order: Order, until: datetime, why: str, *, by: Actor, at: datetime) -> Order:
    """中止: the unit waits for something outside itself (a court, the season), with a reason and an end. It resumes by
    itself; the time until then is not taken from the person's own clock."""
    why = wording.line(why, "why", 200)
    if not why:
        raise Invalid("invalid.empty", "why")
    if not at < until <= _working_days_later(at, 2 * LONGEST_EXTENSION):
        raise Invalid("invalid.until", "until", most=2 * LONGEST_EXTENSION)
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        access.require_unit(by, order.unit.code)
        if touched.matter.danger == "raised":
            raise Conflict("conflict.danger_open")
        advance(order, "suspend", by=by, suspended_until_at=until, suspend_why=why, due_at=until)
        write_event(touched, "order.suspended", by=by, at=at, order=str(order.pk), until=until, private={"why": why},
                    topics=(f"unit:{order.unit.code}",))  # fmt: skip
    return order


@action
def resume(order: Order, *, by: Actor, at: datetime) -> Order:
    """The suspension ends: at its date by itself, or earlier by the unit or the desk. The order's limit moves by as long as
    it stood still."""
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        if by.role == "clerk":
            access.require_unit(by, order.unit.code)
        elif by.role != "system":
            access.require_desk(by, touched.matter.holder.code)
        since = (
            touched.matter.events.filter(kind="order.suspended").order_by("-seq").values_list("at", flat=True).first()
        )
        limit = order.answer_due_at + (at - since if since else at - at)
        advance(order, "resume", by=by, due_at=limit, answer_due_at=limit, suspended_until_at=None)
        write_event(touched, "order.resumed", by=by, at=at, order=str(order.pk), answer_due_at=limit,
                    topics=(f"unit:{order.unit.code}",))  # fmt: skip
    return order


@action
def report(order: Order, *, by: Actor, at: datetime) -> Order:
    """报总值班室: an order past its limit is told to the duty office, once for each limit, by the desk that answers for it or by
    its own unit (P二(三)). Nothing moves: the office sees it first among what is late, with who told it. A secret matter is not
    told: the office reads none."""
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        if by.unit:
            access.require_unit(by, order.unit.code)
        else:
            access.require_desk(by, touched.matter.holder.code)
        access.require(by, "order", "report")
        if touched.matter.secret:
            raise Invalid("invalid.report_secret", "order")
        office = Desk.objects.filter(DUTY_HERE, city=touched.matter.city).first()
        if office is None:
            raise Invalid("invalid.no_office_here", "order")
        limit = reminders.runs_to(order.state, order.sign_due_at, order.answer_due_at)
        if reminders.reported(limit, order.reported_at):
            raise Conflict("conflict.reported")
        if limit is not None and at < limit:
            raise Conflict("conflict.not_late")
        advance(order, "report", by=by, reported_at=at, reported_by=by.unit or by.desk, reported_seat=by.seat_no)
        write_event(touched, "order.reported", by=by, at=at, order=str(order.pk), to=office.code,
                    topics=(f"desk:{office.code}", f"unit:{order.unit.code}"))  # fmt: skip
    return order


@action
def supervise(order: Order, why: str, *, by: Actor, at: datetime) -> Order:
    """督办: a leader or supervisor watches an order; it is marked in the unit's list and stands in the circular (S2)."""
    why = wording.line(why, "why", 200)
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        if by.desk:
            access.require_desk(by, touched.matter.holder.code)
        advance(order, "supervise", by=by, supervised_at=at)
        write_event(touched, "order.supervised", by=by, at=at, order=str(order.pk), why=why,
                    topics=(f"unit:{order.unit.code}",))  # fmt: skip
    return order
