"""Old records of another system in: read once to see what is wrong, and a second time to keep what is right."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from liandong.actions import importing
from liandong.channels.files.reading import BEYOND, rows
from liandong.packs.opened import opened
from liandong.records.models import Desk, PackRelease
from liandong.rules.access import Actor
from liandong.rules.old_records import ColumnMap, OldMatter, Problem, read_row
from liandong.rules.pack import Pack
from liandong.rules.say import Invalid, Say

SHOWN = 500
"""Problems that are told; all are counted."""
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """`rows` read, `good` of them, `bad` rows, `problems` (the first of them), `kept` new matters; `good - kept` were
    here already."""

    rows: int
    good: int
    bad: int
    problems: tuple[Problem, ...]
    kept: int = 0


def look(path: Path, by: ColumnMap, at: datetime, *, name: str = "") -> Report:
    """The dry run: every row read, nothing kept."""
    total, bad, problems = 0, 0, []
    for found in _read(path, by, at, name):
        total += 1
        if not isinstance(found, OldMatter):
            bad += 1
            problems += found[: SHOWN - len(problems)]
    return Report(total, total - bad, bad, tuple(problems))


def bring(path: Path, by: ColumnMap, *, actor: Actor, at: datetime, skip_bad: bool = False, name: str = "") -> Report:
    """Keep the rows as history. With a bad row among them nothing is kept, unless `skip_bad`. Asked again, what is here
    stays as it is."""
    importing.refuse_unless_administrator(actor, _desk(by))
    seen = look(path, by, at, name=name)
    if seen.bad and not skip_bad:
        return seen
    kept, good = 0, (row for row in _read(path, by, at, name) if isinstance(row, OldMatter))
    while batch := list(itertools.islice(good, BATCH)):
        kept += importing.keep(batch, by.source, _desk(by), by=actor, at=at)
    importing.told(by.source, _desk(by), rows=seen.rows, kept=kept, bad=seen.bad, by=actor, at=at)
    return Report(seen.rows, seen.good, seen.bad, seen.problems, kept)


def _desk(by: ColumnMap) -> Desk:
    desk = Desk.objects.filter(code=by.desk).first()
    if desk is None:
        raise Invalid("invalid.map_desk", "map", value=by.desk[:20])
    return desk


def _read(path: Path, by: ColumnMap, at: datetime, name: str) -> Iterator[OldMatter | tuple[Problem, ...]]:
    pack, zone = _pack(_desk(by), at), timezone.get_default_timezone()
    first: dict[str, int] = {}
    for number, row in rows(path, name, tuple(by.columns.values())):
        if BEYOND in row:
            yield (Problem(number, "", Say("invalid.old_beyond", {"over": row[BEYOND]})),)
            continue
        found = read_row(number, row, by, pack, at, zone)
        if isinstance(found, OldMatter):
            before = first.setdefault(found.their_id, number)
            if before != number:
                say = Say("invalid.old_twice", {"value": found.their_id[:20], "row": before})
                found = (Problem(number, by.columns["id"], say),)
        yield found


def _pack(desk: Desk, at: datetime) -> Pack:
    release = PackRelease.objects.in_force(desk.city, timezone.localtime(at).date())
    if release is None:
        raise Invalid("invalid.no_pack")
    return opened(release)
