"""知识库: which articles fit what is said, and who may change them."""

from collections.abc import Iterable
from dataclasses import dataclass

from liandong.rules import grams
from liandong.rules.access import Actor

MOST_WORDS = 12
"""Words an article may be found by beside its own text."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What of an article is compared with a matter."""

    kinds: tuple[str, ...]
    words: tuple[str, ...]


def fitness(article: Fit, codes: Iterable[str], said: str) -> int:
    """How well an article fits: 0 not at all. Its very item counts more than the item's kind, and a word of its own that
    stands in the text counts like the kind; two of them like the item."""
    codes = [code for code in codes if code]
    text = grams.folded(said)
    points = 4 if set(article.kinds) & set(codes) else 0
    if not points and {code.split(".")[0] for code in codes} & set(article.kinds):
        points = 2
    return points + 2 * min(3, sum(1 for word in article.words if word and grams.folded(word) in text))


def may_edit(actor: Actor, city: str, unit: str) -> bool:
    """A shift leader, supervisor or administrator of the city, and the clerks of the unit that owns it."""
    if actor.city != city:
        return False
    if actor.role in ("shift_leader", "supervisor", "administrator"):
        return True
    return actor.role == "clerk" and bool(unit) and actor.unit == unit


def may_read(actor: Actor) -> bool:
    """Everybody who works in the city; an article names no person."""
    return actor.role not in ("citizen", "person")
