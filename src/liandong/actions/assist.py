"""协办: the lead's unit asks for another unit beside it; the desk that gave the order decides. The lead's own clock goes
on, and what is not decided in time is not given (H1)."""

from datetime import datetime

from liandong.actions import handle
from liandong.actions.acting import action, advance, then_also, touching, write_event
from liandong.records.models import Assistance, Order, Unit
from liandong.rules import access, flows, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Invalid


@action
def ask(order: Order, unit: Unit, why: str, *, by: Actor, at: datetime) -> Assistance:
    """请协办: which unit, and for what. Only the lead asks, once it has signed; a unit that has an order already, or was
    asked for already, is not asked for again."""
    why = wording.words(why, "why")
    with touching(order.matter_id) as touched:
        order.refresh_from_db()
        access.require_unit(by, order.unit.code)
        access.require(by, "assistance", "ask")
        if order.state != "signed" or order.part != "lead":
            raise Conflict("conflict.order", state=order.state, verb="assist")
        matter = touched.matter
        if unit.city != matter.city or unit.retired or unit.pk == order.unit_id:
            raise Invalid("invalid.unit", "unit")
        if matter.orders.filter(unit=unit, state__in=flows.waiting("order")).exists():
            raise Conflict("conflict.unit_has_order", unit=unit.short)
        if order.assistances.filter(unit=unit, state="asked").exists():
            raise Conflict("conflict.assistance", state="asked")
        row = Assistance.objects.create(order=order, matter=matter, unit=unit, state="asked", why=why, asked_at=at,
                                        due_at=touched.due("assistance.decide", at))  # fmt: skip
        write_event(touched, "assistance.asked", by=by, at=at, order=str(order.pk), to_unit=unit.code,
                    topics=(f"unit:{order.unit.code}",), private={"why": why})  # fmt: skip
    return row


@action
def decide(row: Assistance, granted: bool, *, by: Actor, at: datetime) -> Assistance:
    """同意 or 不同意 by the desk that holds the matter. Granted, the unit has its own order with its own clock."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        access.require_desk(by, touched.matter.holder.code)
        advance(row, "grant" if granted else "refuse", by=by, ended_at=at)
        kind = "assistance.granted" if granted else "assistance.refused"
        write_event(touched, kind, by=by, at=at, order=str(row.order_id), to_unit=row.unit.code,
                    topics=(f"unit:{row.order.unit.code}",))  # fmt: skip
        if granted:
            row.given = handle.issue(then_also(touched), row.unit, row.why, "assist", by, at=at)
            Assistance.objects.filter(pk=row.pk).update(given=row.given)
    return row


@action
def lapse(row: Assistance, *, by: Actor, at: datetime) -> Assistance:
    """Not decided in time: not given, and both sides are told; the unit may ask again."""
    with touching(row.matter_id) as touched:
        row.refresh_from_db()
        advance(row, "lapse", by=by, ended_at=at)
        write_event(touched, "assistance.lapsed", by=by, at=at, order=str(row.order_id), to_unit=row.unit.code,
                    topics=(f"unit:{row.order.unit.code}",))  # fmt: skip
    return row
