"""Finding matters: by number, words of the title, place; open ones first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Q, Value, When

from liandong.queries.sight import in_sight
from liandong.rules.access import Actor

MOST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A matter as a list shows it."""

    id: UUID
    number: str
    title: str
    place: str
    holder: str
    first: str
    state: str
    danger: str
    received_at: datetime
    due_at: datetime | None


def matters(viewer: Actor, words: str = "", *, only_open: bool = False, most: int = MOST) -> tuple[Found, ...]:
    """At most `most` matters in the viewer's sight whose number, title or place holds `words`."""
    rows = in_sight(viewer).select_related("holder", "first_receiver")
    words = words.replace("\x00", "").strip()[:60]
    if words:
        rows = rows.filter(Q(number__contains=words) | Q(title__contains=words) | Q(place__contains=words))
    if only_open:
        rows = rows.exclude(state="archived")
    ended = Case(When(state="archived", then=Value(1)), default=Value(0))
    return tuple(
        Found(m.pk, m.number, m.title, m.place, m.holder.short, m.first_receiver.short, m.state, m.danger,
              m.received_at, m.due_at)
        for m in rows.order_by(ended, "due_at", "-received_at")[:most]
    )  # fmt: skip


def by_number(viewer: Actor, number: str) -> UUID | None:
    """The newest matter of this number in sight ("1118-0427"; numbers return every year)."""
    row = in_sight(viewer).filter(number=number.replace("\x00", "")[:20]).order_by("-received_at").first()
    return row.pk if row else None
