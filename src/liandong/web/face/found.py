"""The filters of the finding page: what may be chosen, and what is."""

from dataclasses import dataclass
from datetime import datetime

from liandong.queries import directory
from liandong.rules import flows
from liandong.rules.access import Actor
from liandong.rules.wanted import ALL, OPEN, Wanted
from liandong.words import states
from liandong.words.filling import say


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter that is a list: `options` are (code, name)."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


def fields(viewer: Actor, asked: Wanted, now: datetime) -> tuple[Choice, ...]:
    """Place, kind, unit and state, as the pack of the viewer's city has them today."""
    pack = directory.of_city(viewer, now)
    districts = tuple((d.code, d.name) for d in pack.districts) if pack else ()
    kinds = tuple((k.code, f"{k.code} {k.title}") for k in pack.kinds) if pack else ()
    units = tuple((u.code, u.name) for u in pack.units) if pack else ()
    known = (
        (OPEN, say("没办完")),
        (ALL, say("全部")),
        *((s, say(states.STATES.get(s, s))) for s in flows.states("matter")),
    )
    found = [Choice("state", say("状态"), known, asked.scope), Choice("district", say("县区"), districts, asked.district),
             Choice("kind", say("类别"), kinds, asked.kind)]  # fmt: skip
    return tuple([*found, Choice("unit", say("承办单位"), units, asked.unit)] if not viewer.unit else found)
