"""The jurisdiction pack: everything that differs by city, as dated rows that each carry their clause.

A pack is read from TOML by `liandong.packs` and is immutable. Which pack judges a matter is the one in force when the
matter was received; numbers and hours are always read from the one in force today.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row comes from. `grade`: `notice` (the city's own document), `published` (another public rule),
    `project-default` (ours, to be confirmed by the city before `review_on`)."""

    clause: str
    grade: str = "notice"
    quote: str = ""
    verified_on: date | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One sub-item of a kind, as the notice lists it. `words` are synonyms people use for it."""

    code: str  # "110-5.2"
    kind: str  # "110-5"
    text: str  # the notice's own words
    source: Source
    words: tuple[str, ...] = ()
    danger: bool = False  # naming it is a sign of danger
    utility: bool = False  # water, power, gas, heat: limits in minutes on natural hours
    about_police: bool = False  # a complaint about police: secret, to police supervision, never to the accused
    like: tuple[str, ...] = ()  # what it is in rules.reference; () = what its kind is


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of matter of a list. `platform` is the platform that takes it ("110" or "12345")."""

    code: str  # Chuxiong: "110-1"…"110-8", "12345-1"…"12345-8"; Panzhihua: "110-1", "110-2", "110-3", "12345-1" …
    platform: str
    title: str
    source: Source
    items: tuple[Item, ...] = ()
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # other services usually needed with it: "119", "120", "122"
    utility: bool = False
    about_police: bool = False
    after_first_handling: bool = False  # a dispute goes on only after recorded first handling by 110 (C附件二(七))
    like: tuple[str, ...] = ()  # what it is in rules.reference; () = known by its words and examples alone


@dataclass(frozen=True, slots=True)
class Scope:
    """A general sentence of the notice saying what a platform takes (C二(一)1, P二(一))."""

    code: str  # "scope-12345", "scope-110-3"
    platform: str
    text: str
    source: Source
    words: tuple[str, ...] = ()
    like: tuple[str, ...] = ()  # what it is in rules.reference


@dataclass(frozen=True, slots=True)
class Line:
    """A telephone number of a body, with its hours and, where said, the part of town it serves."""

    number: str
    hours: str  # "24h" | "workday" | "unstated"
    source: Source
    name: str = ""
    area: str = ""
    successor: str = ""  # the number this one was merged into
    scope: tuple[str, ...] = ()  # what this line takes, split into rows, the notice's words
    words: tuple[str, ...] = ()  # how people name it


@dataclass(frozen=True, slots=True)
class Body:
    """A numbered body of the directory (P附件2). An empty person in charge is allowed, and shown."""

    code: str  # "body-12"
    number: int  # the notice's own number; 0 for the catch-all row
    name: str
    source: Source
    lines: tuple[Line, ...] = ()
    scope: tuple[str, ...] = ()  # scope that is not tied to one line
    lead_department: str = ""
    person_in_charge: str = ""
    linkage_person: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that work orders go to. `kinds` are the kinds or items it is the usual lead for; `district` "" = all."""

    code: str  # "532301-urban"
    name: str
    short: str
    district: str
    source: Source
    kinds: tuple[str, ...] = ()
    body: str = ""  # Body.code, when it stands in the directory


@dataclass(frozen=True, slots=True)
class District:
    """A county, county-level city or urban district by its six-digit code."""

    code: str
    name: str
    short: str
    source: Source
    townships: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # other names people use
    township_codes: tuple[str, ...] = ()  # nine digits each, in the order of `townships`


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk that can hold a matter: platform, level and district. The holder is always one of these."""

    code: str  # "12345:532300", "110:532301", "duty:532300"
    platform: str  # "12345" | "110" | "duty"
    level: str  # "prefecture" | "county"
    district: str  # six digits
    name: str  # 楚雄州 12345
    short: str  # 12345, 楚雄市 110
    source: Source


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit. `clock`: "natural" runs day and night, "working" on working days (see rules.workdays)."""

    key: str  # "offer.ring", "order.sign", "order.answer.complaint" …
    amount: int
    unit: str  # "second" | "minute" | "hour" | "day"
    clock: str
    source: Source


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A rule of the notice as data: `key` names the question, `value` the city's answer."""

    key: str  # "unclear" -> "first_receiver" | "duty_office"; "offer.lapsed" -> the same two; …
    value: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class DangerWord:
    """A phrase that is a sign of danger, and what it means; `also` are services needed beside 110."""

    text: str
    means: str  # 有人要跳楼, 起火 …
    kind: str  # the kind it falls under
    also: tuple[str, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the kind it must be read as; every row is a test."""

    text: str
    kind: str  # a Kind.code, "scope", or "other"
    platform: str  # "110" | "12345" | "other"
    urgent: bool = False
    hotline: str = ""


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

    def mechanism(self, key: str) -> str:
        """The city's answer to a question of the notices ("unclear"); KeyError when the pack is silent."""
        return next(m.value for m in self.mechanisms if m.key == key)

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
        fits = [u for u in self.units if wanted & set(u.kinds) and u.district in ("", district, self.city_code)]
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
