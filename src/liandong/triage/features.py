"""A folded text as numbers: hashed character n-grams, all in numpy.

One n-gram is one number below `SIZE`; which n-grams share one is chance (feature hashing), and there are numbers enough
that few do. Digits read as one digit and Latin letters as one letter, so that numbers, plates and masked names count as
what they are.
"""

import numpy as np

BITS = 22  # about as many n-grams as a corpus has that share no number with another
SIZE = 1 << BITS
LONGEST = 4
MOST = 2_000  # characters looked at: a letter's first thousand and last thousand say what it wants
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SEEDS = (np.uint64(0x51ED270B), np.uint64(0xA24BAED4), np.uint64(0x9FB21C65), np.uint64(0xD6E8FEB8))
_SHIFT = np.uint64(64 - BITS)
_EDGE = np.array([2], np.uint32)


def codes(folded: str) -> np.ndarray:
    """The characters as numbers (uint32), digits and Latin letters each made one, the two ends marked."""
    if len(folded) > MOST:
        folded = folded[: MOST // 2] + folded[-MOST // 2 :]
    found = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    found[(found >= 48) & (found <= 57)] = 48
    found[(found >= 97) & (found <= 122)] = 97
    return np.concatenate((_EDGE, found, _EDGE))


def grams(folded: str) -> np.ndarray:
    """The ids of the n-grams (int64, values below `SIZE`) by length, then place: first all of length 1, then 2 …"""
    chars = codes(folded).astype(np.uint64)
    found, rolled = [], np.zeros(len(chars), np.uint64)
    for length in range(1, min(LONGEST, len(chars)) + 1):
        rolled = (rolled[: len(chars) - length + 1] + chars[length - 1 :]) * _PRIME
        rolled ^= rolled >> np.uint64(29)
        found.append(((rolled + _SEEDS[length - 1]) * _PRIME) >> _SHIFT)
    return np.concatenate(found).astype(np.int64)


def places(known: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Where each id of `found` stands in the sorted ids `known` (both int64); `len(known)` for one that is not there."""
    if not len(known):
        return np.zeros(len(found), np.int64)
    at = np.searchsorted(known, found)
    return np.where(known[np.minimum(at, len(known) - 1)] == found, at, len(known))
