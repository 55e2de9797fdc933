"""Lists taken out of the house. Who, what and how much stands in a chain of its own, before the first byte leaves."""

from datetime import date, datetime

from liandong.actions.acting import action, stream_event
from liandong.records.models import Event
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.wanted import Wanted

CIRCULAR = 5_000
"""Orders of one month's circular as a file."""
MOST = 20_000
"""Rows of one file; the page says so."""


@action
def exported(wanted: Wanted, kind: str, rows: int, *, by: Actor, at: datetime) -> Event:
    """A list left as a file of `kind` (xlsx or csv) with so many rows; above the limit it was `cut`. What was typed may
    name a person: a telephone number is masked, other words stand in the erasable part."""
    asked = wanted.but(words=wording.masked(wanted.phone)) if wanted.phone else wanted.but(words="")
    words = "" if wanted.phone else wanted.words
    return stream_event(f"export:{by.city}", "matters.exported", by=by, at=at, asked=asked.address(), file=kind,
                        rows=min(rows, MOST), cut=rows > MOST, private={"words": words} if words else None)  # fmt: skip


@action
def month_exported(first: date, kind: str, rows: int, cut: bool, *, by: Actor, at: datetime) -> Event:
    """A month's figures and its circular left as a file of `kind`, with so many orders listed; longer, it was `cut`."""
    return stream_event(
        f"export:{by.city}", "month.exported", by=by, at=at, month=f"{first:%Y-%m}", file=kind, rows=rows, cut=cut
    )
