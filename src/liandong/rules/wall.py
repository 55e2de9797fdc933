"""What the command room's figures say, from plain rows. Pure; nothing is rounded up, and nothing ranks a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median


@dataclass(frozen=True, slots=True)
class Given:
    """One transfer between the platforms. `to` is the platform asked ("110", "12345"), `district` the county, `first`
    whether it was the first of its matter; `ended_at` only when it was accepted, else None. Times are local."""

    to: str
    district: str
    offered_at: datetime
    accepted_at: datetime | None
    danger: bool
    first: bool

    @property
    def seconds(self) -> float | None:
        return (self.accepted_at - self.offered_at).total_seconds() if self.accepted_at else None


@dataclass(frozen=True, slots=True)
class Waits:
    """How long until a person accepted, in seconds; None where there was none."""

    middle: float | None
    nine_in_ten: float | None
    slowest_in_danger: float | None


def waits(rows: Iterable[Given]) -> Waits:
    """The median, the 90th percentile (nearest rank) and the slowest in danger of what was accepted."""
    rows = [r for r in rows if r.seconds is not None]
    spans = sorted(r.seconds for r in rows)
    danger = [r.seconds for r in rows if r.danger]
    return Waits(median(spans) if spans else None, percentile(spans, 90), max(danger, default=None))


def percentile(ordered: list[float], share: int) -> float | None:
    """The nearest-rank percentile of figures in order; None of none."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else None


def by_hour(rows: Iterable[Given], to: str) -> tuple[int, ...]:
    """How many went to a platform in each of the 24 hours."""
    hours = [0] * 24
    for row in rows:
        if row.to == to:
            hours[row.offered_at.hour] += 1
    return tuple(hours)


def at_once(rows: Iterable[Given]) -> tuple[int, int]:
    """(accepted by the first desk asked, accepted only after another had been asked)."""
    taken = [r for r in rows if r.accepted_at]
    first = sum(1 for r in taken if r.first)
    return first, len(taken) - first
