"""One measured number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`value` in `unit`. More than `most` is a failure. `physical` is what the same machine did in the same run at the
    limit of what is possible (the bare statement, the bare loop); the ratio of the two is what counts."""

    name: str
    value: float
    unit: str
    most: float | None = None
    physical: float | None = None

    @property
    def over(self) -> bool:
        return self.most is not None and self.value > self.most

    def __str__(self) -> str:
        beside = f"most {self.most:g}" if self.most is not None else ""
        if self.physical:
            beside = f"limit {self.physical:.0f}, ratio {self.value / self.physical:.2f}"
        return f"{'✗' if self.over else ' '} {self.name:<52} {self.value:>9.2f} {self.unit:<6} {beside}"
