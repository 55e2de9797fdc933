"""What the own system of a desk reads of the three-way talks that its desk asked for or was asked to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from liandong.queries import reach
from liandong.queries.sight import NotFound
from liandong.records.models import Conference, Matter
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class Talk:
    """A conference, whom each side names, and whose the matter is now."""

    id: UUID
    matter: UUID
    number: str
    from_desk: str
    with_desk: str
    state: str
    holder: str
    proposal: str | None
    counter: str | None
    why: str | None
    opened_at: datetime
    joined_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None


def talks(viewer: Actor, matter: UUID) -> tuple[Talk, ...]:
    """Those about a matter in sight, the newest first."""
    rows = _of_desk(viewer).filter(matter=reach.matter(viewer, matter)).order_by("-opened_at", "-pk")
    return tuple(map(_talk, rows))


def talk_of_desk(viewer: Actor, pk: UUID) -> Conference:
    """One of them, to read or to act on; NotFound for two other desks'."""
    row = _of_desk(viewer).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def matter_of_desk(viewer: Actor, pk: UUID) -> Matter:
    """A matter to ask about: in sight, or one that the viewer's desk has asked about before."""
    row = Matter.objects.filter(pk=pk, city=viewer.city, conferences__from_desk__code=viewer.desk).first()
    return row or reach.matter(viewer, pk)


def talk(row: Conference) -> Talk:
    """A conference as both desks' systems read it, as it is now."""
    return _talk(Conference.objects.select_related("matter__holder", "from_desk", "with_desk").get(pk=row.pk))


def _talk(row: Conference) -> Talk:
    return Talk(row.pk, row.matter_id, row.matter.number, row.from_desk.code, row.with_desk.code, row.state,
                row.matter.holder.code, row.proposal or None, row.counter or None, row.why or None, row.opened_at,
                row.joined_at, row.due_at, row.ended_at)  # fmt: skip


def _of_desk(viewer: Actor) -> QuerySet[Conference]:
    rows = Conference.objects.select_related("matter__holder", "from_desk", "with_desk", "from_seat", "with_seat")
    return rows.filter(Q(from_desk__code=viewer.desk) | Q(with_desk__code=viewer.desk), matter__city=viewer.city)
