"""Everybody whose call was merged into a matter: they are owed the same answer, and are put away with it (R3, A1)."""

from datetime import datetime

from liandong.actions.acting import Touched, advance, touching, write_event
from liandong.records.models import Delivery, Matter
from liandong.rules.access import Actor


def owe(touched: Touched, answer: str, *, at: datetime) -> None:
    """Each further caller gets a Delivery of these words, within the act that answers the matter."""
    for child in touched.matter.merged.filter(state="merged").select_related("contact"):
        _owe(touched, child, answer, at=at)


def owe_late(touched: Touched, child: Matter, *, at: datetime) -> None:
    """A call that is merged into what is answered already is owed that answer too."""
    if touched.matter.state == "answered":
        _owe(touched, child, touched.matter.answer or touched.matter.outcome, at=at)


def _owe(touched: Touched, child: Matter, answer: str, *, at: datetime) -> None:
    if child.contact_id == touched.matter.contact_id or child.deliveries.filter(state="due").exists():
        return
    Delivery.objects.create(matter=touched.matter, contact=child.contact, state="due", words=answer, prepared_at=at,
                            due_at=touched.due("reply.tell", at))  # fmt: skip


def put_away_with(parent: Matter, *, by: Actor, at: datetime) -> None:
    """What is merged is archived with its parent; its orders, frozen until now, end with it."""
    for child in parent.merged.filter(state="merged").order_by("pk"):
        with touching(child) as low:
            for order in low.matter.orders.filter(state="frozen"):
                advance(order, "withdraw", by=by, ended_at=at)
            advance(low.matter, "archive_merged", by=by, archived_at=at, outcome=parent.outcome, answer=parent.answer,
                    solved=parent.solved)  # fmt: skip
            write_event(low, "matter.archived", by=by, at=at, into=parent.number)
