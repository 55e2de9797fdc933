"""How alike two calls are: number, place, time, words (R3). A proposal with its reasons; a person joins them or not."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from liandong.rules.say import Say

RECENT = timedelta(hours=72)
AT_ONCE = timedelta(minutes=8)
"""A repeat is the same number again after 8 minutes and within 72 hours (the circular of Jiaxing); sooner, somebody who
was cut off rings again, which is a repeat all the more."""
PROPOSED = 0.4
"""From this score on a matter is proposed."""

NUMBER, PLACE, DISTRICT, TIME, WORDS = 0.45, 0.25, 0.05, 0.1, 0.5
OTHER_PLACE = -0.4
"""What each likeness weighs; another district, or another house number at the same place, speaks against."""
ALIKE = 0.2
"""From here on two tell of the same in their words."""

_HOUSE = re.compile(r"([0-9一二三四五六七八九十百]+)(?=号楼|号院|号|栋|幢|单元|楼|组|社)")
_PLAIN = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of a call. `words` are its title and what was said; `at` when it came."""

    number: str
    district: str
    place: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` 0–1 (not a probability), and why, the strongest reason first."""

    score: float
    reasons: tuple[Say, ...]

    @property
    def proposed(self) -> bool:
        return self.score >= PROPOSED


def likeness(one: Told, other: Told) -> Likeness:
    """How alike two calls are; symmetric in the two."""
    found: list[tuple[float, Say]] = []
    gap = abs(one.at - other.at)
    if one.number and one.number == other.number and gap <= RECENT:
        found.append((NUMBER, Say("repeat.redialled" if gap < AT_ONCE else "repeat.number")))
    near = overlap(one.place, other.place)
    if near >= 0.5:
        found.append((PLACE * near, Say("repeat.place", {"place": other.place})))
    elif one.district and one.district == other.district:
        found.append((DISTRICT, Say("repeat.district")))
    same = _same(one.words, other.words)
    if same >= ALIKE:
        found.append((WORDS * same, Say("repeat.words")))
    score = sum(weight for weight, _ in found)
    if found and gap <= RECENT:
        score += TIME * (1 - gap / RECENT)
    if _elsewhere(one, other):
        score += OTHER_PLACE
    found.sort(key=lambda pair: -pair[0])
    return Likeness(round(min(max(score, 0.0), 1.0), 3), tuple(say for _, say in found))


def same_words(one: str, other: str) -> bool:
    """Whether two tell of the same in words alone, a short one in part of a long one."""
    return _same(one, other) >= ALIKE


def _same(one: str, other: str) -> float:
    return (overlap(one, other) + held_in(one, other)) / 2


def _elsewhere(one: Told, other: Told) -> bool:
    """Another district, or another house: the hundredth call about a collapse may be about the building beside it."""
    if one.district and other.district and one.district != other.district:
        return True
    ours, theirs = houses(one.place or one.words), houses(other.place or other.words)
    return bool(ours and theirs) and not ours & theirs


def houses(text: str) -> frozenset[str]:
    """The numbers of houses, units and village groups that a text names."""
    return frozenset(_HOUSE.findall(text))


def overlap(one: str, other: str) -> float:
    """Dice's measure over pairs of characters, 0–1; Chinese needs no words for it. Punctuation does not count."""
    a, b = pairs(one), pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def held_in(one: str, other: str) -> float:
    """How much of the shorter text stands in the longer, 0–1: a second call is often told in fewer words."""
    a, b = pairs(one), pairs(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


@lru_cache(maxsize=2048)
def pairs(text: str) -> frozenset[str]:
    """Its pairs of neighbouring characters; kept, because the newest matters are compared with every call that comes."""
    plain = _PLAIN.sub("", text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
