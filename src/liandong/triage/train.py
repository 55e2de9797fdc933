"""Trains the model from the corpus: one command, the same bytes every time. Needs scikit-learn; nothing else does.

One logistic regression a label (liblinear, seeded, its own arithmetic: no BLAS whose rounding differs by processor)
over hashed character n-grams. The weights are rounded to small whole numbers, which is what is shipped.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression

from liandong.rules.pack import Pack
from liandong.rules.reference import platform_of
from liandong.triage.corpus import Utterance
from liandong.triage.features import SIZE, grams
from liandong.triage.found import find
from liandong.triage.model import LABELS, Model
from liandong.triage.signs import signs
from liandong.triage.vary import varied

# Inverse of the penalty, and how loud the signs (words found) are beside the letters. The signs are held low for kinds:
# a pack's words were chosen on sentences like those they are tried on, letters were not.
KINDS_STRENGTH, KINDS_SIGNS = 30.0, 0.2
URGENT_STRENGTH, URGENT_SIGNS = 6.0, 1.0
NEAR = 0.01  # where the dual solver stops: a third of the time of the primal one, log-odds differ by less than a tenth
SEEN = 2  # texts, copies among them
ROUND = 127
SHIPPED, COMMON = 500_000, 70  # n-grams; ten times the logarithm of "one utterance in a thousand has it"
# What is really said, by register: 110, 12345, neither. Two thirds of the calls to 110 are not police matters, and a
# hotline's tickets are mostly the government's; a corpus is written with more danger in it than life has.
MIX = {
    "note": (0.25, 0.72, 0.03),
    "letter": (0.15, 0.83, 0.02),
    "speech": (0.35, 0.55, 0.1),
    "police": (0.75, 0.1, 0.15),
    "sms": (0.4, 0.5, 0.1),
    "post": (0.45, 0.1, 0.45),
    "law": (0.2, 0.2, 0.6),
}
WHOLE = (0.3, 0.6, 0.1)
PLATFORMS = ("110", "12345", "other")
LEAST, MOST_WEIGHT = 0.25, 12.0


@dataclass(frozen=True)
class Table:
    """The corpus as numbers: `letters` (utterances × kept n-grams by rarity, each row of length 1), `kept` their ids,
    `told` (utterances × signs)."""

    letters: csr_matrix
    kept: np.ndarray
    seen: np.ndarray  # of the kept: ten times log(utterances / utterances with it)
    told: np.ndarray

    def rows(self, loud: float) -> csr_matrix:
        """All columns beside each other, the signs `loud` times as strong."""
        return hstack([self.letters, csr_matrix(self.told * loud)], format="csr")


def table(texts: Sequence[str], pack: Pack) -> Table:
    """Every text's n-grams and signs."""
    ids, ends, told = [], [0], []
    for text in texts:
        found = find(text, pack)
        ids.append(np.unique(grams(found.folded.text)))
        ends.append(ends[-1] + len(ids[-1]))
        told.append(signs(found, pack))
    flat = np.concatenate(ids)
    spread = np.bincount(flat, minlength=SIZE)
    kept = np.flatnonzero(spread >= SEEN)
    seen = np.rint(10 * np.log(len(texts) / spread[kept])).astype(np.uint8)
    rows = csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(texts), SIZE))[:, kept] @ diags(seen / 10)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows = diags(1 / np.maximum(lengths, 1e-9)) @ rows
    return Table(csr_matrix(rows), kept, seen, np.array(told, np.float64))


def targets(said: Sequence[Utterance], label: str) -> tuple[np.ndarray, np.ndarray]:
    """(yes or no, how much it counts) of every utterance for a label.

    For a second label that a reader would also give, an utterance is an example of neither side.
    """
    if label == "urgent":
        return np.array([s.urgent for s in said]), np.ones(len(said))
    yes = np.array([s.kind == label for s in said])
    maybe = np.array([label in s.alternatives for s in said])
    return yes, np.where(maybe & ~yes, 0.0, 1.0)


def train(said: Sequence[Utterance], pack: Pack) -> Model:
    """The model of these utterances, each as it was written and once more among words that say nothing; `pack` is the
    one whose words the signs were learned with."""
    whole = [*said, *varied(said)]
    return fit(table([s.text for s in whole], pack), whole)


def fit(data: Table, said: Sequence[Utterance]) -> Model:
    """The model of a table whose rows are these utterances."""
    width = len(data.kept) + data.told.shape[1]
    weights, bias = np.zeros((width, len(LABELS))), np.zeros(len(LABELS))
    natural = mixed(said)
    rows = {loud: data.rows(loud) for loud in (KINDS_SIGNS, URGENT_SIGNS)}
    for column, label in enumerate(LABELS):
        yes, counts = targets(said, label)
        if not yes.any():  # a corpus still being written
            bias[column] = -9.0
            continue
        strength, loud = (URGENT_STRENGTH, URGENT_SIGNS) if label == "urgent" else (KINDS_STRENGTH, KINDS_SIGNS)
        one = LogisticRegression(C=strength, solver="liblinear", dual=True, random_state=0, tol=NEAR, max_iter=300)
        one.fit(rows[loud], yes, sample_weight=counts * natural)
        weights[:, column], bias[column] = one.coef_[0], one.intercept_[0]
        weights[len(data.kept) :, column] *= loud
    return rounded(data, weights, bias)


def mixed(said: Sequence[Utterance]) -> np.ndarray:
    """How much each utterance counts, so that the corpus is mixed as life is: by register, then over all."""
    sort = [(s.register, PLATFORMS.index(platform_of(s.kind))) for s in said]
    groups, registers = Counter(sort), Counter(s.register for s in said)
    counts = np.array([MIX[r][p] * registers[r] / groups[r, p] for r, p in sort]).clip(LEAST, MOST_WEIGHT)
    platform = np.array([p for _, p in sort])
    whole = counts.sum()
    for n, share in enumerate(WHOLE):
        here = platform == n
        if here.any():
            counts[here] *= share * whole / counts[here].sum()
    return counts


def rounded(data: Table, weights: np.ndarray, bias: np.ndarray) -> Model:
    """The model in whole numbers: a scale a label, each n-gram's rarity already in its weight; signs to four places."""
    letters, told = weights[: len(data.kept)] * (data.seen / 10)[:, None], weights[len(data.kept) :]
    scale = np.maximum(np.abs(letters).max(axis=0) / ROUND, 1e-9)
    whole, scale = np.rint(letters / scale).astype(np.int8), np.round(scale, 7)
    here = heaviest(whole, scale, data.seen)
    return Model.of(data.kept[here], whole[here], scale, np.round(bias, 4), np.round(told, 4), data.seen[here])


def heaviest(whole: np.ndarray, scale: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The places, in order, of the `SHIPPED` n-grams that weigh most, and of all that are common: how long a text is
    and how like another is told by them. In whole numbers, or machines could differ on the last place."""
    weight = np.square(np.rint(whole * scale * 10_000).astype(np.int64)).sum(axis=1)
    weight[seen <= COMMON] = np.iinfo(np.int64).max
    return np.sort(np.argsort(-weight, kind="stable")[: max(SHIPPED, int((seen <= COMMON).sum()))])
