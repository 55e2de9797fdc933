"""How much a text is like what a pack says of its own rows: a new kind or line works from its pack alone.

Every row is known by its title, its sentences of scope, its words and its examples; a text by its n-grams. Rare n-grams
count more, as the corpus shows how rare they are. Two measures: how nearly a text is one of the row's (cosine), and, for
kinds, how much oftener its characters and pairs stand in all of them than in the corpus (log odds), which finds other
sentences about the same things. Rows the reference list knows need none of this: the model knows them.
Only their examples count, and only for a text that is nearly the same: what a city wrote down is read as it wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liandong.rules.pack import Kind, Pack
from liandong.triage.features import LONGEST, codes, grams, places
from liandong.triage.fold import key
from liandong.triage.model import Model, lengths
from liandong.triage.signs import likes_of

SHORT = 6  # characters: shorter texts are held for this long
SAME = 0.72  # from this likeness on a text is the example itself, said a little otherwise
NOTHING, ALL = 0.10, 0.34  # from the first likeness on a row counts, from the second on it counts whole
LEAST = 0.08  # a row's most alike text below this, and with its second (a quarter of it) the row counts nothing
# The same in log odds, by the root of the text's length: of the corpus' own utterances one in fifty reaches the first and
# one in two hundred the second for ten utterances of something else.
ODDS_NOTHING, ODDS_ALL = 3.3, 4.5

_EXAMPLES = ("example", "urgent example")


@dataclass(frozen=True, eq=False)
class Patterns:
    """Every text of every row as a column of `weights` (n-grams + 1 × texts); `rows` names each column's row."""

    rows: tuple[tuple[str, str], ...]  # ("kind", "line", "example" or "urgent example", code)
    ids: np.ndarray
    weights: np.ndarray
    kinds: tuple[str, ...] = ()  # codes of the pack's own kinds
    odds: np.ndarray | None = None  # n-grams + 1 × kinds: by how much each speaks for them

    def likeness(self, model: Model, ids: np.ndarray) -> dict[tuple[str, str], float]:
        """The likeness of a text (its n-gram ids) to each row, 0 to 1: that of the row's most alike text, and a little
        of its second. Rows of which it says nothing may be missing."""
        return next(self.alike(model, ids, np.array([0, len(ids)])))

    def alike(self, model: Model, ids: np.ndarray, bounds: np.ndarray) -> Iterator[dict[tuple[str, str], float]]:
        """The same for many texts: the ids of all one after the other, with the `bounds` of each."""
        if not self.rows:
            yield from ({} for _ in bounds[1:])
            return
        rarity, here = model.rarity(ids), places(self.ids, ids)
        long = lengths(rarity, bounds).tolist()
        known = here < len(self.ids)
        kept = np.concatenate(([0], np.cumsum(known)))[bounds].tolist()
        rarity, here = rarity[known], here[known]
        for n, length in enumerate(long):
            mine = slice(kept[n], kept[n + 1])
            shares = rarity[mine] @ self.weights.take(here[mine], axis=0) / length
            alike = self._rows_like(shares)
            for row, about in self._own_like(here[mine], int(bounds[n + 1] - bounds[n])):
                alike[row] = max(about, alike.get(row, 0.0))
            yield alike

    def _rows_like(self, shares: np.ndarray) -> dict[tuple[str, str], float]:
        if float(shares.max()) < LEAST:
            return {}
        found: dict[tuple[str, str], list[float]] = {}
        some = np.flatnonzero(shares > 0.02)
        for column, share in zip(some.tolist(), shares[some].tolist(), strict=True):
            found.setdefault(self.rows[column], []).append(share)
        return {row: _two(sorted(all_of, reverse=True)) for row, all_of in found.items()}

    def _own_like(self, here: np.ndarray, count: int) -> list[tuple[tuple[str, str], float]]:
        """How much a text of `count` ids (`here` the places of those that are known) is about what each own kind is
        about, in the measure of `likeness`."""
        if self.odds is None:
            return []
        odds = self.odds[here].sum(axis=0) / max(SHORT, count / LONGEST) ** 0.5
        share = (odds - ODDS_NOTHING) / (ODDS_ALL - ODDS_NOTHING)
        about = np.where(share > 0, NOTHING + (ALL - NOTHING) * share, 0.0).tolist()
        return [(("kind", code), part) for code, part in zip(self.kinds, about, strict=True)]


