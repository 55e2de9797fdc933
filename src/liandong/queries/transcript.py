"""The transcript of a call beside its form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from liandong.queries.decision import Reading
from liandong.records.heard import counts
from liandong.records.models import Utterance
from liandong.rules.evidence import Span


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of speech. `spans` are the marks of the reading within it: (number, what, start, end) by its own letters."""

    id: int
    speaker: str
    at: datetime
    words: str
    final: bool
    misheard: bool
    spans: tuple[tuple[int, str, int, int], ...] = ()

    @property
    def marked(self) -> bool:
        """Whether it holds a sign of danger, sure or doubted."""
        return any(what in ("danger", "doubt") for _, what, *_ in self.spans)


def transcript(rows: Iterable[Utterance], reading: Reading) -> Iterator[Line]:
    """What the recogniser has heard (`records.heard.lines`), each line with the marks that fall into it: the caller's lines
    were read one after the other behind what is typed. It stands beside the record, for who reads that."""
    start = reading.typed + 1
    for row in rows:
        spans: tuple = ()
        if counts(row):
            end = start + len(row.words)
            spans = tuple(_within(reading.evidence.spans, start, end))
            start = end + 1
        yield Line(row.pk, row.speaker, timezone.localtime(row.said_at), row.words, row.final,
                   row.misheard_at is not None, spans)  # fmt: skip


def _within(spans: Iterable[Span], start: int, end: int) -> Iterable[tuple[int, str, int, int]]:
    for number, span in enumerate(spans, 1):
        if start <= span.start and span.end <= end:
            yield number, span.what, span.start - start, span.end - start
