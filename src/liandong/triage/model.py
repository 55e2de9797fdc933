"""The learned model: weights of character n-grams for each label, as plain whole numbers.

`kinds.npy` and its neighbours are written by `liandong triage train` and read without pickle. The model's words are the
reference list (`rules.reference.KINDS`) and `urgent`; `fuse` turns them into the rows of a city's pack.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from liandong.rules.reference import KINDS
from liandong.triage.features import SIZE

LABELS = (*KINDS, "urgent")
HERE = Path(__file__).with_name("learned")


@dataclass(frozen=True, eq=False)
class Model:
    """`weights` (n-grams + 1 × labels, float32; the last row is nothing), `place` of every id in it, `bias`."""

    ids: np.ndarray  # uint32, sorted
    whole: np.ndarray  # int8, n-grams × labels
    scale: np.ndarray  # float64 by label
    bias: np.ndarray
    signs: np.ndarray  # float64, `signs.NAMES` × labels
    seen: np.ndarray  # uint8, by n-gram: ten times the logarithm of how many utterances there are for one with it
    place: np.ndarray  # int32, SIZE: found at once, which is half the time of looking an id up in sorted order
    weights: np.ndarray
    counts: np.ndarray  # float32, n-grams + 1: the rarity of each, 0 of what the corpus does not know
    rare: np.ndarray  # float32, n-grams + 1: the same, that of unknown ones a little above the rarest
    digest: str

    @classmethod
    def of(cls, ids: np.ndarray, whole: np.ndarray, scale: np.ndarray, bias: np.ndarray,
           signs: np.ndarray, seen: np.ndarray) -> "Model":  # fmt: skip
        """A model of whole numbers, ready to read with."""
        weights = np.zeros((len(ids) + 1, len(LABELS)), np.float32)
        np.multiply(whole, scale, out=weights[:-1], casting="unsafe")  # no table of twice the size in between
        place = np.full(SIZE, len(ids), np.int32)
        place[ids] = np.arange(len(ids), dtype=np.int32)
        rare = np.append(seen / 10, seen.max(initial=0) / 10 + 0.7).astype(np.float32)
        counts = np.append(seen / 10, 0.0).astype(np.float32)
        ids = ids.astype(np.uint32)  # named after what is stored, or the name would change by saving and loading
        parts = (whole, ids, seen, scale, bias, signs)
        made = hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:8]
        return cls(ids, whole, scale, bias, signs, seen, place, weights, counts, rare, made)

    @property
    def version(self) -> str:
        """What decisions keep of which model it was."""
        return f"letters-1.{self.digest}"

    def places(self, found: np.ndarray) -> np.ndarray:
        """The row of each id in `weights`, the last one of what the corpus does not know."""
        return self.place.take(found)

    def rarity(self, found: np.ndarray) -> np.ndarray:
        """How rare each id is, also one that the corpus does not know."""
        return self.rare.take(self.places(found))

    def read(self, found: np.ndarray, told: np.ndarray) -> np.ndarray:
        """The log-odds of every label, in the order of `LABELS`. `found` are the text's n-gram ids, each once; `told`
        its `signs`."""
        return self.read_many(found, np.array([0, len(found)]), told[np.newaxis])[0]

    def read_many(self, found: np.ndarray, bounds: np.ndarray, told: np.ndarray) -> np.ndarray:
        """The same for many texts, texts × labels: the ids of all one after the other with the `bounds` of each (one
        more than there are texts; none is without ids), and the `signs` of each."""
        here = self.places(found)
        letters = np.add.reduceat(self.weights.take(here, axis=0), bounds[:-1], axis=0)
        return letters / lengths(self.counts.take(here), bounds)[:, np.newaxis] + told @ self.signs + self.bias


def lengths(rarity: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The length of each text whose n-grams are so rare, one text after the other within `bounds`; 1 of nothing."""
    found = np.sqrt(np.add.reduceat(np.square(rarity), bounds[:-1], dtype=np.float64))
    found[found == 0] = 1.0
    return found


def save(model: Model, folder: Path) -> None:
    """Write the model's numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "ids.npy", model.ids, allow_pickle=False)
    np.save(folder / "weights.npy", model.whole, allow_pickle=False)
    np.save(folder / "seen.npy", model.seen, allow_pickle=False)
    plain = {"labels": LABELS, "scale": model.scale.tolist(), "bias": model.bias.tolist(),
             "signs": model.signs.tolist()}  # fmt: skip
    (folder / "model.json").write_text(json.dumps(plain, indent=1) + "\n", "utf-8")


@cache
def learned() -> Model:
    """The shipped model."""
    return load(HERE)


def load(folder: Path) -> Model:
    """The model of a folder. Raises ValueError when it was made for other labels."""
    plain = json.loads((folder / "model.json").read_text("utf-8"))
    if tuple(plain["labels"]) != LABELS:
        raise ValueError(f"{folder} holds a model of other labels; train it again")
    ids = np.load(folder / "ids.npy", allow_pickle=False)
    whole = np.load(folder / "weights.npy", allow_pickle=False)
    return Model.of(ids, whole, np.array(plain["scale"]), np.array(plain["bias"]), np.array(plain["signs"]),
                    np.load(folder / "seen.npy", allow_pickle=False))  # fmt: skip