def example_of(likeness: dict[tuple[str, str], float]) -> tuple[str, bool] | None:
    """(kind, urgent) of the example that a text is the same as, or None."""
    same = [(share, row) for row, share in likeness.items() if row[0] in _EXAMPLES and share >= SAME]
    return (max(same)[1][1], max(same)[1][0] == _EXAMPLES[1]) if same else None


def _two(shares: list[float]) -> float:
    return shares[0] + (shares[1] / 4 if len(shares) > 1 else 0.0)


def counted(likeness: float) -> float:
    """How much a likeness counts, 0 to 1."""
    return min(1.0, max(0.0, (likeness - NOTHING) / (ALL - NOTHING)))


_made: dict[tuple[str, str], Patterns] = {}
_KEPT = 16


def patterns_of(pack: Pack, model: Model) -> Patterns:
    """The patterns of a pack, made once per digest and model."""
    name = (pack.digest, model.digest)
    if name not in _made:
        while len(_made) >= _KEPT:
            _made.pop(next(iter(_made)))
        _made[name] = _make(pack, model)
    return _made[name]


def _make(pack: Pack, model: Model) -> Patterns:
    told = [(row, np.unique(grams(key(text)))) for row, text in _texts(pack) if len(key(text)) > 1]
    ids = np.unique(np.concatenate([some for _, some in told])) if told else np.zeros(0, np.int64)
    weights = np.zeros((len(ids) + 1, len(told)), np.float32)
    for column, (_, some) in enumerate(told):
        rarity = model.rarity(some)
        weights[places(ids, some), column] = rarity / lengths(rarity, np.array([0, len(rarity)]))
    kinds = tuple(dict.fromkeys(code for (sort, code), _ in told if sort == "kind"))
    odds = _odds(pack, model, kinds, ids) if kinds else None
    return Patterns(tuple(row for row, _ in told), ids, weights, kinds, odds)


def _odds(pack: Pack, model: Model, kinds: tuple[str, ...], known: np.ndarray) -> np.ndarray:
    """How much oftener every character and pair stands in a kind's texts than in the corpus, as logarithms ≥ 0; in the
    order of the `known` ids, the last row for any other."""
    odds = np.zeros((len(known) + 1, len(kinds)), np.float32)
    for column, code in enumerate(kinds):
        texts = [_short(key(text)) for row, text in _texts(pack) if row == ("kind", code)]
        ids, times = np.unique(np.concatenate(texts), return_counts=True)
        told = np.log(times / (len(texts) + 1)) + model.rarity(ids)
        odds[places(known, ids), column] = np.maximum(0.0, told)
    return odds


def _short(folded: str) -> np.ndarray:
    """The n-grams of one and two characters inside a text, each once; the marks of its ends left out."""
    size = len(codes(folded))
    found = grams(folded)
    return np.unique(np.concatenate((found[1 : size - 1], found[size + 1 : 2 * size - 2])))


def _texts(pack: Pack) -> Iterator[tuple[tuple[str, str], str]]:
    """(row, text) of everything a pack says of the kinds that are like nothing, and of its lines."""
    like = likes_of(pack)
    own = {kind.code for kind in pack.kinds if not like[kind.code] and not any(like[i.code] for i in kind.items)}
    for kind in pack.kinds:
        if kind.code in own:
            yield from ((("kind", kind.code), text) for text in _of_kind(kind))
    for example in pack.examples:
        if example.kind in own:
            yield ("kind", example.kind), example.text
        else:
            yield (_EXAMPLES[example.urgent], example.kind), example.text
        if example.hotline:
            yield ("line", example.hotline), example.text
    for body in pack.bodies:
        for line in body.lines:
            yield from ((("line", line.number), text) for text in line.scope)


def _of_kind(kind: Kind) -> Iterator[str]:
    """Its sentences; its words are found as words (`lexicon`), with what stands beside them looked at."""
    yield kind.title
    yield from (item.text for item in kind.items)
