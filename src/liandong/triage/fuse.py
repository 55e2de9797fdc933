"""The learned model's opinion in the rows of a city's pack.

The model knows reference kinds (`rules.reference`); a pack says which of its rows are like them. Words found by the pack
have already told the model (`signs`), so here they only choose among rows that are alike.
"""

from dataclasses import dataclass

import numpy as np

from liandong.rules.pack import Pack
from liandong.rules.reference import KINDS, POLICE
from liandong.triage.features import grams
from liandong.triage.found import Found
from liandong.triage.likeness import counted, patterns_of
from liandong.triage.model import LABELS, Model, learned
from liandong.triage.signs import likes_of, signs
from liandong.triage.telling import telling

FULL = 4.0  # the weight of a kind the model is certain of, in the measure of `rules.weigh`
SAID = 0.02  # a share below this is noise
# Danger fails open. From the first chance on the model raises a sign where no word did; below the second it holds the
# pack's word for talk (a letter, a story): a word stands unless the whole text speaks against it.
URGENT_FROM, TALK_BELOW = 0.25, 0.03
_URGENT = LABELS.index("urgent")


@dataclass(frozen=True, slots=True)
class Sign:
    """The model's own sign of danger: `start:end` in the folded text, the pack row it points at, its meaning."""

    start: int
    end: int
    row: str
    means: str


@dataclass(frozen=True, slots=True)
class Fused:
    """Weights by pack row and by line, the model's own sign of danger or None, and which model it was."""

    kinds: dict[str, float]
    lines: dict[str, float]
    sign: Sign | None
    words_stand: bool
    version: str


def fuse(found: Found, pack: Pack) -> Fused:
    """What words and model say together about a readable text."""
    model = learned()
    ids = np.unique(grams(found.folded.text))
    odds = model.read(ids, signs(found, pack))
    chances = 1 / (1 + np.exp(-odds))
    share = chances[: len(KINDS)] / max(float(chances[: len(KINDS)].sum()), 1e-9)
    own = patterns_of(pack, model).likeness(model, ids)
    rows, lines = _with_own(_rows(share, found, pack), found.line_weights, own)
    urgent = float(chances[_URGENT])
    sign = _sign(model, found, pack, share) if not found.dangers and urgent >= URGENT_FROM else None
    return Fused(rows, lines, sign, bool(found.dangers) and urgent >= TALK_BELOW, model.version)


def _rows(share: np.ndarray, found: Found, pack: Pack) -> dict[str, float]:
    """The share of every reference kind, given to the pack's rows like it: to those whose words were found, by their
    weight, else to the first. A row like nothing keeps the weight of its own words."""
    like = likes_of(pack)
    weights = {row: weight for row, weight in found.kind_weights.items() if not like.get(row)}
    for kind, part in zip(KINDS, share.tolist(), strict=True):
        if part < SAID:
            continue
        rows = homes(pack)[kind]
        said = {row: found.kind_weights[row] for row in rows if row in found.kind_weights}
        if not said:
            said = {rows[0]: 1.0} if rows else {}
        whole = sum(said.values())
        for row, weight in said.items():
            weights[row] = weights.get(row, 0.0) + FULL * part * weight / whole
    return weights


def _with_own(rows: dict[str, float], lines: dict[str, float],
              own: dict[tuple[str, str], float]) -> tuple[dict[str, float], dict[str, float]]:  # fmt: skip
    """The weights with those of the pack's own kinds and lines: what a text is like it is so much less another."""
    kinds = {row: counted(likeness) for (sort, row), likeness in own.items() if sort == "kind"}
    rest = 1.0 - max(kinds.values(), default=0.0)
    rows = {row: weight * rest for row, weight in rows.items()} if kinds else rows
    for row, part in kinds.items():
        rows[row] = rows.get(row, 0.0) + FULL * part
    lines = dict(lines)
    for (sort, number), likeness in own.items():
        if sort == "line" and (part := counted(likeness)):
            lines[number] = lines.get(number, 0.0) + FULL / 2 * part
    return rows, lines


_homes: dict[str, dict[str, list[str]]] = {}
_KEPT = 16


def homes(pack: Pack) -> dict[str, list[str]]:
    """The rows of the pack that are like each reference kind, in the pack's order; "other" is its own."""
    if pack.digest not in _homes:
        while len(_homes) >= _KEPT:
            _homes.pop(next(iter(_homes)))
        found: dict[str, list[str]] = {kind: [] for kind in KINDS}
        like = likes_of(pack)
        ordered = [row.code for row in (*pack.kinds, *pack.scopes)]
        ordered += [item.code for kind in pack.kinds for item in kind.items]
        for row in (*ordered, "other"):
            for kind in like.get(row, ()):
                found[kind].append(row)
        _homes[pack.digest] = found
    return _homes[pack.digest]


def _sign(model: Model, found: Found, pack: Pack, share: np.ndarray) -> Sign | None:
    """A sign where the letters say danger most, named after the police kind that is most likely."""
    police = [(share[n], kind) for n, kind in enumerate(KINDS) if kind in POLICE and homes(pack)[kind]]
    where = telling(model, found.folded.text, _URGENT)
    if not police or where is None:
        return None
    row = homes(pack)[max(police)[1]][0]
    named = pack.kind(row)
    return Sign(*where, row, named.title if named else pack.row(row).text)
