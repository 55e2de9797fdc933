"""分开办: which desk takes which part of one call, while two desks settle it on one page (T5; R3). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WHOLE = "whole"
"""The one part of a call in which the words name no kind."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `kind` a pack row's code or WHOLE, `listed` the platform the lists give it ("" when they do not say),
    `first` and `other` the desk codes named so far by the desk that holds it and by the desk that was asked."""

    kind: str
    listed: str
    first: str = ""
    other: str = ""

    @property
    def agreed(self) -> str:
        """The desk both have named; "" until then."""
        return self.first if self.first == self.other else ""


def parts_of(named: Iterable[tuple[str, str]], said: Mapping[str, Mapping[str, str]]) -> tuple[Part, ...]:
    """The parts the words name, each once, and what either desk has said of them; what was said of a part that the
    words no longer name stays, so that nothing that was agreed is forgotten."""
    listed: dict[str, str] = {}
    for kind, platform in named:
        listed.setdefault(kind, platform)
    for kind in said:
        if kind != WHOLE or not listed:
            listed.setdefault(kind, "")
    rows = listed or {WHOLE: ""}
    return tuple(
        Part(kind, platform, said.get(kind, {}).get("first", ""), said.get(kind, {}).get("other", ""))
        for kind, platform in rows.items()
    )


def plan(parts: Iterable[Part], first: str, other: str) -> dict[str, str]:
    """Who would take what: as both say; as the only one who has spoken says; else as the lists say; and where those are
    silent the desk that received it first. `first` and `other` are desk codes ("12345:532300")."""
    desks = {first.split(":")[0]: first, other.split(":")[0]: other}
    out = {}
    for part in parts:
        spoken = {part.first, part.other} - {""}
        out[part.kind] = spoken.pop() if len(spoken) == 1 else desks.get(part.listed, first)
    return out


def settled(said: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether both desks have named the same desk for every part."""
    return bool(said) and all(row.get("first") and row.get("first") == row.get("other") for row in said.values())
