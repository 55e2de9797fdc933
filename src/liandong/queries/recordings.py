"""A desk's own recordings of the calls about a matter, as that desk sees them. The sound is opened as any file is
(queries.evidence); nobody of another desk even learns here that there are any."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from liandong.queries.sight import hides_source
from liandong.records.models import Matter, Recording
from liandong.rules.access import Actor
from liandong.rules.steps.step import DESK


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """One recording. `stands`: on (goes on), coming (is being fetched), kept, lost, or how the sound went (expired,
    erased). `seconds` from its beginning to its end, None while it goes on."""

    id: UUID
    file: UUID | None
    stands: str
    because: str
    began_at: datetime
    seconds: int | None

    @property
    def lasted(self) -> str:
        """Minutes and seconds; "" while it goes on."""
        return "" if self.seconds is None else f"{self.seconds // 60}:{self.seconds % 60:02}"


@dataclass(frozen=True, slots=True)
class Recordings:
    """Oldest first. `shown`: whether this page says anything of recordings, also that there are none."""

    rows: tuple[RecordingRow, ...] = ()
    shown: bool = False

    @property
    def on(self) -> bool:
        """Whether the desk's own recording goes on now."""
        return any(row.stands == "on" for row in self.rows)


def of_matter(viewer: Actor, matter: Matter, *, none: bool = False) -> Recordings:
    """Those of the viewer's own desk; `none`: it is known that the matter has none at all."""
    if not viewer.desk or viewer.role not in DESK or viewer.city != matter.city or hides_source(viewer, matter):
        return Recordings()
    rows = Recording.objects.filter(matter=matter, desk__code=viewer.desk).select_related("file").order_by("began_at")
    found = () if none else tuple(map(_row, rows))
    return Recordings(found, bool(found) or matter.contact.channel == "phone")


def _row(row: Recording) -> RecordingRow:
    seconds = round((row.ended_at - row.began_at).total_seconds()) if row.ended_at else None
    there = row.file_id if row.file and not row.file.gone_at else None
    return RecordingRow(row.pk, there, _stands(row), row.because, timezone.localtime(row.began_at), seconds)


def _stands(row: Recording) -> str:
    if row.file:
        return row.file.gone_by or "kept"
    if row.lost_at:
        return "lost"
    return "coming" if row.ended_at else "on"
