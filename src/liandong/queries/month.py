"""A month of a city for the supervisor and the circular: by desk and by unit, causes, who lowered dangers. Counts are of
matters received in that month; nothing ranks an operator, and secret matters are neither listed nor counted: they stand
in the sealed list (queries.sealed)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from liandong.queries import drift
from liandong.queries.desk.parts import local
from liandong.queries.sight import NotFound
from liandong.records.models import Desk, Event, Matter, Order, Transfer
from liandong.rules import access
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
    """A unit: orders given, ended or still running past their promise, given back, reminders, supervised."""

    name: str
    orders: int
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
    """A line of the circular: what happened to an order, "supervised", "late" or "returned"."""

    matter: UUID
    number: str
    title: str
    unit: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The page."""

    first: date
    received: int
    desks: tuple[ByDesk, ...]
    units: tuple[ByUnit, ...]
    causes: tuple[tuple[str, int], ...]
    lowered: tuple[Lowered, ...]
    circular: tuple[Told, ...]
    read: tuple[drift.Week, ...]


def month(viewer: Actor, first: date, now: datetime, *, most: int = 100) -> Month:
    """The month that begins on `first`; NotFound for who is no supervisor."""
    if viewer.role != "supervisor":
        raise NotFound
    city = access.overlooks(viewer)
    start = _midnight(first.replace(day=1))
    end = _midnight(date(first.year + first.month // 12, first.month % 12 + 1, 1))
    came = Matter.objects.filter(city=city, secret=False, received_at__gte=start, received_at__lt=end)
    offers = Transfer.objects.filter(offered_at__gte=start, offered_at__lt=end, matter__city=city, matter__secret=False)
    orders = Order.objects.filter(matter__in=came)
    return Month(first, came.count(), _desks(city, came, offers), _units(orders, now), _causes(offers, orders),
                 _lowered(city, start, end), _circular(orders, now, most),
                 drift.weeks(city, start, min(end, now), most=DRAWN))  # fmt: skip


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _late(now: datetime) -> Q:
    ended_late = Q(state="resolved", ended_at__gt=F("answer_due_at"))
    return ended_late | Q(state__in=["assigned", "signed"], answer_due_at__lt=now)


def _desks(city: str, came, offers) -> tuple[ByDesk, ...]:
    first = dict(came.values_list("first_receiver").annotate(n=Count("pk")))
    states: dict[int, dict[str, int]] = {}
    for desk, state, n in offers.values_list("to_desk", "state").annotate(n=Count("pk")):
        states.setdefault(desk, {})[state] = n
    rows = Desk.objects.filter(pk__in=first.keys() | states.keys(), city=city).order_by("code")
    return tuple(
        ByDesk(d.short, first.get(d.pk, 0), sum(states.get(d.pk, {}).values()),
               *(states.get(d.pk, {}).get(s, 0) for s in ("accepted", "declined", "lapsed")))
        for d in rows
    )  # fmt: skip


def _units(orders, now: datetime) -> tuple[ByUnit, ...]:
    rows = orders.values("unit__short", "unit__code").annotate(
        n=Count("pk"), late=Count("pk", filter=_late(now)), returned=Count("pk", filter=Q(state="handed_back")),
        times=Sum("reminded"), watched=Count("supervised_at"),
    )  # fmt: skip
    return tuple(ByUnit(r["unit__short"], r["n"], r["late"], r["returned"], r["times"], r["watched"])
                 for r in rows.order_by("unit__code"))  # fmt: skip


def _causes(offers, orders) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    counted: Iterable = [
        *offers.filter(state="declined").values_list("decline_code").annotate(n=Count("pk")),
        *orders.filter(state="handed_back").values_list("hand_back_cause").annotate(n=Count("pk")),
    ]
    for code, n in counted:
        found[code] = found.get(code, 0) + n
    return tuple(sorted(found.items()))


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


def _circular(orders, now: datetime, most: int) -> tuple[Told, ...]:
    wanted = orders.filter(_late(now) | Q(supervised_at__isnull=False) | Q(state="handed_back"))
    out = []
    for o in wanted.select_related("matter", "unit").order_by("answer_due_at")[:most]:
        late = (o.ended_at or now) > o.answer_due_at and o.state in ("resolved", "assigned", "signed")
        what = [
            w
            for w, so in (("supervised", o.supervised_at), ("late", late), ("returned", o.state == "handed_back"))
            if so
        ]
        out.append(Told(o.matter_id, o.matter.number, o.matter.title, o.unit.short, tuple(what)))
    return tuple(out)
