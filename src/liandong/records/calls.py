"""Who waits to be answered, and the parts of one call as `rules.together` judges them; read alike by what acts and by what shows."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from liandong.records.models import Desk, Matter, Reply, ReplyPart
from liandong.rules import together
from liandong.rules.together import Part

UNANSWERED = Q(state="receiving", contact__answered_at__isnull=True, contact__ended_at__isnull=True)
"""Matters whose caller waits for somebody to answer."""


def parts_of(root: UUID) -> list[tuple[Matter, Part]]:
    """Every part of the call that began with `root`, the first first, as it stands now; alone when it was never parted."""
    rows = Matter.objects.filter(Q(pk=root) | Q(part_of=root)).select_related("holder", "first_receiver", "contact")
    told = dict(
        ReplyPart.objects.filter(part__in=rows, under_way=False).order_by("reply__told_at")
        .values_list("part_id", "reply__told_at")
    )  # fmt: skip
    return [(m, _part(m, told.get(m.pk))) for m in rows.order_by("received_at", "number")]


def _part(m: Matter, told_at: datetime | None) -> Part:
    return Part(
        id=str(m.pk), state=m.state, holder=m.holder.code, closing=m.closing,
        confidential=m.secret or m.source_hidden, danger=m.danger != "none", promised_at=m.answer_due_at,
        told=bool(m.state == "archived" and told_at and m.archived_at and told_at >= m.archived_at),
    )  # fmt: skip


def who_and_until(m: Matter) -> tuple[str, datetime | None]:
    """Who is handling a part, in a name that may be told, and until when its answer was promised. Of a confidential
    part only the desk is named."""
    lead = m.orders.filter(part="lead", state__in=["assigned", "signed", "suspended"]).select_related("unit").first()
    named = lead and not (m.secret or m.source_hidden)
    return (lead.unit.short if named else m.holder.short), m.answer_due_at


def open_reply(root: UUID) -> Reply | None:
    """The answer that still gathers, or waits to be told."""
    return Reply.objects.select_related("desk").filter(matter=root, state__in=["gathering", "due"]).first()


def desk_of(root: UUID) -> Desk:
    """The desk that owes the person the answer: fixed once an answer is gathering, else by who holds the parts now."""
    reply = open_reply(root)
    if reply:
        return reply.desk
    call = parts_of(root)
    began = next(m for m, _ in call if m.pk == root)
    code = together.teller(began.first_receiver.code, began.holder.code, [part for _, part in call])
    return Desk.objects.get(code=code)
