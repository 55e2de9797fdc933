"""Finding a lexicon's words in a folded text, and keeping the longest where they overlap."""

from dataclasses import dataclass
from operator import add

from liandong.triage.fold import Folded
from liandong.triage.lexicon import Entry, Lexicon

MOST_HITS = 4000  # a text of a megabyte that repeats one word still gets its answer quickly


@dataclass(frozen=True, slots=True)
class Hit:
    """A word found at `start:end` of the folded text. `loose` words have a gap and hide no other."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    loose: bool = False

    def only(self, *whats: str) -> tuple[Entry, ...]:
        """Its entries of these sorts."""
        return tuple(e for e in self.entries if e.what in whats)


def scan(folded: Folded, lexicon: Lexicon) -> list[Hit]:
    """All words of the lexicon in the text, in order of their start, longest first. Overlaps are still in it."""
    text, words_of = folded.text, lexicon.buckets.get
    hits: list[Hit] = []
    seen: dict[tuple[Entry, ...], int] = {}
    pairs, ones = map(words_of, map(add, text, text[1:])), map(words_of, text)  # no line of Python where nothing begins
    for start, (two, one) in enumerate(zip(pairs, ones, strict=False)):
        if two is None and one is None:
            continue
        for word in (two or ()) + (one or ()):
            if not text.startswith(word.head, start):
                continue
            end = start + len(word.head)
            if word.tail is not None:
                rest = word.tail.match(text, end)
                if rest is None:
                    continue
                end = rest.end()
            times = seen.get(word.entries, 0)
            seen[word.entries] = times + 1
            # Room is kept for words not met yet: a danger at the end of a flood of others is still found.
            if len(hits) < MOST_HITS or times < 3:
                hits.append(Hit(start, end, word.entries, word.tail is not None))
    return hits


def longest(hits: list[Hit]) -> list[Hit]:
    """Those that no longer one overlaps; of two equally long the first. Loose ones hide none, and are left out only
    where a literal one of the same row stands, or where their end is part of a longer word (堵在…打 in 打电话)."""
    kept: list[Hit] = []
    held: dict[int, Hit] = {}
    for hit in sorted((h for h in hits if not h.loose), key=lambda h: (h.start - h.end, h.start)):
        if hit.start not in held and hit.end - 1 not in held:
            kept.append(hit)
            held.update(dict.fromkeys(range(hit.start, hit.end), hit))
    loose = [h for h in hits if h.loose and not _said_already(h, held)]
    return sorted(kept + loose, key=lambda h: (h.start, h.start - h.end))


def _said_already(loose: Hit, held: dict[int, Hit]) -> bool:
    last = held.get(loose.end - 1)
    if last is not None and last.end >= loose.end and last.only("safe"):
        return True
    rows = {e.row for e in loose.entries}
    return any(i in held and rows & {e.row for e in held[i].entries} for i in range(loose.start, loose.end))


def apart(hits: list[Hit], taken: list[Hit]) -> list[Hit]:
    """The hits that overlap none of `taken`."""
    closed = {i for t in taken for i in range(t.start, t.end)}
    return [h for h in hits if not any(i in closed for i in range(h.start, h.end))]
