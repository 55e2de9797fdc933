"""What the pack's words found, as numbers for the model: by reference kind, so that every city's words count."""

import math

import numpy as np

from liandong.rules.pack import Pack
from liandong.rules.reference import KINDS, likes
from liandong.triage.found import Found

NAMES = (
    *(f"words {kind}" for kind in KINDS),
    *(f"danger {kind}" for kind in KINDS),
    "dangers",
    "doubted",
    "denied",
    "lines",
    "length",
    "asks",
)
_AT = {kind: n for n, kind in enumerate(KINDS)}
_N = len(KINDS)


_known: dict[str, dict[str, tuple[str, ...]]] = {}
_KEPT = 16


def likes_of(pack: Pack) -> dict[str, tuple[str, ...]]:
    """`rules.reference.likes` of a pack, worked out once a digest."""
    if pack.digest not in _known:
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        _known[pack.digest] = likes(pack)
    return _known[pack.digest]


def signs(found: Found, pack: Pack) -> np.ndarray:
    """One number for each of `NAMES`, each about 0 to 3."""
    like = likes_of(pack)
    told = np.zeros(len(NAMES), np.float32)
    for row, weight in found.kind_weights.items():
        known = like.get(row, ())
        for kind in known:
            told[_AT[kind]] += weight / len(known)
    for hit in found.dangers:
        for entry in hit.only("danger"):
            for kind in like.get(entry.row, ()):
                told[_N + _AT[kind]] = 1.0
    told[:_N] = np.log1p(told[:_N])
    text = found.folded.text
    told[2 * _N :] = (
        math.log1p(len(found.dangers)),
        math.log1p(len(found.doubted)),
        math.log1p(found.denied),
        math.log1p(sum(found.line_weights.values())),
        math.log1p(len(text) / 30),
        "?" in text or "？" in text or "咨询" in text,
    )
    return told
