"""How much a text is like what a pack says of its own rows: a new kind or line works from its pack alone.

Every row is known by its title, its sentences of scope, its words and its examples; a text by its n-grams. Rare n-grams
count more, as the corpus shows how rare they are. Rows the reference list knows need none of this: the model knows them.
Only their examples count, and only for a text that is nearly the same: what a city wrote down is read as it wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liandong.rules.pack import Kind, Pack
from liandong.triage.features import SIZE, grams
from liandong.triage.fold import key
from liandong.triage.model import Model
from liandong.triage.signs import likes_of

SAME = 0.72  # from this likeness on a text is the example itself, said a little otherwise
NOTHING, ALL = 0.10, 0.34  # from the first likeness on a row counts, from the second on it counts whole


_EXAMPLES = ("example", "urgent example")


@dataclass(frozen=True, eq=False)
class Patterns:
    """Every text of every row as a column of `weights` (n-grams + 1 × texts); `rows` names each column's row."""

    rows: tuple[tuple[str, str], ...]  # ("kind", "line", "example" or "urgent example", code)
    place: np.ndarray
    weights: np.ndarray

    def likeness(self, model: Model, ids: np.ndarray) -> dict[tuple[str, str], float]:
        """The likeness of a text (its n-gram ids) to each row, 0 to 1: that of the row's most alike text, and a little
        of its second."""
        if not self.rows:
            return {}
        long = float(np.sqrt(np.square(model.rarity[ids]).sum())) or 1.0
        shares = (self.weights[self.place[ids]] * model.rarity[ids, None]).sum(axis=0) / long
        found: dict[tuple[str, str], list[float]] = {}
        for row, share in zip(self.rows, shares.tolist(), strict=True):
            if share > 0.02:
                found.setdefault(row, []).append(share)
        return {row: _two(sorted(all_of, reverse=True)) for row, all_of in found.items()}

    def example(self, likeness: dict[tuple[str, str], float]) -> tuple[str, bool] | None:
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
    place = np.full(SIZE, len(ids), np.int32)
    place[ids] = np.arange(len(ids), dtype=np.int32)
    weights = np.zeros((len(ids) + 1, len(told)), np.float32)
    for column, (_, some) in enumerate(told):
        rarity = model.rarity[some]
        weights[place[some], column] = rarity / (float(np.sqrt(np.square(rarity).sum())) or 1.0)
    return Patterns(tuple(row for row, _ in told), place, weights)


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
