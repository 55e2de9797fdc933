"""The directory of lines, as it is today: number, hours, whether it answers now."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import PackRelease
from liandong.rules import grams
from liandong.rules.access import Actor
from liandong.rules.opening import opening, takes_now
from liandong.rules.pack import Pack


@dataclass(frozen=True, slots=True)
class LineRow:
    """One number. `state` is open, closed or unstated; `instead` takes the caller while it does not answer."""

    number: str
    name: str
    hours: str
    state: str
    instead: str
    verified_on: date | None


def lines(pack: Pack, now: datetime) -> tuple[LineRow, ...]:
    """Every line of a pack's directory in the notice's own order."""
    workday = calendar.is_workday(timezone.localtime(now).date())
    rows = []
    for body in pack.bodies:
        for line in body.lines:
            state = opening(line, now, workday)
            name = line.name or body.name
            rows.append(
                LineRow(line.number, name, line.hours, state, takes_now(line, state, pack), line.source.verified_on)
            )
    return tuple(rows)


def matching(pack: Pack, now: datetime, words: str, hotline: str = "", *, most: int = 5) -> tuple[LineRow, ...]:
    """The lines whose number, name, other names or scope hold all of these words; with nothing asked the one `hotline`."""
    runs = grams.runs(words[:200])
    said = {ln.number: grams.folded(" ".join([ln.number, ln.name, body.name, *ln.words, *ln.scope]))
            for body in pack.bodies for ln in body.lines}  # fmt: skip
    fits = {number for number, text in said.items() if runs and all(run in text for run in runs)}
    return tuple(row for row in lines(pack, now) if row.number in fits or (not runs and row.number == hotline))[:most]


def of_city(viewer: Actor, now: datetime) -> Pack | None:
    """The pack in force today in the viewer's city; None before its first."""
    release = PackRelease.objects.in_force(viewer.city, timezone.localtime(now).date())
    return opened(release) if release else None
