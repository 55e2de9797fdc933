"""What the letters of many texts say, worked out together: numpy asks the same for sixty texts as for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from liandong.rules.pack import Pack
from liandong.rules.reference import KINDS, platform_of
from liandong.triage.features import grams_of
from liandong.triage.found import Found, between
from liandong.triage.likeness import patterns_of
from liandong.triage.model import LABELS, Model, learned
from liandong.triage.signs import signs

# The first and the last so many characters of a longer text are read once more by themselves and count for these parts:
# who writes says first what it is about, then what else there is to say, and at the end what is wanted of whom.
EDGE = 40
OPENING_PART, ENDING_PART = 0.3, 0.2
TOGETHER, ROOM = 64, 20_000  # texts and characters worked out at once: more is no faster, and takes memory
_URGENT = LABELS.index("urgent")
_PLATFORMS = tuple(platform_of(kind) for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the letters of one text say: the chance of danger, the share of every platform and of every kind of `KINDS`
    (that with the text's two ends once more), and how like it is to rows of the pack (`likeness`)."""

    urgent: float
    platforms: dict[str, float]
    share: list[float]
    alike: dict[tuple[str, str], float]


def opinions(texts: Sequence[Found], pack: Pack) -> Iterator[Opinion]:
    """The opinion on each text, in order. Empty texts have one too, which says nothing."""
    first, room = 0, 0
    for at, found in enumerate(texts):
        room += len(found.folded.text)
        if at - first >= TOGETHER or room > ROOM:
            yield from _together(texts[first:at], pack)
            first, room = at, len(found.folded.text)
    yield from _together(texts[first:], pack)


def chances(texts: Sequence[Found], pack: Pack) -> list[float]:
    """The chance of danger of each text."""
    return (1 / (1 + np.exp(-_odds(texts, pack, learned())[0][:, _URGENT]))).tolist() if texts else []


def _together(texts: Sequence[Found], pack: Pack) -> Iterator[Opinion]:
    if not texts:
        return
    model = learned()
    long = [n for n, found in enumerate(texts) if len(found.folded.text) > EDGE]
    ends = [between(texts[n], 0, EDGE) for n in long]
    ends += [between(texts[n], len(texts[n].folded.text) - EDGE, len(texts[n].folded.text)) for n in long]
    odds, ids, bounds = _odds([*texts, *ends], pack, model)
    share = 1 / (1 + np.exp(-odds[:, : len(KINDS)]))
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-9)
    urgent = (1 / (1 + np.exp(-odds[: len(texts), _URGENT]))).tolist()
    alone = share[: len(texts)].tolist()
    opening, ending = share[len(texts) : len(texts) + len(long)], share[len(texts) + len(long) :]
    share[long] = (1 - OPENING_PART - ENDING_PART) * share[long] + OPENING_PART * opening + ENDING_PART * ending
    alike = patterns_of(pack, model).alike(model, ids[: bounds[len(texts)]], bounds[: len(texts) + 1])
    for row in zip(urgent, alone, share.tolist()[: len(texts)], alike, strict=True):
        yield Opinion(row[0], _by_platform(row[1]), row[2], row[3])


def _odds(texts: Sequence[Found], pack: Pack, model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The log-odds of every label of each text, the ids of all one after the other, and where each text's begin and the
    last one's end."""
    ids, bounds = grams_of([found.folded.text for found in texts])
    told = np.array([signs(found, pack) for found in texts])
    return model.read_many(ids, bounds, told), ids, bounds


def _by_platform(share: Sequence[float]) -> dict[str, float]:
    sums = {"110": 0.0, "12345": 0.0, "other": 0.0}
    for platform, part in zip(_PLATFORMS, share, strict=True):
        sums[platform] += part
    return sums
