"""The checks between rows: codes once, references that resolve, and everything a city cannot do without."""

from collections.abc import Iterator

from liandong.packs.between import lists, places, rulings, sayings
from liandong.packs.between.finding import Rows, once, parts
from liandong.packs.problem import Problem

CHECKS = (
    *(places.districts, places.desks, lists.kinds, lists.directory, lists.units),
    *(rulings.limits, rulings.mechanisms, sayings.dangers, sayings.examples),
)


def problems_of(rows: Rows) -> list[Problem]:
    """Every problem between the rows of a pack (rows by table name)."""
    return [problem for check in (codes, *CHECKS) for problem in check(rows)]


def codes(rows: Rows) -> Iterator[Problem]:
    """No code, number or key twice."""
    coded = ("desk", "district", "kind", "scope", "body", "unit")
    yield from once([row for name in coded for row in rows[name]] + parts(rows["kind"], "item"), "code")
    yield from once(parts(rows["body"], "line"), "number")
    yield from once(rows["body"], "number")
    yield from once(rows["limit"], "key")
    yield from once(rows["mechanism"], "key")
