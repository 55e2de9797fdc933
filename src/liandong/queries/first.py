"""The first rows of a list that may be longer than what is shown: the count beside it must not be taken for the whole."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Self, TypeVar

Row = TypeVar("Row")


class First(tuple[Row, ...]):
    """The rows shown; `more` when others stand behind them."""

    more = False

    @classmethod
    def of(cls, rows: Iterable[Row], most: int) -> Self:
        """The first `most` of `rows`, of which one more is asked for."""
        found = list(islice(rows, most + 1))
        made = cls(found[:most])
        made.more = len(found) > most
        return made

    def sorted(self, key: Callable[[Row], Any]) -> "First":
        """The same rows in another order; there are as many others behind them."""
        made = First(sorted(self, key=key))
        made.more = self.more
        return made

    def changed(self, row: Callable[[Row], Any]) -> "First":
        """Each row made into another; there are as many others behind them."""
        made = First(map(row, self))
        made.more = self.more
        return made


def counted(rows: tuple | list) -> str:
    """How many: 7, or 40+ where only the first forty are shown."""
    return f"{len(rows)}+" if getattr(rows, "more", False) else str(len(rows))
