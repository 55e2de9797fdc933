"""The codes of one partner beside ours (X8): what a kind, an ending, a satisfaction or a unit is called there, both ways, and what is
lost on the way. Pure: the tables are what an administrator gave; where they are used is exchange.mapping.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from liandong.rules.flows import CLOSINGS
from liandong.rules.pack import Pack
from liandong.rules.wording import SATISFIED

Table = dict[str, str]
SECTIONS = ("kind", "state", "satisfaction", "unit")
WAYS = ("out", "in")
MOST = 2_000
_CODE = re.compile(r"[^\x00-\x1f\x7f]{1,60}")
_LONGEST = {"kind": 20, "state": 16, "satisfaction": 16, "unit": 60}
"""Characters of a code of theirs, as its field in rules.messages takes it."""


class Wrong(Exception):
    """A map that cannot be used; `place` is section, way and code."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Loss:
    """`what`: untold (a code of ours that has none there), joined (several of ours are one there), `back` (what it comes back as is
    another of ours), unheard (a code of theirs that nothing of ours becomes: it is only understood). `code` and what it is `there`."""

    section: str
    what: str
    code: str
    there: str = ""


def read(given: Mapping[str, Any]) -> dict[str, dict[str, Table]]:
    """Section -> "out" (ours to theirs) and "in" (theirs to ours; what is not written there is the way out turned round, the
    first that is written). Raises Wrong."""
    if odd := sorted(set(given) - set(SECTIONS)):
        raise Wrong(odd[0][:60])
    return {section: _section(section, given[section]) for section in SECTIONS if section in given}


def _section(name: str, given: Any) -> dict[str, Table]:
    if not isinstance(given, dict) or set(given) - set(WAYS) or not given:
        raise Wrong(name)
    for way, rows in given.items():
        if not isinstance(rows, dict) or len(rows) > MOST:
            raise Wrong(f"{name}.{way}")
        for ours, theirs in rows.items() if way == "out" else ((b, a) for a, b in rows.items()):
            fits = all(isinstance(one, str) and _CODE.fullmatch(one) for one in (ours, theirs))
            if not fits or len(theirs) > _LONGEST[name]:
                raise Wrong(f"{name}.{way}.{ours if way == 'out' else theirs}"[:120])
    out = dict(given.get("out", {}))
    turned: Table = {}
    for ours, theirs in out.items():
        turned.setdefault(theirs, ours)
    return {"out": out, "in": turned | dict(given.get("in", {}))}


def ours(pack: Pack, units: Collection[str]) -> dict[str, set[str]]:
    """Every code of ours that a map may name, by section."""
    kinds = {row.code for kind in pack.kinds for row in (kind, *kind.items)}
    return {
        "kind": kinds,
        "state": set(CLOSINGS),
        "satisfaction": {one for one in SATISFIED if one},
        "unit": set(units),
    }


def named(tables: Mapping[str, Mapping[str, Table]]) -> set[tuple[str, str]]:
    """Every code of ours in it, by section: each must be one that we have."""
    return {(section, code) for section, ways in tables.items() for code in (*ways["out"], *ways["in"].values())}


def in_order(tables: Mapping[str, Mapping[str, Table]]) -> list[tuple[str, Mapping[str, Table]]]:
    """The sections that it has, in our order: as a database keeps it, it has another."""
    return [(section, tables[section]) for section in SECTIONS if section in tables]


def lost(tables: Mapping[str, Mapping[str, Table]], ours: Mapping[str, Collection[str]]) -> list[Loss]:
    """What this map loses of the codes that we have, section by section; of a section that it lacks, nothing: codes go as they are."""
    found: list[Loss] = []
    for section, ways in in_order(tables):
        out, back = ways["out"], ways["in"]
        times = Counter(out.values())
        found += [Loss(section, "untold", code) for code in sorted(set(ours.get(section, ())) - set(out))]
        found += [Loss(section, "joined", code, there) for code, there in out.items() if times[there] > 1]
        found += [Loss(section, "back", code, back[there]) for code, there in out.items() if back[there] != code]
        found += [Loss(section, "unheard", code, there) for there, code in back.items() if there not in times]
    return found
