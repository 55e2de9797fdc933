"""The channels of a city as its administrator sees them: whether they stand, what came and went, what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from liandong.queries.desk.parts import local
from liandong.records.models import ChannelMessage, ChannelStanding
from liandong.rules.access import Actor

A_DAY = timedelta(days=1)
MOST = 50


@dataclass(frozen=True, slots=True)
class Health:
    """One channel; counts are of the last day, `waiting` of now. `up_at` and `down_at` are None for one without a connection."""

    name: str
    title: str
    up_at: datetime | None
    down_at: datetime | None
    detail: str
    taken: int
    joined: int
    refused: int
    sent: int
    failed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """A message that was refused, or did not arrive; never its words, nor whom it is from."""

    channel: str
    state: str
    line: str
    reason: str
    number: str
    at: datetime


def health(viewer: Actor, names: Iterable[tuple[str, str]], now: datetime) -> list[Health]:
    """Each channel of (name, title)."""
    rows = ChannelMessage.objects.filter(city=viewer.city).order_by()
    day = rows.filter(made_at__gt=now - A_DAY).values_list("channel", "state").annotate(many=Count("pk"))
    many = {(channel, state): count for channel, state, count in day}
    waiting = dict(rows.filter(state="waiting").values_list("channel").annotate(many=Count("pk")))
    stands = {row.channel: row for row in ChannelStanding.objects.all()}
    return [_health(name, title, stands.get(name), many, waiting.get(name, 0)) for name, title in names]


def _health(
    name: str, title: str, row: ChannelStanding | None, many: dict[tuple[str, str], int], waiting: int
) -> Health:
    def told(*states: str) -> int:
        return sum(many.get((name, state), 0) for state in states)

    up, down, why = (local(row.up_at), local(row.down_at), row.detail) if row else (None, None, "")
    return Health(name, title, up, down, why, told("taken"), told("joined"), told("refused"),
                  told("sent", "delivered", "silent"), told("failed"), waiting)  # fmt: skip


def wrong(viewer: Actor) -> list[Wrong]:
    """What was refused and what did not arrive, the newest first. A secret matter keeps its number."""
    rows = ChannelMessage.objects.filter(city=viewer.city, state__in=["refused", "failed"])
    rows = rows.select_related("matter").order_by("-made_at")[:MOST]
    return [Wrong(row.channel, row.state, row.line, row.reason, row.matter.number if row.matter and not row.matter.secret else "",
                  local(row.made_at)) for row in rows]  # fmt: skip
