"""One thing that is wrong with an installation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`what` is wrong, `mend` says what to type or change. `fatal` findings keep the product from starting."""

    what: str
    mend: str
    fatal: bool = True
