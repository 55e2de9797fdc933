"""材料: files are added, opened, taken away, and end with their time. Each is an Event; the chain keeps the digest, so that a
file that comes back can be proved to be the one that was given."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from liandong.actions.acting import Touched, action, touching, write_event
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import EvidenceFile, Matter, Order
from liandong.rules import access, files, wording
from liandong.rules.access import Actor
from liandong.rules.say import Conflict, Forbidden, Invalid
from liandong.rules.workdays import due_at

FOLDER = "evidence"
_OPEN_ORDER = ("assigned", "signed", "suspended")


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was looked at: safe to keep. Equal when the content is."""

    name: str
    sort: str
    size: int
    digest: str
    file: File = field(repr=False, compare=False)


def look(file: File, name: str) -> Given:
    """Read a file once: what it is, how large, its digest. Invalid says why it is not taken and what to do."""
    sort = files.sort_of(file, file.size)
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    return Given(files.safe_name(name, sort), sort.code, file.size, whole.hexdigest(), file)


@action
def add(matter: Matter, given: Given, *, by: Actor, at: datetime, order: Order | None = None) -> EvidenceFile:
    """Keep a file of a matter (by the desk that holds it) or of an order (by its unit). The file is written first: what
    fails after it leaves a file nobody knows, which the nightly look takes away."""
    with touching(matter) as touched:
        _require(touched, order, by)
        there = touched.matter.files.filter(gone_at=None, order=order, kept_to_desk=False)
        if there.filter(digest=given.digest).exists():
            raise Conflict("conflict.evidence_twice")
        if there.count() >= files.MOST:
            raise Conflict("conflict.evidence_full", most=files.MOST)
        name = default_storage.save(f"{FOLDER}/{at:%Y/%m}/{uuid4()}", given.file)
        row = EvidenceFile.objects.create(
            matter=matter, order=order, name=given.name, sort=given.sort, size=given.size, digest=given.digest, stored=name,
            sealed_under=default_storage.writes_under, desk=None if order else touched.matter.holder,
            unit=order.unit if order else None, person_id=by.person, added_at=at,
        )  # fmt: skip
        write_event(touched, "evidence.added", by=by, at=at, topics=_topics(order), file=row.pk, sort=given.sort,
                    bytes=given.size, digest=given.digest, private={"name": given.name})  # fmt: skip
    return row


@action
def open(row: EvidenceFile, *, by: Actor, at: datetime) -> EvidenceFile:
    """Somebody who may (queries.evidence) reads a file: that is an Event before the first byte leaves."""
    with touching(row.matter_id) as touched:
        now = EvidenceFile.objects.get(pk=row.pk)
        if now.gone_at:
            raise Conflict("conflict.evidence_gone")
        write_event(touched, "evidence.opened", by=by, at=at, file=row.pk, sort=row.sort)
    return now


@action
def remove(row: EvidenceFile, why: str, *, by: Actor, at: datetime) -> EvidenceFile:
    """Take away a file that was brought by mistake: by who brought it, or the shift leader of the desk that holds it."""
    why = wording.words(why, "why")
    with touching(row.matter_id) as touched:
        leads = by.role == "shift_leader" and by.desk == touched.matter.holder.code and row.order_id is None
        if row.kept_to_desk:
            raise Forbidden("forbidden.recording_removal")
        if by.person != row.person_id and not leads:
            raise Forbidden("forbidden.evidence_removal")
        if not _gone(row, "removed", at):
            raise Conflict("conflict.evidence_gone")
        write_event(touched, "evidence.removed", by=by, at=at, topics=_topics(row.order), file=row.pk, digest=row.digest,
                    why=why)  # fmt: skip
    return EvidenceFile.objects.get(pk=row.pk)


def forget(matter: Matter, *, at: datetime) -> None:
    """Erase the files of a matter by law, within the act that says so; their digests stay."""
    for row in matter.files.filter(gone_at=None):
        _gone(row, "erased", at)
    matter.files.update(name="")


def expire(*, by: Actor, at: datetime) -> int:
    """Files of matters archived longer ago than their pack's `evidence.keep` end, and recordings of archived matters that
    are older than its `evidence.keep.recording`; returns how many."""
    old = EvidenceFile.objects.filter(gone_at=None, matter__archived_at__isnull=False, matter__state="archived")
    old = old.select_related("matter__pack", "order__unit")
    return sum((
        _expire(old.filter(kept_to_desk=False).order_by("matter__archived_at"), "evidence.keep", by, at),
        _expire(old.filter(kept_to_desk=True).order_by("added_at"), "evidence.keep.recording", by, at),
    ))  # fmt: skip


def _expire(old: QuerySet[EvidenceFile], key: str, by: Actor, at: datetime) -> int:
    ended = 0
    for row in old[:500]:
        since = row.added_at if row.kept_to_desk else row.matter.archived_at
        if due_at(opened(row.matter.pack).limit(key), timezone.localtime(since), calendar.is_workday) > at:
            continue
        with touching(row.matter_id) as touched:
            if touched.matter.state == "archived" and _gone(row, "expired", at):
                write_event(touched, "evidence.expired", by=by, at=at, file=row.pk, sort=row.sort, digest=row.digest)
                ended += 1
    return ended


def sweep(*, at: datetime, older: timedelta = timedelta(hours=24)) -> int:
    """Take away files in the storage that no record knows: what a failed act or an interrupted delete left behind."""
    gone = 0
    for name in _stored(FOLDER):
        if EvidenceFile.objects.filter(stored=name).exists() or default_storage.get_modified_time(name) > at - older:
            continue
        default_storage.delete(name)
        gone += 1
    return gone


def _stored(folder: str) -> list[str]:
    if not default_storage.exists(folder):
        return []
    folders, names = default_storage.listdir(folder)
    below = [name for inner in sorted(folders) for name in _stored(str(PurePosixPath(folder, inner)))]
    return [*(str(PurePosixPath(folder, name)) for name in names), *below]


def _gone(row: EvidenceFile, how: str, at: datetime) -> bool:
    there = EvidenceFile.objects.filter(pk=row.pk, gone_at=None)
    if there.update(gone_at=at, gone_by=how, stored="", name="") != 1:
        return False
    transaction.on_commit(lambda: default_storage.delete(row.stored))
    return True


def _require(touched: Touched, order: Order | None, by: Actor) -> None:
    if order is None:
        access.require_desk(by, touched.matter.holder.code)
        if touched.matter.state in ("archived", "merged"):
            raise Conflict("conflict.evidence_closed")
        return
    access.require_unit(by, order.unit.code)
    if order.matter_id != touched.matter.pk:
        raise Invalid("invalid.form", "order")
    if Order.objects.get(pk=order.pk).state not in _OPEN_ORDER:
        raise Conflict("conflict.evidence_closed")


def _topics(order: Order | None) -> tuple[str, ...]:
    return (f"unit:{order.unit.code}",) if order else ()
