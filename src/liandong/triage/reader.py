"""Text → evidence: what the pack's words find, weighed together with the learned model."""

from collections.abc import Sequence
from dataclasses import replace

from liandong.rules.evidence import Evidence, Span
from liandong.rules.pack import Pack
from liandong.triage.fold import Folded
from liandong.triage.found import Found, find
from liandong.triage.fuse import Fused, Sign, fuse
from liandong.triage.opinion import Opinion, opinions
from liandong.triage.places import place
from liandong.triage.scan import Hit

MOST_SPANS = 60
STOPS = " ，。、；：！？,.;:!?…—\u3000\n"
WORDS_ONLY = "words-1"


def read(text: str, pack: Pack, *, district: str = "", presumed: str = "", letters: bool = True) -> Evidence:
    """What this text holds: signs of danger, kinds, directory lines, place, by the words of this pack,
    weighed together with the learned model; without `letters` by the words alone.

    `district` (six digits) is one already known, of the caller's desk or form; it is not doubted. `presumed` is one
    that gives way to what the text names. Any string gets an
    answer and none raises. Spans are offsets in `text` itself, do not overlap, and stand in order. A text without
    Chinese is not `readable`, which never means that there is no danger; of a very long one both ends are read, and
    `unread` says how much was not.
    """
    return _evidence(text, find(text, pack), pack, district, presumed, letters)


def read_many(texts: Sequence[tuple[str, str]], pack: Pack) -> list[Evidence]:
    """The evidence of each (text, known district or ""), in order: what `read` says of each by itself, cheaper."""
    found = [find(text, pack) for text, _ in texts]
    said = opinions(found, pack)
    return [
        _evidence(text, one, pack, district, said=next(said))
        for (text, district), one in zip(texts, found, strict=True)
    ]


def _evidence(text: str, found: Found, pack: Pack, district: str, presumed: str = "", letters: bool = True,
              said: Opinion | None = None) -> Evidence:  # fmt: skip
    where, maybe, township = place(found.places, found.folded.text, pack, district)
    if presumed and not where:
        where, maybe, township = place(found.places, found.folded.text, pack, presumed)
    readable = _readable(text, found.folded)
    learned = fuse(found, pack, said) if letters and readable and found.folded.chinese else _words_only(found)
    spans = [replace(s, what="doubt") if learned.doubts and s.what == "danger" else s for s in _spans(text, found)]
    return Evidence(
        text=text,
        spans=_with_sign(spans, learned.sign, text, found.folded),
        kinds=_ordered(learned.kinds),
        lines=_ordered(learned.lines),
        also=()
        if learned.doubts
        else tuple(dict.fromkeys(a for h in found.dangers for e in h.entries for a in e.also)),
        district=where,
        districts=maybe,
        township=township,
        readable=readable,
        model=learned.version,
        unread=found.folded.unread,
    )


def _words_only(found: Found) -> Fused:
    return Fused(found.kind_weights, found.line_weights, None, WORDS_ONLY)


def _readable(text: str, folded: Folded) -> bool:
    if folded.chinese:
        return folded.letters < 40 or folded.letters < 6 * folded.chinese
    return not text.strip() or (folded.letters == 0 and any(c.isdigit() for c in folded.text))


def _ordered(weights: dict[str, float]) -> tuple[tuple[str, float], ...]:
    rows = ((row, round(weight, 3)) for row, weight in weights.items())
    return tuple(sorted((r for r in rows if r[1] > 0), key=lambda r: (-r[1], r[0])))


def _spans(text: str, found: Found) -> list[Span]:
    """The words to be marked: danger first, then places, then kinds, longer ones first; never two on one place."""
    spans: list[Span] = []
    taken: set[int] = set()
    ranked = [
        *(("danger", h) for h in found.dangers),
        *(("place", h) for h in found.places),
        *(("kind", h) for h in sorted(found.kinds, key=lambda h: h.start - h.end)),
    ]
    for what, hit in ranked:
        start, end = found.folded.original(hit.start, hit.end)
        if len(spans) == MOST_SPANS or any(i in taken for i in range(start, end)):
            continue
        taken.update(range(start, end))
        span = _span(text, what, hit, start, end)
        if span:
            spans.append(span)
    return spans


def _span(text: str, what: str, hit: Hit, start: int, end: int) -> Span | None:
    entry = max(hit.only("danger", "kind", "line", "place", "town", "other"), key=lambda e: e.weight)
    return None if entry.what == "other" else Span(start, end, text[start:end], what, entry.row, entry.means)


def _without_stops(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the stops and blanks at its edges; as it was when it is nothing else."""
    inner = text[start:end].strip(STOPS)
    if not inner:
        return start, end
    start = text.index(inner, start)
    return start, start + len(inner)


def _with_sign(spans: list[Span], sign: Sign | None, text: str, folded: Folded) -> tuple[Span, ...]:
    """The spans in order, with the model's own sign of danger where no word of the pack stands there; what it covers of
    the others gives way."""
    if sign is not None:
        start, end = _without_stops(text, *folded.original(sign.start, sign.end))
        spans = [s for s in spans if s.end <= start or s.start >= end]
        spans.append(Span(start, end, text[start:end], "danger", sign.row, sign.means))
    return tuple(sorted(spans, key=lambda s: s.start))
