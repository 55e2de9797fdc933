"""What hangs on a matter, asked once: the page then reads only the tables that have something of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from liandong.queries.desk.rows import Next
from liandong.records import models
from liandong.records.models import Matter
from liandong.rules import flows

_HANGS = {
    "transfer": models.Transfer, "conference": models.Conference, "order": models.Order, "demand": models.Demand,
    "dispatch": models.Dispatch, "designation": models.Designation, "extension": models.Extension,
    "assistance": models.Assistance, "delivery": models.Delivery, "sheet": models.Sheet, "informing": models.Informing,
    "joining": models.Joining,
}  # fmt: skip
# One statement: a dozen of them took longer than everything else a page does while somebody types.
_ASKED = " UNION ALL ".join(
    f"SELECT '{machine}', state, due_at FROM {model._meta.db_table} WHERE matter_id = %(id)s"
    for machine, model in _HANGS.items()
) + f"""
    UNION ALL SELECT 'part', state, NULL FROM {Matter._meta.db_table} WHERE part_of_id = %(id)s
    UNION ALL SELECT 'merged', state, NULL FROM {Matter._meta.db_table} WHERE merged_into_id = %(id)s AND state = 'merged'
    UNION ALL SELECT 'link', '', NULL FROM {models.Link._meta.db_table} WHERE %(id)s IN (earlier_id, later_id)
    UNION ALL SELECT 'draft', '', NULL FROM {models.Draft._meta.db_table} WHERE matter_id = %(id)s
    UNION ALL SELECT 'line', '', NULL WHERE EXISTS (SELECT FROM {models.Utterance._meta.db_table} u
          JOIN {Matter._meta.db_table} m ON m.contact_id = u.contact_id WHERE m.id = %(id)s)
    UNION ALL SELECT 'recording', '', NULL FROM {models.Recording._meta.db_table} WHERE matter_id = %(id)s
    UNION ALL SELECT 'file', '', NULL FROM {models.EvidenceFile._meta.db_table} WHERE matter_id = %(id)s
"""  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """`rows` are (machine, state, due at) of everything that hangs on a matter, ended or not; beside the machines "part"
    of its call, "merged" into it, "link" with another, "draft" of its words, "file" of evidence, "line" of a transcript, "recording"."""

    rows: tuple[tuple[str, str, datetime | None], ...]

    def has(self, machine: str, *states: str) -> bool:
        """Whether there is one, in one of the states when any are named."""
        return any(what == machine and (not states or state in states) for what, state, _ in self.rows)


def about(pk: UUID) -> About:
    """Everything that hangs on this matter."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"id": pk})
        return About(tuple(cursor.fetchall()))


def next_step(matter: Matter, there: About) -> Next | None:
    """The wait of this matter that runs out first, whoever's it is; what the clock does then is the table's."""
    waits = [row for row in there.rows if row[0] in _HANGS and row[1] in flows.waiting(row[0])]
    due = [(at, machine, state) for machine, state, at in [("matter", matter.state, matter.due_at), *waits] if at]
    if not due:
        return None
    at, machine, state = min(due)
    return Next(machine, state, timezone.localtime(at))
