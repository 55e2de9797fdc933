"""A folded text as numbers: hashed character n-grams, all in numpy.

One n-gram is one number below `SIZE`; which n-grams share one is chance (feature hashing), and there are numbers enough
that few do. Digits read as one digit and Latin letters as one letter, so that numbers, plates and masked names count as
what they are.
"""

from collections.abc import Iterator, Sequence

import numpy as np

BITS = 22  # about as many n-grams as a corpus has that share no number with another
SIZE = 1 << BITS
LONGEST = 4
MOST = 2_000  # characters looked at: a letter's first thousand and last thousand say what it wants
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SEEDS = (np.uint64(0x51ED270B), np.uint64(0xA24BAED4), np.uint64(0x9FB21C65), np.uint64(0xD6E8FEB8))
_SHIFT = np.uint64(64 - BITS)
_FOLDING = np.uint64(29)
_ZERO, _A = np.uint32(48), np.uint32(97)
_EDGE = "\x02"  # folded texts hold no such character


def codes(folded: str) -> np.ndarray:
    """The characters as numbers (uint64), digits and Latin letters each made one, the two ends marked."""
    return _numbers(_EDGE + _looked_at(folded) + _EDGE)


def _looked_at(folded: str) -> str:
    return folded if len(folded) <= MOST else folded[: MOST // 2] + folded[-MOST // 2 :]


def _numbers(marked: str) -> np.ndarray:
    found = np.frombuffer(marked.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    found[found - _ZERO < 10] = _ZERO  # what is below "0" wraps round and is far above
    found[found - _A < 26] = _A
    return found.astype(np.uint64)


def grams(folded: str) -> np.ndarray:
    """The ids of the n-grams (int64, values below `SIZE`) by length, then place: first all of length 1, then 2 …"""
    return np.concatenate(list(_rolled(codes(folded))))


def _rolled(chars: np.ndarray) -> Iterator[np.ndarray]:
    """The ids of all n-grams of one length, for each length, in order of their place."""
    rolled = chars * _PRIME
    for length in range(1, min(LONGEST, len(chars)) + 1):
        if length > 1:
            rolled = rolled[:-1]
            rolled += chars[length - 1 :]
            rolled *= _PRIME
        rolled ^= rolled >> _FOLDING
        found = rolled + _SEEDS[length - 1]
        found *= _PRIME
        found >>= _SHIFT
        yield found.view(np.int64)  # far below the sign


def grams_of(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The ids of all texts (int64, each once a text, sorted within it), one text after the other, and the place where
    each text's begin, with the end behind the last: what `np.unique(grams(text))` gives for each, at a third of the
    cost for many."""
    marked = [_EDGE + _looked_at(text) + _EDGE for text in texts]
    whose = np.repeat(np.arange(len(marked), dtype=np.int64), [len(text) for text in marked])
    named = whose << BITS  # a text's ids stay together and apart from the others'
    found = []
    for length, ids in enumerate(_rolled(_numbers("".join(marked))), 1):
        inside = whose[length - 1 :] == whose[: len(whose) - length + 1]
        found.append((ids + named[: len(ids)])[inside])
    ids = np.concatenate(found)
    ids.sort()
    ids = ids[np.concatenate(([True], ids[1:] != ids[:-1]))]
    bounds = np.searchsorted(ids, np.arange(len(marked) + 1, dtype=np.int64) << BITS)
    return ids & (SIZE - 1), bounds


def places(known: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Where each id of `found` stands in the sorted ids `known` (both int64); `len(known)` for one that is not there."""
    if not len(known):
        return np.zeros(len(found), np.int64)
    at = np.searchsorted(known, found)
    return np.where(known[np.minimum(at, len(known) - 1)] == found, at, len(known))
