"""No state without an exit: what is past its due time takes the step that `rules.flows` names, by itself.

The head of the matter is locked first, as every act does, and skipped when somebody holds it: a sweep never waits for
a person, two sweeps never take the same step twice, and nothing can block in a circle.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from liandong.actions import (
    asking,
    assist,
    clocks,
    confer,
    crews,
    danger,
    elsewhere,
    gathering,
    handle,
    informing,
    joining,
    receive,
    reply,
    sheets,
    untaken,
    watch,
)
from liandong.exchange.listening import DATABASE_LOST
from liandong.records.models import (
    Assistance,
    Conference,
    Delivery,
    Demand,
    Designation,
    Dispatch,
    Extension,
    Handover,
    Informing,
    Joining,
    Matter,
    Nuisance,
    Order,
    Reply,
    Sheet,
    Transfer,
)
from liandong.rules import access, flows
from liandong.rules.say import Unable

BATCH = 50
"""Rows of one machine in one round: a flood in one does not starve the others."""
AGAIN_AFTER = (5.0, 30.0, 300.0)
"""Seconds a row is left alone after an error nobody expected; the last one again and again."""

RECORDS: dict[str, type[models.Model]] = {
    "demand": Demand,  # first who waits for help
    "transfer": Transfer,
    "conference": Conference,
    "dispatch": Dispatch,
    "designation": Designation,
    "matter": Matter,
    "order": Order,
    "sheet": Sheet,
    "informing": Informing,
    "extension": Extension,
    "assistance": Assistance,
    "joining": Joining,
    "delivery": Delivery,
    "reply": Reply,
    "handover": Handover,
    "nuisance": Nuisance,
}
OF_NO_MATTER = ("handover", "nuisance")
"""Machines of a desk or a city: there is no head of a matter to lock, their own row's compare-and-set is enough."""
STEPS: dict[tuple[str, str], Callable[..., Any]] = {
    ("demand", "escalate"): danger.escalate,
    ("transfer", "next_seat"): untaken.ring_further,  # which goes to the leader when there is no next seat
    ("transfer", "lapse"): untaken.lapse,
    ("transfer", "ask_again"): elsewhere.ask_again,
    ("conference", "lapse"): confer.lapse,
    ("dispatch", "remind"): crews.remind,
    ("designation", "remind"): confer.remind,
    ("matter", "keep"): receive.keep,
    ("matter", "remind"): reply.remind,
    ("matter", "remind_merged"): joining.remind_merged,
    ("matter", "ask_after"): elsewhere.ask_after,
    ("order", "remind"): handle.remind,
    ("order", "resume"): clocks.resume,
    ("sheet", "remind"): sheets.remind,
    ("informing", "lapse"): informing.lapse,
    ("extension", "lapse"): clocks.lapse_extension,
    ("assistance", "lapse"): assist.lapse,
    ("joining", "lapse"): asking.lapse,
    ("delivery", "remind"): reply.remind_delivery,
    ("reply", "complete"): gathering.complete,
    ("reply", "remind"): gathering.remind,
    ("handover", "lapse"): watch.lapse_handover,
    ("nuisance", "lapse"): watch.end_nuisance,
    ("nuisance", "expire"): watch.end_nuisance,
}

_log = logging.getLogger(__name__)


def next_verb(machine: str, state: str) -> str:
    """The verb that `rules.flows` names for a wait in this state; KeyError when a state waits for ever."""
    for row in flows.TABLE:
        if row.machine == machine and row.then and (row.target == state or (not row.target and state in row.sources)):
            return row.then
    raise KeyError(f"{machine} {state}")


@cache
def _every_wait() -> str:
    """The statement that finds what is due: up to BATCH rows of each machine."""
    parts = []
    for rank, (machine, model) in enumerate(RECORDS.items()):
        head = "id" if model is Matter or machine in OF_NO_MATTER else "matter_id"
        states = ", ".join(f"'{state}'" for state in sorted(flows.waiting(machine)))
        parts.append(
            f"(SELECT '{machine}' AS machine, id::text AS pk, {head}::text AS head, {rank} AS rank, due_at"
            f" FROM {model._meta.db_table} WHERE due_at <= %(at)s AND state IN ({states})"
            f" AND '{machine} ' || id <> ALL(%(resting)s::text[]) ORDER BY due_at LIMIT {BATCH})"
        )
    return f"SELECT machine, pk, head FROM ({' UNION ALL '.join(parts)}) AS waits ORDER BY rank, due_at"


class Deadlines:
    """Sweeps. `failed` keeps rows that raised something unexpected: (times, monotonic second of the next try)."""

    def __init__(self) -> None:
        self.failed: dict[tuple[str, Any], tuple[int, float]] = {}

    def sweep(self, at: datetime) -> int:
        """Take every step that is due; returns how many were taken."""
        return sum(self._one(machine, pk, matter, at) for machine, pk, matter in self._due(at))

    def _due(self, at: datetime) -> list[tuple[str, str, str]]:
        """Machine, row and its matter, the longest due of each machine first: one question, since most rounds find nothing."""
        now = time.monotonic()
        resting = [f"{name} {pk}" for (name, pk), (_, again) in self.failed.items() if again > now]
        with connection.cursor() as cursor:
            cursor.execute(_every_wait(), {"at": at, "resting": resting})
            return cursor.fetchall()

    def _one(self, machine: str, pk: Any, matter: Any, at: datetime) -> int:
        try:
            taken = take_step(machine, pk, matter, at)
        except Unable as refused:
            _log.info("%s %s: %s", machine, pk, refused.say.code)
            return 0
        except DATABASE_LOST:
            raise
        except Exception:
            times = self.failed.get((machine, pk), (0, 0.0))[0]
            rest = AGAIN_AFTER[min(times, len(AGAIN_AFTER) - 1)]
            self.failed[machine, pk] = (times + 1, time.monotonic() + rest)
            _log.exception("%s %s is left alone for %.0f s", machine, pk, rest)
            return 0
        self.failed.pop((machine, pk), None)
        return int(taken)


def take_step(machine: str, pk: Any, matter: Any, at: datetime) -> bool:
    """Take the step one row waits for. False when somebody is at its matter just now, or it no longer waits."""
    if machine in OF_NO_MATTER:
        return _step_of_no_matter(machine, pk, at)
    with transaction.atomic():
        head = Matter.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=matter).first()
        if head is None:
            return False
        waits = {"due_at__lte": at, "state__in": flows.waiting(machine)}
        row = RECORDS[machine].objects.filter(pk=pk, **waits).first()
        if row is None:
            return False
        verb = next_verb(machine, row.state)
        STEPS[machine, verb](row, by=access.system(f"{machine}.{verb}", head.city), at=at)
        return True


def _step_of_no_matter(machine: str, pk: Any, at: datetime) -> bool:
    row = RECORDS[machine].objects.filter(pk=pk, due_at__lte=at, state__in=flows.waiting(machine)).first()
    if row is None:
        return False
    verb = next_verb(machine, row.state)
    STEPS[machine, verb](row, by=access.system(f"{machine}.{verb}"), at=at)
    return True
