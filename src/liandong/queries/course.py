"""The course of a matter: its Events as rows that say who, when, what, under which pack version and clause."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from liandong.queries.sight import hides_source
from liandong.records.models import Desk, Event, Matter, Unit
from liandong.rules.access import Actor
from liandong.rules.chain import FREE_WORDS
from liandong.rules.pack import Pack


@dataclass(frozen=True, slots=True)
class Who:
    """Who did it: organisation's short name, seat and work number; `mine` when it was the viewer's own seat."""

    role: str
    place: str = ""
    seat: str = ""
    work_no: str = ""
    rule: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One Event. `facts` are the Event's own with `…_name` beside every code, and of its erasable part only the reason
    given: names, numbers and what was said are not for everybody who reads the course."""

    seq: int
    kind: str
    at: datetime
    who: Who
    facts: dict[str, Any] = field(default_factory=dict)
    clause: str = ""
    pack: str = ""


RECEIPTS = ("transfer.delivered", "transfer.rang", "transfer.seen")
_NAMED = ("to", "holder", "desk", "with_desk", "taker", "proposed", "to_unit", "lead")
_FRAME = ("kind", "at", "act", "seq", "sealed", "by", "pack", "clause")


def course(viewer: Actor, matter: Matter, pack: Pack) -> tuple[Entry, ...]:
    """Every Event of a matter, the oldest first."""
    events = list(Event.objects.filter(matter=matter).order_by("seq"))
    bodies = [json.loads(e.body) for e in events]
    names = _names(bodies)
    hidden = hides_source(viewer, matter)
    return tuple(_entry(viewer, e, b, names, pack, hidden) for e, b in zip(events, bodies, strict=True))


def _names(bodies: list[dict]) -> dict[str, str]:
    codes = {str(b[k]) for b in bodies for k in _NAMED if b.get(k)}
    codes |= {b["by"][k] for b in bodies for k in ("desk", "unit") if b["by"].get(k)}
    codes |= {desk for b in bodies if isinstance(b.get("named"), dict) for desk in b["named"].values()}
    desks, units = (m.objects.filter(code__in=codes).values_list("code", "short") for m in (Desk, Unit))
    return dict(desks.union(units, all=True)) if codes else {}


def _entry(viewer: Actor, event: Event, body: dict, names: dict[str, str], pack: Pack, hidden: bool) -> Entry:
    by = body["by"]
    mine = bool(viewer.work_no) and by.get("work_no") == viewer.work_no
    place = names.get(by.get("desk") or by.get("unit", ""), "")
    who = Who(by["role"], place, by.get("seat", ""), by.get("work_no", ""), by.get("rule", ""), mine)
    facts = {k: v for k, v in body.items() if k not in _FRAME}
    facts |= {f"{k}_name": names.get(str(body[k]), str(body[k])) for k in _NAMED if body.get(k)}
    if body.get("kind_code"):
        facts["kind_name"] = pack.called(body["kind_code"])
    if isinstance(body.get("named"), dict):
        facts["named"] = [(pack.called(kind), names.get(desk, desk)) for kind, desk in body["named"].items()]
    told = json.loads(event.private) if event.private and not hidden else {}
    if told:
        facts |= {k: told[k] for k in FREE_WORDS if told.get(k)}
    at = timezone.localtime(event.at)
    return Entry(
        event.seq, event.kind, at, who, facts, body.get("clause") or told.get("clause", ""), body.get("pack", "")
    )


def gist(entries: tuple[Entry, ...], most: int) -> list[Entry]:
    """How it began and the last steps, `most` in all. Of what comes again and again by itself, a reminder or a danger that goes
    up once more, only the latest of each kind; the receipts of one hand-over with the step they are of, as its fact
    "receipt"; of recordings nothing."""
    entries = tuple(entry for entry in entries if not entry.kind.startswith("recording."))
    latest = {entry.kind: entry for entry in entries}
    told_once = [e for e in entries if not e.kind.endswith((".reminded", "demand.escalated")) or latest[e.kind] is e]
    steps: list[Entry] = []
    for entry in told_once:
        flown = max((n for n, e in enumerate(steps) if e.kind == "transfer.offered"), default=None)
        if flown is None or entry.kind not in RECEIPTS:
            steps.append(entry)
        else:
            steps[flown] = replace(steps[flown], facts=steps[flown].facts | {"receipt": entry.kind})
    return steps if len(steps) <= most else [steps[0], *steps[1 - most :]]
