"""The calls to a desk that nobody has answered: those that wait, in the order in which they ring, and those that were missed."""

from uuid import UUID

from django.db.models import Q

from liandong.queries.desk.parts import local
from liandong.queries.desk.pulse import CALLS
from liandong.queries.desk.rows import Waiting
from liandong.queries.first import First
from liandong.queries.in_line import Placed, in_turn
from liandong.queries.sight import hides_source
from liandong.records.calls import UNANSWERED
from liandong.records.models import Desk, Matter
from liandong.rules import wording
from liandong.rules.access import Actor

MISSED = Q(state__in=["receiving", "held"], contact__ended_at__isnull=False, contact__answered_at__isnull=True)


def waiting(viewer: Actor) -> First[UUID]:
    """The calls that wait at the viewer's desk, as many as its board shows."""
    desk = Desk.objects.filter(code=viewer.desk).values_list("pk", flat=True).first()
    rows = Matter.objects.filter(UNANSWERED, holder=desk, contact__channel="phone").values_list("pk", flat=True)
    return First.of(rows[: CALLS + 1] if desk else (), CALLS)


def queue(viewer: Actor, desk: int | None) -> First[Waiting]:
    """In the order in which they ring free seats."""
    rows = Matter.objects.filter(UNANSWERED, holder=desk, contact__channel="phone")
    placed = in_turn(rows) if desk else []
    return First.of((_call(viewer, one.matter, one) for one in placed), CALLS)


def missed(viewer: Actor, desk: int | None) -> First[Waiting]:
    """The calls nobody has answered and that are over, oldest first."""
    rows = Matter.objects.filter(MISSED, holder=desk, contact__channel="phone").order_by("received_at", "pk")
    rows = rows.select_related("contact", "first_receiver", "seat")[: CALLS + 1] if desk else ()
    return First.of((_call(viewer, m) for m in rows), CALLS)


def _call(viewer: Actor, m: Matter, placed: Placed | None = None) -> Waiting:
    return Waiting(m.pk, m.pk, m.number, _number(viewer, m), "", local(m.contact.rang_at), local(m.late_at or m.due_at),
                   m.seat.number if m.seat and m.seat.desk_id == m.holder_id else "", m.state,
                   why=placed.call.why if placed else "", given_up=placed.call.given_up if placed else 0)  # fmt: skip


def _number(viewer: Actor, m: Matter) -> str:
    return "" if hides_source(viewer, m) else wording.masked(m.contact.number)
