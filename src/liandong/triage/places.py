"""Where it is: the district a text names, or those it may be."""

from collections import defaultdict

from liandong.rules.pack import Pack
from liandong.triage.scan import Hit


def place(hits: list[Hit], text: str, pack: Pack, given: str = "") -> tuple[str, tuple[str, ...], str]:
    """(district, districts when not sure, township) from the place hits in the folded `text`.

    A county's own name counts more than a township's, so a township that several counties have is decided by the county
    named beside it. Two counties that weigh alike leave it open. A district already `given` is not doubted.
    """
    weights: dict[str, float] = defaultdict(float)
    towns: dict[str, str] = {}
    for hit in hits:
        for entry in hit.only("place", "town"):
            weights[entry.row] += entry.weight
            if entry.what == "town":
                towns.setdefault(entry.row, text[hit.start : hit.end])
    if any(d.code == given for d in pack.districts):
        return given, (), towns.get(given, "")
    most = max(weights.values(), default=0.0)
    best = sorted(code for code, weight in weights.items() if weight > most / 2)
    if len(best) == 1:
        return best[0], (), towns.get(best[0], "")
    return "", tuple(best), ""
