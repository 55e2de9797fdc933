"""A month of a city for the supervisor and the circular: by desk and by unit, causes, who lowered dangers. Counts are of
matters received in that month (queries.figures); nothing ranks an operator, and secret matters are neither listed nor
counted: they stand in the sealed list (queries.sealed)."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from liandong.queries import drift, figures
from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound
from liandong.records.models import Desk, Event, Order, Unit
from liandong.records.models.handling import WATCHED
from liandong.rules import access, reminders
from liandong.rules.access import Actor

DRAWN = 300
"""Matters of a week that the reader's scorecard is made of on the page: enough for five points either way, at once."""


@dataclass(frozen=True, slots=True)
class ByDesk:
    """A desk: matters it received first; offers it was given, took, gave back, let lapse."""

    name: str
    received: int
    given: int
    taken: int
    declined: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class ByUnit:
    """A unit: orders given, signed in time and signed late; ended or still running past their promise, or unsigned past the
    time to sign (`late`); given back, reminders, supervised."""

    name: str
    orders: int
    signed: int
    signed_late: int
    late: int
    returned: int
    reminded: int
    supervised: int


@dataclass(frozen=True, slots=True)
class Lowered:
    """A danger that was lowered: who signed for it (desk and work number) and why."""

    matter: UUID
    number: str
    at: datetime
    desk: str
    work_no: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the circular: what happened to an order, "supervised", "late" or "returned"; when it was due (to be signed,
    while nobody has), and when and how it ended, if it has."""

    matter: UUID
    number: str
    title: str
    unit: str
    what: tuple[str, ...]
    due_at: datetime
    ended_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Month:
    """The page. `more`: the circular is longer than what is shown of it."""

    first: date
    received: int
    desks: tuple[ByDesk, ...]
    units: tuple[ByUnit, ...]
    causes: tuple[tuple[str, int], ...]
    lowered: tuple[Lowered, ...]
    circular: tuple[Told, ...]
    more: bool
    read: tuple[drift.Week, ...]


def month(viewer: Actor, first: date, now: datetime, *, most: int = 100) -> Month:
    """The month that begins on `first`; NotFound for who is no supervisor."""
    if viewer.role != "supervisor":
        raise NotFound
    city, first = access.overlooks(viewer), first.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    start, end = figures.between(first, last)
    counted = figures.counts(city, first, last)
    received = sum(n for (what, _), n in counted.items() if what == "received")
    came = Q(matter__city=city, matter__secret=False, matter__received_at__gte=start, matter__received_at__lt=end)
    circular = _circular(came, start, now, most + 1)
    return Month(first, received, _desks(city, counted), _units(counted, figures.running_late(city, first, last, now)),
                 _causes(counted), _lowered(city, start, end), circular[:most],
                 len(circular) > most, drift.drawn(city, start, end, now, DRAWN))  # fmt: skip


def _desks(city: str, counted: figures.Counts) -> tuple[ByDesk, ...]:
    received, states = {}, defaultdict(Counter)
    for (what, who), n in counted.items():
        if what == "received":
            received[int(who)] = n
        elif what.startswith("given."):
            states[int(who)][what.removeprefix("given.")] = n
    rows = Desk.objects.filter(pk__in=received.keys() | states.keys(), city=city).order_by("code")
    return tuple(
        ByDesk(d.short, received.get(d.pk, 0), states[d.pk].total(),
               *(states[d.pk][s] for s in ("accepted", "declined", "lapsed")))
        for d in rows
    )  # fmt: skip


def _units(counted: figures.Counts, late: Counter[int]) -> tuple[ByUnit, ...]:
    units = Unit.objects.filter(pk__in=[who for what, who in counted if what == "orders"]).order_by("code")
    return tuple(
        ByUnit(u.short, *(counted[what, str(u.pk)] for what in ("orders", "signed", "signed_late")),
               counted["late", str(u.pk)] + late[u.pk],
               *(counted[what, str(u.pk)] for what in ("returned", "reminded", "supervised")))
        for u in units
    )  # fmt: skip


def _causes(counted: figures.Counts) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((who, n) for (what, who), n in counted.items() if what == "cause"))


def _lowered(city: str, start: datetime, end: datetime) -> tuple[Lowered, ...]:
    """Read from the Events themselves: they say who signed."""
    rows = Event.objects.filter(at__gte=start, at__lt=end, kind="danger.lowered", matter__city=city,
                                matter__secret=False)  # fmt: skip
    found = [(e, json.loads(e.body)["by"]) for e in rows.select_related("matter").order_by("-at")[:50]]
    names = dict(Desk.objects.filter(code__in={by.get("desk", "") for _, by in found}).values_list("code", "short"))
    return tuple(
        Lowered(e.matter_id, e.matter.number, local(e.at), names.get(by.get("desk", ""), ""), by.get("work_no", ""),
                (json.loads(e.private) if e.private else {}).get("why", ""))
        for e, by in found
    )  # fmt: skip


def _circular(came: Q, start: datetime, now: datetime, most: int) -> tuple[Told, ...]:
    """The first due first, of those that no clock can change and those that run."""
    running = Q(state__in=["assigned", "signed"], answer_due_at__lt=now)
    unsigned = Q(state="assigned", sign_due_at__lt=now)
    rows = {o.pk: o for told in (WATCHED, running, unsigned) for o in _first_due(told, came, start, most)}
    out = []
    for o in sorted(rows.values(), key=lambda o: (o.answer_due_at, o.pk))[:most]:
        due = reminders.runs_to(o.state, o.sign_due_at, o.answer_due_at) or o.answer_due_at
        late = (o.ended_at or now) > due and o.state in ("resolved", "assigned", "signed")
        what = [
            w
            for w, so in (("supervised", o.supervised_at), ("late", late), ("returned", o.state == "handed_back"))
            if so
        ]
        out.append(Told(o.matter_id, o.matter.number, o.matter.title, o.unit.short, tuple(what), local(due),
                        local(o.ended_at), o.state))  # fmt: skip
    return tuple(out)


def _first_due(told: Q, came: Q, start: datetime, most: int) -> list[Order]:
    """The first `most` orders of their kind whose matters `came`. Read along the kind's index, part after part, and each
    part's matters looked up: joined, the database would gather and sort them all. Nothing is due before it was received."""
    found: list[Order] = []
    rest = Order.objects.filter(told, answer_due_at__gte=start).order_by("answer_due_at", "pk")
    part, many = list(rest.values_list("answer_due_at", "pk")[: 2 * most]), 2 * most
    while part:
        ids = [pk for _, pk in part]
        found += Order.objects.filter(came, pk__in=ids).select_related("matter", "unit")
        if len(found) >= most or len(part) < many:
            break
        at, pk = part[-1]
        many *= 4
        behind = rest.filter(Q(answer_due_at__gt=at) | Q(pk__gt=pk), answer_due_at__gte=at)
        part = list(behind.values_list("answer_due_at", "pk")[:many])
    return found
