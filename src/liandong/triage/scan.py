"""Finding a lexicon's words in a folded text, and keeping the longest where they overlap."""

from dataclasses import dataclass

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
    text, buckets = folded.text, lexicon.buckets
    hits: list[Hit] = []
    seen: dict[tuple[Entry, ...], int] = {}
    for start in range(len(text) - 1):
        words = buckets.get(text[start : start + 2])
        if words is None:
            continue
        for word in words:
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
    """Those that no longer one overlaps; of two equally long the first. Loose ones neither hide nor are hidden."""
    kept: list[Hit] = [h for h in hits if h.loose]
    taken: set[int] = set()
    for hit in sorted((h for h in hits if not h.loose), key=lambda h: (h.start - h.end, h.start)):
        if hit.start not in taken and hit.end - 1 not in taken:
            kept.append(hit)
            taken.update(range(hit.start, hit.end))
    return sorted(kept, key=lambda h: (h.start, h.start - h.end))


def apart(hits: list[Hit], taken: list[Hit]) -> list[Hit]:
    """The hits that overlap none of `taken`."""
    closed = {i for t in taken for i in range(t.start, t.end)}
    return [h for h in hits if not any(i in closed for i in range(h.start, h.end))]
