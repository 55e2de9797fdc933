"""录音: a desk's recording of a call begins, ends, and is kept as a sealed file of its matter, or is lost. Each is an Event."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from liandong.actions.acting import Touched, action, touching, write_event
from liandong.actions.evidence import FOLDER
from liandong.records.models import Desk, Event, EvidenceFile, Matter, Recording
from liandong.rules import files
from liandong.rules.access import Actor
from liandong.rules.say import Conflict

HEAD = 44
"""Bytes of a WAV file before its sound."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What was written: its name in the storage, its size and digest before it was sealed."""

    stored: str
    size: int
    digest: str


class _Pieces(ContentFile):
    """Sound that comes piece by piece and is never whole in memory; afterwards its size and digest."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__(b"")
        self.pieces, self.came, self.whole = pieces, 0, hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for piece in self.pieces:
            self.came += len(piece)
            self.whole.update(piece)
            yield piece


@action
def begin(matter: Matter, desk: Desk, call: UUID, *, by: Actor, at: datetime) -> Recording:
    """A desk's people are in the talk: their recording begins. Conflict when it goes on already."""
    with touching(matter) as touched:
        if Recording.objects.filter(call=call, desk=desk, ended_at=None).exists():
            raise Conflict("conflict.recording")
        row = Recording.objects.create(matter=touched.matter, desk=desk, call=call, began_at=at)
        write_event(touched, "recording.began", by=by, at=at, recording=row.pk, desk=desk.code, quietly=True)
    return row


@action
def end(row: Recording, because: str, *, by: Actor, at: datetime) -> Recording:
    """It ends, and is to be fetched; one of `rules.recording.ENDINGS` says why."""
    with touching(row.matter_id) as touched:
        if not Recording.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at, because=because):
            raise Conflict("conflict.recording")
        write_event(touched, "recording.ended", by=by, at=at, recording=row.pk, desk=row.desk.code, because=because,
                    quietly=True)  # fmt: skip
    return Recording.objects.select_related("desk").get(pk=row.pk)


def sealed(pieces: Iterator[bytes], *, at: datetime) -> Sound:
    """The sound as it comes from the exchange, written sealed, before any record says so. What is not kept after it is taken
    away by night (`evidence.sweep`)."""
    came = _Pieces(pieces)
    stored = default_storage.save(f"{FOLDER}/{at:%Y/%m}/{uuid4()}", came)
    return Sound(stored, came.came, came.whole.hexdigest())


@action
def keep(row: Recording, sound: Sound, *, by: Actor, at: datetime) -> Recording:
    """The sound lies sealed: it is the recording's. Of a person who was erased meanwhile nothing is kept, nor what holds no
    sound; one that is kept or lost already stays so."""
    with touching(row.matter_id) as touched:
        open_now = Recording.objects.filter(pk=row.pk, file=None, lost_at=None, ended_at__isnull=False)
        erased = Event.objects.filter(matter=row.matter_id, kind="contact.erased").exists()
        if not open_now.exists() or erased or sound.size <= HEAD:
            transaction.on_commit(lambda: default_storage.delete(sound.stored))
            _lose(touched, row, "erased" if erased else "empty", by, at)
        else:
            file = EvidenceFile.objects.create(
                matter=touched.matter, name=_name(row), sort="wav", size=sound.size, digest=sound.digest, stored=sound.stored,
                sealed_under=default_storage.writes_under, desk=row.desk, kept_to_desk=True, added_at=at,
            )  # fmt: skip
            open_now.update(file=file)
            write_event(touched, "recording.kept", by=by, at=at, recording=row.pk, desk=row.desk.code, file=file.pk,
                        bytes=file.size, digest=file.digest, quietly=True)  # fmt: skip
    return Recording.objects.get(pk=row.pk)


@action
def lose(row: Recording, how: str, *, by: Actor, at: datetime) -> Recording:
    """There is no sound: the exchange has none (`missing`), or did not give it in time (`late`)."""
    with touching(row.matter_id) as touched:
        _lose(touched, row, how, by, at)
    return Recording.objects.get(pk=row.pk)


def _lose(touched: Touched, row: Recording, how: str, by: Actor, at: datetime) -> None:
    if Recording.objects.filter(pk=row.pk, file=None, lost_at=None).update(lost_at=at):
        write_event(touched, "recording.lost", by=by, at=at, recording=row.pk, desk=row.desk.code, how=how,
                    quietly=True)  # fmt: skip


def _name(row: Recording) -> str:
    """By its moment; it names nobody."""
    return files.safe_name(f"{timezone.localtime(row.began_at):%Y%m%d-%H%M%S}", files.SORTS["wav"])
