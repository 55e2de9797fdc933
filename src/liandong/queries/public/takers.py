"""谁管什么: both desks' lists, the directory and the promises, as the city publishes them (S6; P三(二), C三(三))."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from liandong.packs import calendar
from liandong.rules.opening import opening, takes_now
from liandong.rules.pack import Body, Item, Kind, Limit, Line, Pack

PROMISES = (
    "offer.ring", "matter.decide", "matter.decide.utility", "order.sign", "order.answer.inquiry", "order.answer.help",
    "order.answer.complaint", "order.answer.report", "order.answer.suggestion", "follow_up",
)  # fmt: skip
"""The limits a citizen may count on; the others are between desks. `words.public` has a sentence for each."""


@dataclass(frozen=True, slots=True)
class Number:
    """A line of the directory as it stands now. `instead` answers while it does not; `settled`: the city's own document
    says so, else it is ours until the city confirms it."""

    number: str
    name: str
    hours: str
    state: str
    area: str
    instead: str
    successor: str
    scope: tuple[str, ...]
    verified_on: date | None
    settled: bool


@dataclass(frozen=True, slots=True)
class Taker:
    """A body: its numbers, what it takes, who leads it."""

    name: str
    numbers: tuple[Number, ...]
    scope: tuple[str, ...]
    lead: str
    person: str


@dataclass(frozen=True, slots=True)
class Takes:
    """A kind that a desk takes, with its items."""

    title: str
    items: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Published:
    """The whole list. `found` is how many rows a search left, None when nothing was searched."""

    police: tuple[Takes, ...]
    hotline: tuple[Takes, ...]
    police_scope: tuple[str, ...]
    hotline_scope: tuple[str, ...]
    bodies: tuple[Taker, ...]
    promises: tuple[Limit, ...]
    verified_on: date | None
    found: int | None = None


def published(pack: Pack, now: datetime, find: str = "") -> Published:
    """The list of a city, in the notice's own order; only what holds every word of `find`, when there is one."""
    workday = calendar.is_workday(timezone.localtime(now).date())
    bodies = tuple(_taker(b, pack, now, workday) for b in pack.bodies)
    dates = [n.verified_on for b in bodies for n in b.numbers if n.verified_on]
    whole = Published(
        police=_kinds(pack, "110"), hotline=_kinds(pack, "12345"), police_scope=_scopes(pack, "110"),
        hotline_scope=_scopes(pack, "12345"), bodies=bodies, promises=_promises(pack), verified_on=min(dates, default=None),
    )  # fmt: skip
    words = find.casefold().split()
    return _only(whole, words) if words else whole


def _kinds(pack: Pack, platform: str) -> tuple[Takes, ...]:
    return tuple(_takes(k) for k in pack.kinds if k.platform == platform)


def _takes(kind: Kind) -> Takes:
    items: tuple[Item, ...] = kind.items
    return Takes(kind.title, tuple(i.text for i in items), kind.source.clause)


def _scopes(pack: Pack, platform: str) -> tuple[str, ...]:
    return tuple(s.text for s in pack.scopes if s.platform == platform)


def _taker(body: Body, pack: Pack, now: datetime, workday: bool) -> Taker:
    numbers = tuple(_number(ln, pack, now, workday) for ln in body.lines)
    return Taker(body.name, numbers, body.scope, body.lead_department, body.person_in_charge)


def _number(line: Line, pack: Pack, now: datetime, workday: bool) -> Number:
    state = opening(line, now, workday)
    return Number(
        number=line.number, name=line.name, hours=line.hours, state=state, area=line.area,
        instead=takes_now(line, state, pack), successor=line.successor, scope=line.scope,
        verified_on=line.source.verified_on, settled=line.source.grade == "notice",
    )  # fmt: skip


def _promises(pack: Pack) -> tuple[Limit, ...]:
    told = []
    for key in PROMISES:
        try:
            told.append(replace(pack.limit(key), key=key))
        except KeyError:
            continue
    return tuple(told)


def _only(whole: Published, words: list[str]) -> Published:
    def has(*texts: str) -> bool:
        text = " ".join(texts).casefold()
        return all(word in text for word in words)

    def kinds(rows: tuple[Takes, ...]) -> tuple[Takes, ...]:
        left = []
        for row in rows:
            items = row.items if has(row.title) else tuple(i for i in row.items if has(row.title, i))
            if items or has(row.title):
                left.append(replace(row, items=items))
        return tuple(left)

    def about(body: Taker) -> bool:
        own = [t for n in body.numbers for t in (n.number, n.name, n.area, *n.scope)]
        return has(body.name, body.lead, *body.scope, *own)

    police, hotline = kinds(whole.police), kinds(whole.hotline)
    bodies = tuple(b for b in whole.bodies if about(b))
    return replace(whole, police=police, hotline=hotline, bodies=bodies, police_scope=(), hotline_scope=(), promises=(),
                   found=sum(len(k.items) or 1 for k in (*police, *hotline)) + len(bodies))  # fmt: skip
