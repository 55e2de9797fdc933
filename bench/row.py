"""One measured number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`value` in `unit`; more than `limit` is a failure."""

    name: str
    value: float
    unit: str
    limit: float

    @property
    def over(self) -> bool:
        return self.value > self.limit
