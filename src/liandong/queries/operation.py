"""How the node stands, in numbers alone, for those who look after it: no matter, no person, no place is in it.

One statement for what differs little in time, each by an index of what still waits; a scrape costs some milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Count, Min, Q

from liandong.records.models import (
    Demand,
    Event,
    Heartbeat,
    OutboxMessage,
    Partner,
    Seal,
    Seat,
    Transfer,
    VoiceOrder,
    WebhookMessage,
)
from liandong.records.models.exchange import WAITS
from liandong.rules import flows
from liandong.rules.presence import SILENT

OURS = "liandong-"
"""What our processes call themselves to the database begins so; the role follows."""

_CONNECTIONS = """
    SELECT CASE WHEN starts_with(application_name, %s) THEN substr(application_name, %s) ELSE 'other' END,
           coalesce(state, 'unknown'), count(*)
      FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait and how long the oldest has, in seconds; 0 when none does."""

    many: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Standing:
    """`outbox`: (partner's node, state) →; `webhooks`: state →; `overdue`: machine → rows whose step should have been taken;
    `offers`: all that are out, and `offers_past`: those past their time; `danger`: demands that nobody was sent for;
    `seats`: (platform, presence) → how many; `beats`, `silent`: process, partner → seconds since it was heard;
    `connections`: (role, state) → how many."""

    outbox: Mapping[tuple[str, str], Waiting]
    webhooks: Mapping[str, Waiting]
    overdue: Mapping[str, Waiting]
    offers: int
    offers_past: Waiting
    danger: Waiting
    voice: Waiting
    unsealed: float
    seats: Mapping[tuple[str, str], int]
    beats: Mapping[str, float]
    silent: Mapping[str, float]
    connections: Mapping[tuple[str, str], int]
    connections_most: int
    database_bytes: int


def standing(machines: Mapping[str, type[models.Model]], now: datetime) -> Standing:
    """Everything of `Standing`; `machines` are those whose waits end by themselves (`jobs.deadlines.RECORDS`)."""
    offers = Transfer.objects.filter(state__in=flows.waiting("transfer"))
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS, [OURS, len(OURS) + 1])
        connected = {(role, state): many for role, state, many in cursor.fetchall()}
        cursor.execute("SELECT current_setting('max_connections')::int, pg_database_size(current_database())")
        most, size = cursor.fetchone()
    return Standing(
        outbox=_outbox(now),
        webhooks=_by_state(WebhookMessage, ("waiting", "dead"), now),
        overdue={name: _past(model, name, now) for name, model in machines.items()},
        offers=offers.count(),
        offers_past=_past(Transfer, "transfer", now),
        danger=_oldest(Demand.objects.filter(state="open"), "opened_at", now),
        voice=_oldest(VoiceOrder.objects.filter(done_at__isnull=True), "asked_at", now),
        unsealed=_unsealed(now),
        seats=_seats(now),
        beats={row.process: _since(row.at, now) for row in Heartbeat.objects.all()},
        silent={p.node: _since(p.down_at, now) if p.down_at else 0.0 for p in Partner.objects.only("node", "down_at")},
        connections=connected,
        connections_most=most,
        database_bytes=size,
    )


def silent(now: datetime) -> list[tuple[str, float]]:
    """Processes that were heard once and are not any more: name, seconds."""
    rows = Heartbeat.objects.filter(at__lt=now - SILENT).order_by("at")
    return [(row.process, _since(row.at, now)) for row in rows]


def _outbox(now: datetime) -> dict[tuple[str, str], Waiting]:
    rows = OutboxMessage.objects.filter(state__in=WAITS).values_list("partner__node", "state").order_by()
    found = {
        (node, state): Waiting(0, 0.0) for node in Partner.objects.values_list("node", flat=True) for state in WAITS
    }
    return found | {(n, s): Waiting(m, _since(at, now)) for n, s, m, at in rows.annotate(Count("pk"), Min("made_at"))}


def _by_state(model: type[models.Model], states: tuple[str, ...], now: datetime) -> dict[str, Waiting]:
    return {state: _oldest(model.objects.filter(state=state), "made_at", now) for state in states}


def _past(model: type[models.Model], machine: str, now: datetime) -> Waiting:
    return _oldest(model.objects.filter(state__in=flows.waiting(machine), due_at__lt=now), "due_at", now)


def _oldest(rows: models.QuerySet, column: str, now: datetime) -> Waiting:
    found = rows.aggregate(many=Count("pk"), first=Min(column))
    return Waiting(found["many"], _since(found["first"], now))


def _unsealed(now: datetime) -> float:
    """Age of the oldest Event that no seal covers yet."""
    last = Seal.objects.order_by("-until").values_list("last_event", flat=True).first()
    first = Event.objects.filter(pk__gt=last or 0).order_by("pk").values_list("at", flat=True).first()
    return _since(first, now)


def _seats(now: datetime) -> dict[tuple[str, str], int]:
    there = Q(seen_at__gt=now - SILENT)
    rows = Seat.objects.filter(there).exclude(presence="off").values_list("desk__platform", "presence").order_by()
    lost = (
        Seat.objects.filter(~there, person__isnull=False)
        .exclude(presence="off")
        .values_list("desk__platform")
        .order_by()
    )
    found = {(platform, presence): many for platform, presence, many in rows.annotate(Count("pk"))}
    with_seats = (
        Seat.objects.filter(desk__partner=None, out_of_service=False)
        .values_list("desk__platform", flat=True)
        .order_by()
        .distinct()
    )
    nobody = {
        (platform, "free"): 0 for platform in with_seats
    }  # told, so that an empty desk differs from one elsewhere
    return nobody | found | {(platform, "silent"): many for platform, many in lost.annotate(Count("pk"))}


def _since(at: datetime | None, now: datetime) -> float:
    return max(timedelta(0), now - at).total_seconds() if at else 0.0
