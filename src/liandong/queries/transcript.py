"""The transcript of a call beside its form, for one viewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from liandong.queries.decision import Reading
from liandong.records.heard import MOST
from liandong.records.models import Matter, Utterance
from liandong.rules import spoken
from liandong.rules.access import Actor
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


def transcript(viewer: Actor, matter: Matter, reading: Reading) -> tuple[Line, ...]:
    """What the recogniser has heard of this matter's call, oldest first; nothing without one. Beside the record, so for who
    may read that: a desk that has or is offered the matter."""
    if matter.contact.call is None or not viewer.desk:
        return ()
    rows = Utterance.objects.filter(contact=matter.contact_id).order_by("said_at", "pk")[:MOST]
    return tuple(_placed(rows, reading))


def _placed(rows: Iterable[Utterance], reading: Reading) -> Iterable[Line]:
    """Each line with the marks that fall into it: the caller's lines were read one after the other behind what is typed."""
    start = reading.typed + 1
    for row in rows:
        spans: tuple = ()
        if spoken.counts(row.speaker, misheard=row.misheard_at is not None):
            end = start + len(row.words)
            spans = tuple(_within(reading.evidence.spans, start, end))
            start = end + 1
        yield Line(row.pk, row.speaker, timezone.localtime(row.said_at), row.words, row.final,
                   row.misheard_at is not None, spans)  # fmt: skip


def _within(spans: Iterable[Span], start: int, end: int) -> Iterable[tuple[int, str, int, int]]:
    for number, span in enumerate(spans, 1):
        if start <= span.start and span.end <= end:
            yield number, span.what, span.start - start, span.end - start
