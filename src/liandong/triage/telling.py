"""Which words of a text spoke most for a label: the weights of its n-grams laid over its characters."""

import numpy as np

from liandong.triage.features import LONGEST, MOST, grams
from liandong.triage.model import Model

WIDEST = 12  # characters: more is no pointing


def telling(model: Model, folded: str, label: int) -> tuple[int, int] | None:
    """The stretch of at most `WIDEST` characters whose n-grams weigh most for the label, as offsets in `folded`; None
    when nothing speaks for it."""
    if not folded:
        return None
    over = over_characters(model, folded[:MOST], label)
    best, where = 0.0, None
    total, start = 0.0, 0
    for place, weight in enumerate(over.tolist()):
        total, start = (weight, place) if total <= 0 else (total + weight, start)
        if place - start >= WIDEST:
            total -= over[start]
            start += 1
        if total > best:
            best, where = total, (start, place + 1)
    return where


def over_characters(model: Model, folded: str, label: int) -> np.ndarray:
    """The weight every character carries: each n-gram's, shared by its characters."""
    ids = grams(folded)
    weights = model.weights[model.places(ids), label]
    size = _length(len(ids))
    marked = np.zeros(size)
    at = 0
    for length in range(1, min(LONGEST, size) + 1):
        here = weights[at : at + size - length + 1] / length
        at += size - length + 1
        for step in range(length):
            marked[step : step + len(here)] += here
    return marked[1:-1]


def _length(count: int) -> int:
    """How many characters (with both edges) give this many n-grams."""
    size = 1
    while sum(size - length + 1 for length in range(1, min(LONGEST, size) + 1)) < count:
        size += 1
    return size
