"""Versions of a city's pack: brought in as a draft, published from a day on, withdrawn before that day; with the day its
desks and units are those of the release."""

from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from liandong import packs
from liandong.actions.acting import action, stream_event
from liandong.packs.opened import opened
from liandong.records.models import Desk, PackDraft, PackRelease, Unit
from liandong.rules import access, wording
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict, Forbidden, Invalid


@action
def publish(path: Path, *, by: Actor, at: datetime) -> PackRelease:
    """Publish the pack in a folder from the day it names. The same content twice is one release. Raises PackInvalid with
    every bad row."""
    if by.role not in ("administrator", "system"):
        raise Forbidden("forbidden.administrator")
    files, _ = packs.read_folder(path)
    pack = packs.load(path)
    return _release(pack, files, pack.effective_on, by=by, at=at)[0]


@action
def keep_draft(files: dict[str, str], note: str, *, by: Actor, at: datetime) -> PackDraft:
    """Keep a version that was brought in, to be compared and published. Raises PackInvalid; Forbidden for another city's."""
    pack = packs.from_texts(files)
    access.require_administrator(by, pack.city_code)
    if PackRelease.objects.filter(digest=pack.digest, withdrawn_at=None).exists():
        raise Conflict("conflict.pack_known", version=pack.version)
    draft, fresh = PackDraft.objects.get_or_create(
        city=pack.city_code, digest=pack.digest,
        defaults={"pack": pack.id, "version": pack.version, "effective_on": pack.effective_on, "files": files,
                  "note": wording.line(note, "note", 80), "made_by_id": by.person, "made_at": at},
    )  # fmt: skip
    if fresh:
        stream_event(f"pack:{pack.city_code}", "pack.drafted", by=by, at=at, pack=pack.id, version=pack.version,
                     digest=pack.digest, private={"why": draft.note} if draft.note else None)  # fmt: skip
    return draft


@action
def drop_draft(draft: PackDraft, *, by: Actor, at: datetime) -> None:
    """Take a draft away; nothing was in force by it."""
    access.require_administrator(by, draft.city)
    stream_event(f"pack:{draft.city}", "pack.dropped", by=by, at=at, pack=draft.pack, version=draft.version)
    draft.delete()


@action
def activate(draft: PackDraft, on: date, compared: str, *, by: Actor, at: datetime) -> PackRelease:
    """Publish a draft from a day on, today at the earliest: what was received before is judged as it was. `compared`: the
    release (its id) that it was compared with; Conflict unless that is what it replaces on this day."""
    access.require_administrator(by, draft.city)
    if on < timezone.localtime(at).date():
        raise Invalid("invalid.pack_day", "on")
    same_day = PackRelease.objects.filter(city=draft.city, effective_on=on, withdrawn_at=None)
    if same_day.exists() and on > timezone.localtime(at).date():
        raise Conflict("conflict.pack_day", version=same_day.first().version)
    replaced = PackRelease.objects.in_force(draft.city, on)
    if replaced and str(replaced.pk) != compared:
        raise Conflict("conflict.pack_not_compared", version=replaced.version)
    was = replaced.version if replaced else ""
    release, _ = _release(packs.from_files(draft.files), draft.files, on, draft.note, was, by=by, at=at)
    draft.delete()
    return release


@action
def withdraw(release: PackRelease, *, by: Actor, at: datetime) -> PackRelease:
    """Take back what is planned; what has been in force for a day stays, and only a later version ends it."""
    access.require_administrator(by, release.city)
    planned = PackRelease.objects.filter(pk=release.pk, withdrawn_at=None)
    if planned.filter(effective_on__gt=timezone.localtime(at).date()).update(withdrawn_at=at) != 1:
        raise Conflict("conflict.pack_in_force")
    stream_event(f"pack:{release.city}", "pack.withdrawn", by=by, at=at, pack=release.pack, version=release.version,
                 effective_on=release.effective_on)  # fmt: skip
    release.refresh_from_db()
    return release


@action
def settle(release: PackRelease, *, by: Actor, at: datetime) -> PackRelease:
    """The day has come: desks and units are those of the release."""
    PackRelease.objects.filter(pk=release.pk, settled_at=None).update(settled_at=at)
    _keep_desks_and_units(opened(release))
    stream_event(f"pack:{release.city}", "pack.settled", by=by, at=at, pack=release.pack, version=release.version)
    return release


def due_to_settle(at: datetime) -> list[PackRelease]:
    """Releases whose day has come and whose desks and units are not there yet."""
    day = timezone.localtime(at).date()
    return list(
        PackRelease.objects.filter(settled_at=None, withdrawn_at=None, effective_on__lte=day).order_by("effective_on")
    )


def _release(pack: Pack, files: dict[str, str], on: date, note: str = "", compared: str = "", *, by: Actor,
             at: datetime) -> tuple[PackRelease, bool]:  # fmt: skip
    release, fresh = PackRelease.objects.get_or_create(
        digest=pack.digest,
        defaults={"city": pack.city_code, "pack": pack.id, "version": pack.version, "files": files,
                  "effective_on": on, "note": note, "published_at": at},
    )  # fmt: skip
    again = PackRelease.objects.filter(pk=release.pk, withdrawn_at__isnull=False) if by.role != "system" else None
    if again is not None and again.update(withdrawn_at=None, effective_on=on, note=note, published_at=at):
        fresh = True
        release.refresh_from_db()
    if fresh:
        stream_event(f"pack:{pack.city_code}", "pack.published", by=by, at=at, pack=pack.id, version=pack.version,
                     digest=pack.digest, effective_on=on, compared=compared, private={"why": note} if note else None)  # fmt: skip
        if on <= timezone.localtime(at).date():
            PackRelease.objects.filter(pk=release.pk).update(settled_at=at)
            _keep_desks_and_units(pack)
        else:
            _add_new(pack)
    return release, fresh


def _add_new(pack: Pack) -> None:
    """Desks and units that a planned version brings may be staffed before its day; nothing that is there changes."""
    for row in pack.desks:
        Desk.objects.get_or_create(code=row.code, defaults=_desk(pack, row))
    for row in pack.units:
        Unit.objects.get_or_create(code=row.code, defaults=_unit(pack, row) | {"retired": True})


def _keep_desks_and_units(pack: Pack) -> None:
    for row in pack.desks:
        Desk.objects.update_or_create(code=row.code, defaults=_desk(pack, row))
    for row in pack.units:
        Unit.objects.update_or_create(code=row.code, defaults=_unit(pack, row))
    Unit.objects.filter(city=pack.city_code).exclude(code__in=[u.code for u in pack.units]).update(retired=True)


def _desk(pack: Pack, row) -> dict:
    return {"city": pack.city_code, "platform": row.platform, "level": row.level, "district": row.district,
            "name": row.name, "short": row.short}  # fmt: skip


def _unit(pack: Pack, row) -> dict:
    return {"city": pack.city_code, "district": row.district, "name": row.name, "short": row.short, "retired": False}
