"""A unit named in the box of the finding page: its matters are asked for by its code, as the filter asks, never by its
name in texts, which would be another question and at millions of matters a slow one."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from liandong.queries import directory
from liandong.records.models import Unit
from liandong.rules import grams
from liandong.rules.access import Actor
from liandong.rules.wanted import Wanted

MOST = 6
"""Units offered where the words are part of several names."""


@dataclass(frozen=True, slots=True)
class Named:
    """What was understood: the `unit` that `typed` names, and the same words looked for as they stand (`literally`, an
    address); or, where they are part of several names, those (name, address)."""

    typed: str
    unit: str = ""
    literally: str = ""
    maybe: tuple[tuple[str, str], ...] = ()


def understood(viewer: Actor, asked: Wanted, now: datetime) -> tuple[Wanted, Named | None]:
    """What is asked when a unit's name or short form stands in the box, alone or beside other words. A unit's own clerk, who
    has no such filter, and a number ask what they asked; a name that is a place's too (a township) is offered only."""
    if not asked.words or asked.literal or asked.unit or asked.number or asked.phone or viewer.unit:
        return asked, None
    units, places = _units(viewer), _places(viewer, now)
    for typed, rest in _ways(asked.words):
        found = [unit for unit in units if _plain(typed) in unit.names - places]
        if len(found) == 1:
            by_unit = asked.but(words=rest, unit=found[0].code, state=asked.scope)
            return by_unit, Named(typed, found[0].short, asked.but(literal=True, state=asked.scope).address())
    whole = _plain(asked.words)
    near = [unit for unit in units if len(whole) > 1 and any(whole in name for name in unit.names)]
    offers = tuple((u.short, asked.but(words="", unit=u.code, state=asked.scope).address()) for u in near[:MOST])
    return asked, Named(asked.words, maybe=offers) if offers else None


class _Unit(NamedTuple):
    code: str
    short: str
    names: frozenset[str]


def _units(viewer: Actor) -> list[_Unit]:
    rows = Unit.objects.filter(city=viewer.city).order_by("retired", "code")
    return [_Unit(code, short, frozenset(map(_plain, (name, short))))
            for code, name, short in rows.values_list("code", "name", "short")]  # fmt: skip


def _places(viewer: Actor, now: datetime) -> frozenset[str]:
    pack = directory.of_city(viewer, now)
    return frozenset(
        _plain(name) for d in (pack.districts if pack else ()) for name in (d.name, d.short, *d.townships, *d.words)
    )


def _ways(words: str) -> list[tuple[str, str]]:
    """What may be the name, and what is left beside it: all of the words, then each of them."""
    parts = words.split()
    return [(words, ""), *((part, " ".join(parts[:n] + parts[n + 1 :])) for n, part in enumerate(parts) if parts[1:])]


def _plain(text: str) -> str:
    return "".join(grams.runs(text))
