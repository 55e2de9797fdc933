"""What one matter counts for in a city's month: by day, by desk and by unit, so that a month is a sum of days and no
reading of everything that came in. Whether a running order is late depends on the clock and is not among it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Share(NamedTuple):
    """One of something on a day. `who` is a desk's or unit's id, or the code of a cause."""

    day: date
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A transfer: the day it was offered on, to which desk, what became of it."""

    on: date
    desk: int
    state: str
    declined_for: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """A unit's order as it stands. `returned_for`: the cause it was handed back for."""

    unit: int
    state: str
    sign_due_at: datetime
    signed_at: datetime | None
    answer_due_at: datetime
    ended_at: datetime | None
    returned_for: str
    reminded: int
    supervised: bool


def shares(received_on: date, desk: int, offers: Iterable[Offered], orders: Iterable[Ordered]) -> Counter[Share]:
    """Of a matter that `desk` received first: it and its orders count on the day it was received, an offer on its own."""
    found = Counter({Share(received_on, "received", str(desk)): 1})
    for offer in offers:
        found[Share(offer.on, given(offer.state), str(offer.desk))] += 1
        if offer.state == "declined":
            found[Share(offer.on, "cause", offer.declined_for)] += 1
    for order in orders:
        for what, n in _of_order(order).items():
            found[Share(received_on, what, str(order.unit))] += n
        if order.state == "handed_back":
            found[Share(received_on, "cause", order.returned_for)] += 1
    return +found


def given(state: str) -> str:
    """What an offer counts as, by what became of it."""
    return f"given.{state}"


def _of_order(order: Ordered) -> dict[str, int]:
    late = order.state == "resolved" and order.ended_at is not None and order.ended_at > order.answer_due_at
    signed, behind = order.signed_at is not None, order.signed_at is not None and order.signed_at > order.sign_due_at
    return {"orders": 1, "signed": int(signed and not behind), "signed_late": int(behind), "late": int(late),
            "returned": int(order.state == "handed_back"), "reminded": order.reminded,
            "supervised": int(order.supervised)}  # fmt: skip


def spelled(counted: Counter[Share]) -> str:
    """As a matter keeps it: a line for each, how many first."""
    return "\n".join(f"{n} {s.day.isoformat()} {s.what} {s.who}" for s, n in sorted(counted.items()))


def read(text: str) -> Counter[Share]:
    """What `spelled` wrote."""
    found: Counter[Share] = Counter()
    for line in text.splitlines():
        n, day, what, who = line.split(" ", 3)
        found[Share(date.fromisoformat(day), what, who)] = int(n)
    return found
