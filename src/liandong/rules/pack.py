"""The jurisdiction pack: everything that differs by city, as dated rows that each carry their clause.

A pack is read from TOML by `liandong.packs` and is immutable. Which pack judges a matter is the one in force when the
matter was received; numbers and hours are always read from the one in force today. The rows themselves stand in
`liandong.rules.rows` and are imported from here with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from liandong.rules.evidence import Span
from liandong.rules.rows import (
    Body,
    DangerWord,
    Desk,
    District,
    Example,
    Item,
    Kind,
    Limit,
    Line,
    Mechanism,
    Scope,
    Source,
    Unit,
)

__all__ = (
    "Body",
    "DangerWord",
    "Desk",
    "District",
    "Example",
    "Item",
    "Kind",
    "Limit",
    "Line",
    "Mechanism",
    "Pack",
    "Scope",
    "Source",
    "Unit",
)


@dataclass(frozen=True)
class Pack:
    """One city at one date."""

    id: str  # "chuxiong_2022"
    title: str
    version: str
    effective_on: date
    notice: str  # 楚政办函〔2022〕57号
    city: str  # 楚雄州
    city_code: str  # "532300"
    digest: str  # sha256 of the files as read
    desks: tuple[Desk, ...]
    districts: tuple[District, ...]
    kinds: tuple[Kind, ...]
    scopes: tuple[Scope, ...]
    bodies: tuple[Body, ...]
    units: tuple[Unit, ...]
    limits: tuple[Limit, ...]
    mechanisms: tuple[Mechanism, ...]
    dangers: tuple[DangerWord, ...]
    examples: tuple[Example, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def _by_code(self) -> dict[str, object]:
        rows = [
            *self.desks,
            *self.districts,
            *self.kinds,
            *self.scopes,
            *self.bodies,
            *self.units,
        ]
        return {r.code: r for r in rows} | {i.code: i for k in self.kinds for i in k.items}

    def row(self, code: str):
        """The row of this code (desk, district, kind, item, scope, body, unit), or None."""
        return self._by_code.get(code)

    def kind(self, code: str) -> Kind | None:
        """The kind of this code, or the kind an item code belongs to."""
        row = self.row(code)
        return self.row(row.kind) if isinstance(row, Item) else row if isinstance(row, Kind) else None

    def called(self, code: str) -> str:
        """The kind, item or scope of this code as a page calls it where space is short; "" for one the pack has not."""
        row = self.row(code)
        return next((name for of in ("short", "title", "text", "name") if (name := getattr(row, of, ""))), "")

    def meant(self, signs: Iterable[Span]) -> str:
        """What signs of danger mean, each once: an item of the list by its short name, as a line has room for no clause."""
        return "；".join(dict.fromkeys(filter(None, map(self._meant, signs))))

    def _meant(self, sign: Span) -> str:
        own = sign.means and sign.means != getattr(self.row(sign.row), "text", "")
        return sign.means if own else self.called(sign.row) or sign.means or sign.text

    def mechanism(self, key: str, silent: str | None = None) -> str:
        """The city's answer to a question of the notices ("unclear"); of a pack that is silent `silent`, or KeyError without."""
        value = next((m.value for m in self.mechanisms if m.key == key), silent)
        if value is None:
            raise KeyError(key)
        return value

    def is_utility(self, code: str) -> bool:
        """Whether an item or kind is about water, power, gas or heat."""
        return any(row.utility for row in self._item_and_kind(code))

    def is_about_police(self, code: str) -> bool:
        """Whether an item or kind is a complaint about police."""
        return any(row.about_police for row in self._item_and_kind(code))

    def _item_and_kind(self, code: str) -> list:
        return [row for row in (self.row(code), self.kind(code)) if isinstance(row, Item | Kind)]

    def clause_of(self, key: str) -> str:
        """The clause a mechanism stands in, for the timeline; empty when the pack is silent."""
        return next((m.source.clause for m in self.mechanisms if m.key == key), "")

    @cached_property
    def _cited(self) -> frozenset[str]:
        rows = (*self.kinds, *(i for k in self.kinds for i in k.items), *self.scopes, *self.mechanisms, *self.limits, *self.dangers,
                *self.desks, *self.districts, *self.bodies, *self.units)  # fmt: skip
        return frozenset(" ".join(r.source.clause.split()) for r in rows if getattr(r, "source", None)) - {""}

    def cites(self, clause: str) -> bool:
        """Whether a row stands in this very clause: other words in its place are somebody's own."""
        return clause in self._cited

    def limit(self, key: str) -> Limit:
        """The limit of this key; a dotted key falls back to its parent: "order.answer.report" -> "order.answer"."""
        rows = {limit.key: limit for limit in self.limits}
        while key not in rows and "." in key:
            key = key.rpartition(".")[0]
        return rows[key]

    def desk_for(self, platform: str, district: str = "") -> Desk:
        """The desk of a platform for a district, or the platform's prefecture desk (C二(二)1: by area)."""
        mine = [d for d in self.desks if d.platform == platform]
        return next((d for d in mine if d.district == district), None) or next(
            d for d in mine if d.level == "prefecture"
        )

    def units_for(self, kind: str, district: str = "") -> tuple[Unit, ...]:
        """Units usually responsible for a kind or item: the district's own before the whole city's (属地), and among
        equals those that lead the very item before those that lead its kind."""
        wanted = {kind, kind.split(".")[0]}
        fits = [
            u for u in self.units if not wanted.isdisjoint(u.kinds) and u.district in ("", district, self.city_code)
        ]
        return tuple(sorted(fits, key=lambda u: (u.district != district, kind not in u.kinds)))

    def line(self, number: str) -> tuple[Body, Line] | None:
        """The body and line of a directory number, or None."""
        return next(
            ((b, ln) for b in self.bodies for ln in b.lines if ln.number == number),
            None,
        )

    def unit_of(self, number: str) -> Unit | None:
        """The unit behind a directory number, where the body takes work orders; None otherwise."""
        found = self.line(number)
        return next((u for u in self.units if found and u.body == found[0].code), None)
