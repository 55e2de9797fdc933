"""Prometheus reads here: what the processes counted of themselves, and how the database stands at this moment.

Processes of one node share a folder of counters (`PROMETHEUS_MULTIPROC_DIR`, set by `up`), so that its pages answer for all
of them; a process that runs alone answers by itself on `LIANDONG_METRICS_PORT`. Only who is asked for is answered."""

import contextlib
import hmac
import os
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from liandong import __version__
from liandong.jobs.deadlines import RECORDS
from liandong.ops.kept import age
from liandong.ops.processes import alive
from liandong.queries.operation import Standing, standing

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
PATIENCE = "2s"
"""The database's time for one scrape; what cannot be read in it is said to be down rather than waited for."""
TYPE = CONTENT_TYPE_LATEST


def allowed(headers: Mapping[str, str], sender: str) -> bool:
    """By the token, or from one of the networks of the settings. Behind a proxy whose word of the sender is missing every
    sender looks like this machine: then only the token counts."""
    token = settings.METRICS_TOKEN
    said = headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token and hmac.compare_digest(said.encode(), token.encode()):
        return True
    if settings.BEHIND_PROXY and not headers.get("X-Forwarded-For"):
        return False
    try:
        return any(ip_address(sender) in ip_network(one, strict=False) for one in settings.METRICS_FROM)
    except ValueError:
        return False


def exposition() -> bytes:
    """Everything, in Prometheus' text form."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return generate_latest(REGISTRY) + generate_latest(_of_database())
    for file in Path(folder).glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not alive(int(pid)):
            mark_process_dead(int(pid))
    registry = _of_database()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _of_database() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(OfDatabase())
    return registry


class OfDatabase(Collector):
    """How the database stands, read at the scrape."""

    def describe(self) -> list[Metric]:
        return []  # else it would be read once more when it is registered

    def collect(self) -> Iterator[Metric]:
        yield gauge("liandong_info", "The version that answers", ["version"], {(__version__,): 1})
        old = age(settings.BACKUPS, settings.NODE, timezone.now())
        kept = {} if old is None else {(): old}  # none at all is told by its absence
        yield gauge("liandong_backup_age_seconds", "Since the newest backup here was made", [], kept)
        stands = _read()
        yield gauge(
            "liandong_database_up", "1: the database answered within the time of a scrape", [], {(): stands is not None}
        )
        if stands is not None:
            yield from told(stands)


def _read() -> Standing | None:
    with contextlib.suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        return standing(RECORDS, timezone.now())
    return None


def told(s: Standing) -> Iterator[Metric]:
    """`Standing` under the names that dashboard and alerts ask for."""
    for name, about, labels, rows in (
        ("liandong_outbox", "messages for other organisations", ["partner", "state"], s.outbox),
        ("liandong_webhook_messages", "messages for other systems", ["state"], s.webhooks),
        ("liandong_overdue", "waits whose step is past its time", ["machine"], s.overdue),
        ("liandong_offers_past_due", "offers past their time", [], {(): s.offers_past}),
        ("liandong_danger_unsent", "dangers raised that nobody was sent for", [], {(): s.danger}),
        ("liandong_voice_orders_waiting", "voice orders not done", [], {(): s.voice}),
    ):
        yield gauge(name, f"How many {about}", labels, {key: row.many for key, row in rows.items()})
        oldest = {key: row.seconds for key, row in rows.items()}
        yield gauge(f"{name}_oldest_seconds", f"How long the oldest has waited of {about}", labels, oldest)
    yield gauge("liandong_offers", "Offers that are out", [], {(): s.offers})
    yield gauge("liandong_unsealed_seconds", "Age of the oldest Event that no seal covers", [], {(): s.unsealed})
    yield gauge("liandong_seats", "Seats somebody sits at", ["platform", "presence"], s.seats)
    yield gauge("liandong_heartbeat_age_seconds", "Since a process was heard", ["role"], s.beats)
    yield gauge("liandong_partner_silent_seconds", "Since when a node is silent, 0: it answers", ["partner"], s.silent)
    yield gauge("liandong_database_connections", "Connections to the database", ["role", "state"], s.connections)
    yield gauge("liandong_database_connections_most", "Connections it takes", [], {(): s.connections_most})
    yield gauge("liandong_database_bytes", "Size of the database", [], {(): s.database_bytes})


def gauge(name: str, about: str, labels: list[str], rows: Mapping) -> Metric:
    family = GaugeMetricFamily(name, about, labels=labels)
    for key, value in rows.items():
        family.add_metric([key] if isinstance(key, str) else list(key), float(value))
    return family
