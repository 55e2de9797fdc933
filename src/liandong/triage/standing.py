"""Which danger words are a standing sign: not those denied, over, of another time, asked about or retold.

In doubt the sign stands (docs/explanation/danger.md: easy to raise, hard to lower).
"""

import bisect
import re

from liandong.triage import language
from liandong.triage.fold import ENDS, PAUSES, Folded
from liandong.triage.scan import Hit

_FAR = 200  # characters a sentence is read to each side: a text without punctuation is no endless sentence
_END = re.compile("[" + re.escape("".join(ENDS)) + "\n]")


class Reading:
    """A folded text with its sentences and clauses at hand."""

    def __init__(self, folded: Folded) -> None:
        self.text = folded.text
        self._pauses = sorted(folded.pauses)
        self._ends = [m.start() for m in _END.finditer(folded.text)]

    def sentence(self, hit: Hit) -> tuple[int, int]:
        """Where the sentence around a hit starts and ends."""
        i = bisect.bisect_left(self._ends, hit.start)
        start = self._ends[i - 1] + 1 if i else 0
        j = bisect.bisect_left(self._ends, hit.end)
        end = self._ends[j] if j < len(self._ends) else len(self.text)
        return max(start, hit.start - _FAR), min(end, hit.end + _FAR)

    def clause_start(self, hit: Hit, start: int) -> int:
        """Where the clause of a hit starts, not before `start`."""
        for i in range(hit.start - 1, start - 1, -1):
            if self.text[i] in PAUSES:
                return i + 1
        i = bisect.bisect_right(self._pauses, hit.start)
        return max(start, self._pauses[i - 1]) if i else start

    def clause(self, hit: Hit) -> tuple[int, int]:
        """Where the clause of a hit starts and ends, within its sentence."""
        start, end = self.sentence(hit)
        stop = next((i for i in range(hit.end, end) if self.text[i] in PAUSES), end)
        return self.clause_start(hit, start), stop


def verdict(hit: Hit, reading: Reading) -> str:
    """What is to be held of a danger word: "stands", "denied", "past" (or over), "asked" (about rules, or a story)."""
    start, end = reading.sentence(hit)
    text = reading.text
    clause = text[max(start, reading.clause_start(hit, start)) : hit.start]
    after = text[hit.end : end]
    if language.denied(clause, after):
        return "denied"
    if language.over(text[hit.start : hit.end], after) or language.past(text[start : hit.start], after):
        return "past"
    sentence = text[start:end]
    return "asked" if language.told_not_happening(sentence) and not language.going_on(sentence) else "stands"
