"""The rows of a jurisdiction pack: what a desk, a kind, a number, a limit is. Each carries its clause (`Source`).

They are read together through `liandong.rules.pack`, which also answers the questions that need several rows.
"""

from dataclasses import dataclass
from datetime import date

SHORTEST = 8
"""Characters of a kind's short name, at most: what stands beside other words on one line."""


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
    short: str = ""  # what pages call it where space is short; never read for a sign or a decision


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
    short: str = ""  # what pages call it where space is short; never read for a sign or a decision


@dataclass(frozen=True, slots=True)
class Scope:
    """A general sentence of the notice saying what a platform takes (C二(一)1, P二(一))."""

    code: str  # "scope-12345", "scope-110-3"
    platform: str
    text: str
    source: Source
    words: tuple[str, ...] = ()
    like: tuple[str, ...] = ()  # what it is in rules.reference
    short: str = ""  # what pages call it where space is short; never read for a sign or a decision


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
    wall_row: str = ""  # where its tile stands on the command room's screen, roughly as on the map
    wall_column: str = ""  # "2", or "2-3" for a wide one


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
