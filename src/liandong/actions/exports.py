"""Lists taken out of the house. Who, what and how much stands in a chain of its own, before the first byte leaves."""

from datetime import datetime

from liandong.actions.acting import action, stream_event
from liandong.records.models import Event
from liandong.rules import wording
from liandong.rules.access import Actor
from liandong.rules.wanted import Wanted

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
