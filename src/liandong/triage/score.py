"""The scorecard: answers held against labels, with intervals, so that a difference is not read out of noise.

A labelled row has `text`, `platform` (None where two readers differ) and `platforms` (all that may be accepted),
`urgent` (True, False, None), `items` (all accepted kinds), and optionally `stratum` ("random", "picked").
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any

Row = Mapping[str, Any]
BINS = (0.3, 0.5, 0.7, 0.9, 1.01)
WORST = 12
_NORMAL = 1.96


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `whole`, with the 95 % interval of Wilson (1927)."""

    hits: int
    whole: int

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.hits / self.whole if self.whole else 0.0

    @property
    def percent(self) -> int:
        """The share as whole percent."""
        return round(100 * self.value)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 19 times in 20."""
        n, p, z = self.whole, self.value, _NORMAL
        if not n:
            return 0.0, 1.0
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Card:
    """Every figure of one set of rows."""

    rates: dict[str, Rate]
    strata: dict[str, Rate]
    reliability: tuple[tuple[str, Rate], ...]
    confusion: dict[tuple[str, str], int]
    worst: tuple[tuple[Row, Row], ...]


def card(rows: Sequence[Row], answers: Mapping[str, Row]) -> Card:
    """The figures of these rows; `answers` by row id. A row without an answer is wrong in everything."""
    pairs = [(row, answers.get(row["id"], {"platform": None})) for row in rows]
    agreed = [(r, a) for r, a in pairs if r["platform"] is not None]
    ours = [(r, a) for r, a in pairs if r["platform"] != "other"]
    clear = [(r, a) for r, a in pairs if r["urgent"] is not None]
    rates = {
        "platform": _rate(a["platform"] == r["platform"] for r, a in agreed),
        "accepted": _rate(a["platform"] in r["platforms"] for r, a in pairs),
        "urgent recall": _rate(bool(a.get("urgent")) for r, a in clear if r["urgent"]),
        "urgent precision": _rate(r["urgent"] for r, a in clear if a.get("urgent")),
        "item": _rate(_merged(a.get("item")) in {_merged(i) for i in r["items"]} for r, a in ours),
        "ask": _rate(bool(a.get("ask")) for _, a in pairs),
    }
    strata = {
        name: _rate(a["platform"] == r["platform"] for r, a in agreed if r.get("stratum") == name)
        for name in sorted({r["stratum"] for r in rows if r.get("stratum")})
    }
    confusion = Counter((r["platform"], a["platform"] or "-") for r, a in agreed)
    wrong = [(r, a) for r, a in pairs if a["platform"] not in r["platforms"] or _missed(r, a)]
    wrong.sort(key=lambda p: (not _missed(*p), -p[1].get("confidence", 0.0)))
    return Card(rates, strata, _reliability(agreed), dict(confusion), tuple(wrong[:WORST]))


def _missed(row: Row, answer: Row) -> bool:
    return bool(row["urgent"]) and not answer.get("urgent")


def _rate(hits: Iterable[bool]) -> Rate:
    said = [bool(h) for h in hits]
    return Rate(sum(said), len(said))


def _merged(item: str | None) -> str:
    """12345-8 and the general range are one for scoring: other departments' matters."""
    return "scope" if item == "12345-8" else item or "other"


def _reliability(pairs: Sequence[tuple[Row, Row]]) -> tuple[tuple[str, Rate], ...]:
    """How often an answer was right, by how sure it said it was."""
    found = []
    for low, high in pairwise(BINS):
        here = [r["platform"] == a["platform"] for r, a in pairs if low <= a.get("confidence", 0.0) < high]
        found.append((f"{low:.1f}–{min(high, 1.0):.1f}", _rate(here)))
    return tuple(found)
