"""Publish a pack: from its date on it judges what is received, and its desks and units are there."""

from datetime import datetime
from pathlib import Path

from liandong import packs
from liandong.actions.acting import action, stream_event
from liandong.records.models import Desk, PackRelease, Unit
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.say import Forbidden


@action
def publish(path: Path, *, by: Actor, at: datetime) -> PackRelease:
    """Publish the pack in a folder. The same content twice is one release. Raises PackInvalid with every bad row."""
    if by.role not in ("administrator", "system"):
        raise Forbidden("forbidden.role", verb="publish", machine="pack")
    files, _ = packs.read_folder(path)
    pack = packs.load(path)
    release, fresh = PackRelease.objects.get_or_create(
        digest=pack.digest,
        defaults={"city": pack.city_code, "pack": pack.id, "version": pack.version, "files": files,
                  "effective_on": pack.effective_on, "published_at": at},
    )  # fmt: skip
    if fresh:
        _keep_desks_and_units(pack)
        stream_event(f"pack:{pack.city_code}", "pack.published", by=by, at=at, pack=pack.id, version=pack.version,
                     digest=pack.digest, effective_on=pack.effective_on)  # fmt: skip
    return release


def _keep_desks_and_units(pack: Pack) -> None:
    for row in pack.desks:
        named = {"city": pack.city_code, "platform": row.platform, "level": row.level, "district": row.district,
                 "name": row.name, "short": row.short}  # fmt: skip
        Desk.objects.update_or_create(code=row.code, defaults=named)
    for row in pack.units:
        named = {
            "city": pack.city_code,
            "district": row.district,
            "name": row.name,
            "short": row.short,
            "retired": False,
        }
        Unit.objects.update_or_create(code=row.code, defaults=named)
    Unit.objects.filter(city=pack.city_code).exclude(code__in=[u.code for u in pack.units]).update(retired=True)
