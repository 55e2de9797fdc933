"""What a unit still asked for with an order ends with the order, in the same act: nothing waits for an answer that could
no longer be carried out (H1)."""

from datetime import datetime

from liandong.actions.acting import Touched, advance, then_also, write_event
from liandong.records.models import Order
from liandong.rules import access


def asked_end(touched: Touched, order: Order, *, at: datetime) -> None:
    """Drop the open extension and the open requests for assistance of an order that has ended or stands still."""
    machine = access.system("order.ended", touched.matter.city)
    topics = (f"unit:{order.unit.code}",)
    for row in order.extensions.filter(state="asked"):
        advance(row, "drop", by=machine, ended_at=at)
        write_event(then_also(touched), "extension.dropped", by=machine, at=at, topics=topics, order=str(order.pk))
    for row in order.assistances.filter(state="asked"):
        advance(row, "drop", by=machine, ended_at=at)
        write_event(then_also(touched), "assistance.dropped", by=machine, at=at, topics=topics, order=str(order.pk))
