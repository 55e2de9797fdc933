"""What the words of a pack find in a text: standing and doubted signs of danger, kinds, lines, places."""

from collections import defaultdict
from dataclasses import dataclass, replace
from math import sqrt

from liandong.rules.pack import Pack
from liandong.triage.fold import Folded, fold
from liandong.triage.language import landmark
from liandong.triage.lexicon import lexicon_for
from liandong.triage.scan import Hit, apart, longest, scan
from liandong.triage.standing import Reading, verdict

_KEPT_WEIGHT = {"stands": 1.5, "past": 0.6, "asked": 0.5}


@dataclass(frozen=True, slots=True)
class Found:
    """The hits by what they tell, and the weights by row. `dangers` stand; `doubted` are past or asked about; `denied`
    counts danger words that were denied. Spans of hits are offsets in `folded.text`."""

    folded: Folded
    dangers: list[Hit]
    doubted: list[Hit]
    denied: int
    kinds: list[Hit]
    places: list[Hit]
    kind_weights: dict[str, float]
    line_weights: dict[str, float]


def find(text: str, pack: Pack) -> Found:
    """Everything the pack's words find in this text."""
    folded = fold(text)
    hits = scan(folded, lexicon_for(pack))
    dangers, doubted, denied = _dangers(hits, folded)
    kinds = _kinds(hits, [*dangers, *denied], doubted, folded.text)
    places = [h for h in longest([h for h in hits if h.only("place", "town", "safe")]) if h.only("place", "town")]
    weights = _weights(dangers, kinds)
    return Found(folded, dangers, doubted, len(denied), kinds, places, weights["kind"], weights["line"])


def between(found: Found, start: int, end: int) -> Found:
    """What stands in `start:end` of the folded text, as it was found in the whole: nothing is looked for again, and the
    hits keep their offsets in the whole."""
    dangers, doubted, kinds = (
        [h for h in hits if start <= h.start and h.end <= end] for hits in (found.dangers, found.doubted, found.kinds)
    )
    weights = _weights(dangers, kinds)
    folded = replace(found.folded, text=found.folded.text[start:end])
    return Found(folded, dangers, doubted, found.denied, kinds, [], weights["kind"], weights["line"])


def _dangers(hits: list[Hit], folded: Folded) -> tuple[list[Hit], list[Hit], list[Hit]]:
    """The standing danger words, those that only tell the kind (past, asked about), and those that were denied."""
    reading = Reading(folded)
    standing, doubted, denied = [], [], []
    for hit in longest([h for h in hits if h.only("danger", "safe")]):
        entries = hit.only("danger")
        if not entries:
            continue
        held = verdict(hit, reading)
        if held == "denied":
            denied.append(hit)
            continue
        kept = tuple(replace(e, weight=e.weight * _KEPT_WEIGHT[held]) for e in entries)
        (standing if held == "stands" else doubted).append(replace(hit, entries=kept))
    return standing, doubted, denied


def _kinds(hits: list[Hit], taken: list[Hit], doubted: list[Hit], text: str) -> list[Hit]:
    """The words that tell a kind, a line or neither desk's talk, beside the dangers that stand or are denied (没有煤气味
    says nothing of 气味 either); landmarks left out."""
    told = [replace(h, entries=tuple(replace(e, what="kind") for e in h.entries)) for h in doubted]
    plain = [h for h in hits if h.only("kind", "line", "other", "safe")]
    found = longest(apart(plain, taken) + told)
    return [h for h in found if h.only("kind", "line", "other") and not landmark(text, h.end)]


def _weights(dangers: list[Hit], kinds: list[Hit]) -> dict[str, dict[str, float]]:
    """Weight by row, apart for kinds and lines. A word said again adds less each time; one that several rows share
    counts less for each."""
    weights: dict[str, dict[str, float]] = {"kind": defaultdict(float), "line": defaultdict(float)}
    times: dict[tuple, int] = defaultdict(int)
    for hit in (*dangers, *kinds):
        entries = hit.only("danger", "kind", "line", "other")
        name = tuple((e.what, e.row, round(e.weight, 2)) for e in entries)
        times[name] += 1
        for entry in entries:
            sort = "line" if entry.what == "line" else "kind"
            alike = sum(e.what == entry.what for e in entries)
            weights[sort][entry.row] += entry.weight / sqrt(alike) / times[name]
    return weights
