"""Reads a text by the words of a pack. The learned model joins later behind the same `read`."""

from collections import defaultdict
from dataclasses import replace
from math import sqrt

from liandong.rules.evidence import Evidence, Span
from liandong.rules.pack import Pack
from liandong.triage.fold import Folded, fold
from liandong.triage.language import landmark
from liandong.triage.lexicon import lexicon_for
from liandong.triage.places import place
from liandong.triage.scan import Hit, apart, longest, scan
from liandong.triage.standing import Reading, verdict

MOST_SPANS = 60
_KEPT_WEIGHT = {"stands": 1.5, "past": 0.6, "asked": 0.5}


def read(text: str, pack: Pack, *, district: str = "") -> Evidence:
    """What this text holds by the words of this pack: signs of danger, kinds, directory lines, place.

    `district` (six digits) is one already known, of the caller's desk or form; it is not doubted. Any string gets an
    answer and none raises. Spans are offsets in `text` itself, do not overlap, and stand in order. A text without
    Chinese is not `readable`, which never means that there is no danger.
    """
    folded = fold(text)
    hits = scan(folded, lexicon_for(pack))
    dangers, doubted = _dangers(hits, folded)
    kinds = _kinds(hits, dangers, doubted, folded.text)
    places = [h for h in longest([h for h in hits if h.only("place", "town", "safe")]) if h.only("place", "town")]
    where, maybe, township = place(places, folded.text, pack, district)
    weights = _weights(dangers, kinds)
    return Evidence(
        text=text,
        spans=_spans(text, folded, dangers, kinds, places),
        kinds=_ordered(weights["kind"]),
        lines=_ordered(weights["line"]),
        also=tuple(dict.fromkeys(a for h in dangers for e in h.entries for a in e.also)),
        district=where,
        districts=maybe,
        township=township,
        readable=_readable(text, folded),
    )


def _readable(text: str, folded: Folded) -> bool:
    if folded.chinese:
        return folded.letters < 40 or folded.letters < 6 * folded.chinese
    return not text.strip() or (folded.letters == 0 and any(c.isdigit() for c in folded.text))


def _dangers(hits: list[Hit], folded: Folded) -> tuple[list[Hit], list[Hit]]:
    """The standing danger words, and those that only tell the kind (past, asked about). Denied ones are neither."""
    reading = Reading(folded)
    standing, doubted = [], []
    for hit in longest([h for h in hits if h.only("danger", "safe")]):
        entries = hit.only("danger")
        if not entries:
            continue
        held = verdict(hit, reading)
        if held == "denied":
            continue
        kept = tuple(replace(e, weight=e.weight * _KEPT_WEIGHT[held]) for e in entries)
        (standing if held == "stands" else doubted).append(replace(hit, entries=kept))
    return standing, doubted


def _kinds(hits: list[Hit], dangers: list[Hit], doubted: list[Hit], text: str) -> list[Hit]:
    """The words that tell a kind, a line or neither desk's talk, beside the standing dangers; landmarks left out."""
    told = [replace(h, entries=tuple(replace(e, what="kind") for e in h.entries)) for h in doubted]
    plain = [h for h in hits if h.only("kind", "line", "other", "safe")]
    found = longest(apart(plain, dangers) + told)
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


def _ordered(weights: dict[str, float]) -> tuple[tuple[str, float], ...]:
    rows = ((row, round(weight, 3)) for row, weight in weights.items() if weight > 0)
    return tuple(sorted(rows, key=lambda r: (-r[1], r[0])))


def _spans(text: str, folded: Folded, dangers: list[Hit], kinds: list[Hit], places: list[Hit]) -> tuple[Span, ...]:
    """The words to be marked: danger first, then places, then kinds, longer ones first; never two on one place."""
    spans: list[Span] = []
    taken: set[int] = set()
    ranked = [
        *(("danger", h) for h in dangers),
        *(("place", h) for h in places),
        *(("kind", h) for h in sorted(kinds, key=lambda h: h.start - h.end)),
    ]
    for what, hit in ranked:
        start, end = folded.original(hit.start, hit.end)
        if len(spans) == MOST_SPANS or any(i in taken for i in range(start, end)):
            continue
        taken.update(range(start, end))
        entry = max(hit.only("danger", "kind", "line", "place", "town", "other"), key=lambda e: e.weight)
        if entry.what == "other":
            continue
        spans.append(Span(start, end, text[start:end], what, entry.row, entry.means))
    return tuple(sorted(spans, key=lambda s: s.start))
