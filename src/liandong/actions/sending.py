"""接 from other systems: what one sends becomes a matter of the city's 12345 at once, and stays known as that system's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from uuid import UUID

from django.db import connection

from liandong.actions import letters
from liandong.actions.intake import Arrival
from liandong.actions.side_by_side import Answers, side_by_side
from liandong.records.models import Desk, Matter, PackRelease
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Unable

MOST_THEIR_ID = 80

_SENT = """
    INSERT INTO records_sent (matter_id, system_id, their_id, received_at)
    SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::timestamptz[]) ON CONFLICT DO NOTHING RETURNING matter_id
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """One matter as a system sends it, under its own number for it (`their_id`, may be empty)."""

    arrival: Arrival
    desk: Desk
    their_id: str
    by: Actor
    at: datetime
    key: str = ""
    no_call_back: bool = False
    in_secret: bool = False

    def content(self) -> tuple[str, tuple, dict]:
        """What is asked, as its key remembers it."""
        return (
            "send",
            (self.arrival, self.desk, self.their_id),
            {"no_call_back": self.no_call_back, "in_secret": self.in_secret},
        )


@side_by_side
def send(sendings: Sequence[Sending]) -> Answers[Matter]:
    """Systems send matters, each answered by itself. The same number of a system again under another idempotency key is a
    Conflict: two matters of one there would be two answers owed to one person."""
    answers: Answers[Matter] = [Conflict("conflict.api_their_id", their_id=one.their_id.strip()) for one in sendings]
    numbered: dict[int, tuple[str, letters.ReadLetter]] = {}
    standing: dict[tuple[str, date], PackRelease | None] = {}
    for place, one in enumerate(sendings):
        try:
            access.require_scope(one.by, "matters.write")
            their_id = wording.line(one.their_id, "their_id", MOST_THEIR_ID)
            letter = letters.Letter(one.arrival, one.desk, one.by, one.at, one.no_call_back, one.in_secret)
            numbered[place] = their_id, letters.examine(letter, standing)
        except Unable as refused:
            answers[place] = refused
    ours = _note(list(numbered.values()))
    taken = [place for place, (_, read) in numbered.items() if read.letter.pk in ours]
    for place, matter in zip(taken, letters.put_on_lists([numbered[place][1] for place in taken]), strict=True):
        answers[place] = matter
    return answers


def _note(numbered: Sequence[tuple[str, letters.ReadLetter]]) -> set[UUID]:
    """Note whose they are and under which number there, before they are written; those whose number is new. All acts take the
    numbers in one order, so that none wait for each other."""
    if not numbered:
        return set()
    rows = [(read.letter.pk, read.letter.by.system, their_id, read.letter.at) for their_id, read in numbered]
    rows.sort(key=itemgetter(1, 2))
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [list(column) for column in zip(*rows, strict=True)])
        return {pk for (pk,) in cursor.fetchall()}
