"""How many of what in a city between two days, for another system: by desk, by unit, by cause. Never by person, and secret
matters are not counted (queries.figures)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from liandong.queries import figures
from liandong.records.models import Desk, Unit
from liandong.rules.access import Actor


@dataclass(frozen=True, slots=True)
class OfDesk:
    """A desk: matters it received first, and offers made to it by what became of them (states of a transfer)."""

    code: str
    name: str
    received: int
    offered: dict[str, int]


@dataclass(frozen=True, slots=True)
class OfUnit:
    """A unit's orders, of matters received on these days: given, signed in time, signed late, late, handed back, reminders,
    supervised."""

    code: str
    name: str
    orders: int
    signed: int
    signed_late: int
    late: int
    returned: int
    reminded: int
    supervised: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`causes`: why offers were declined and orders handed back, by code."""

    first: date
    last: date
    received: int
    desks: tuple[OfDesk, ...]
    units: tuple[OfUnit, ...]
    causes: dict[str, int]


def between(viewer: Actor, first: date, last: date, now: datetime) -> Figures:
    """The figures of the viewer's city from `first` to `last`, both counted, as they are now."""
    counted = figures.counts(viewer.city, first, last)
    late = figures.running_late(viewer.city, first, last, now)
    received = {int(who): n for (what, who), n in counted.items() if what == "received"}
    causes = {who: n for (what, who), n in sorted(counted.items()) if what == "cause"}
    return Figures(
        first, last, sum(received.values()), _desks(viewer.city, counted, received), _units(counted, late), causes
    )


def _desks(city: str, counted: figures.Counts, received: dict[int, int]) -> tuple[OfDesk, ...]:
    offered: dict[int, dict[str, int]] = defaultdict(dict)
    for (what, who), n in sorted(counted.items()):
        if what.startswith("given."):
            offered[int(who)][what.removeprefix("given.")] = n
    rows = Desk.objects.filter(pk__in=received.keys() | offered.keys(), city=city).order_by("code")
    return tuple(OfDesk(d.code, d.name, received.get(d.pk, 0), offered.get(d.pk, {})) for d in rows)


def _units(counted: figures.Counts, late: Counter[int]) -> tuple[OfUnit, ...]:
    rows = Unit.objects.filter(pk__in=[who for what, who in counted if what == "orders"]).order_by("code")
    return tuple(
        OfUnit(u.code, u.name, *(counted[what, str(u.pk)] for what in ("orders", "signed", "signed_late")),
               counted["late", str(u.pk)] + late[u.pk],
               *(counted[what, str(u.pk)] for what in ("returned", "reminded", "supervised")))
        for u in rows
    )  # fmt: skip
