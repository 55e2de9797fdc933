"""One measured number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`value` in `unit`. More than `most`, or fewer than `least`, is a failure. `physical` is what the same machine did in
    the same run at the limit of what is possible (the bare statement, the bare loop); the ratio of the two is what counts,
    and `least_ratio` what it has to be."""

    name: str
    value: float
    unit: str
    most: float | None = None
    physical: float | None = None
    least: float | None = None
    least_ratio: float | None = None

    @property
    def over(self) -> bool:
        short = self.least is not None and self.value < self.least
        slow = self.least_ratio is not None and self.value < self.least_ratio * (self.physical or 0)
        return short or slow or (self.most is not None and self.value > self.most)

    def __str__(self) -> str:
        beside = [f"most {self.most:g}"] if self.most is not None else []
        beside += [f"least {self.least:g}"] if self.least is not None else []
        if self.physical:
            beside.append(f"limit {self.physical:.0f}, ratio {self.value / self.physical:.2f}")
            beside += [f"least {self.least_ratio:g}"] if self.least_ratio is not None else []
        return f"{'✗' if self.over else ' '} {self.name:<52} {self.value:>9.2f} {self.unit:<6} {', '.join(beside)}"
