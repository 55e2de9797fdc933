"""How the reader's suggestions fare against what people then chose, week by week, so that a supervisor sees drift.

A matter counts in the ISO week it was received in, once, with what stands in the Event of its first saved record. Secret
matters are not counted, nor those that were merged into another or brought over from an older system. Counts only: no
word of a caller, no operator.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from liandong.packs.opened import opened
from liandong.queries import narrow, triage
from liandong.records.models import Event, Matter
from liandong.rules.pack import Pack, Scope
from liandong.triage.score import Card, Rate, card

FIRST, LAST = str(UUID(int=0)), str(UUID(int=2**128 - 1))
KEPT = timedelta(minutes=10)
_drawn: dict[tuple, tuple[datetime, "Week"]] = {}
NEITHER = ("redirected", "silent", "wrong_number", "prank")  # closed so: neither desk's


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week ("2026-W48"): how many matters had a suggestion, and the scorecard of them."""

    name: str
    count: int
    card: Card

    @property
    def shown(self) -> tuple[Rate, ...]:
        """What the supervisor's page shows, in its order."""
        names = ("platform", "item", "urgent recall", "urgent precision", "ask")
        return tuple(self.card.rates[name] for name in names)


def weeks(city: str, since: datetime, until: datetime, *, again: bool = False) -> tuple[Week, ...]:
    """The scorecards of matters received from `since` to `until`, the newest week first; weeks without one left out.

    `again` reads the stored words with the present model instead of taking what was suggested then.
    """
    cards = (_week(city, start, min(end, until), again=again) for start, end in _mondays(since, until))
    return tuple(week for week in cards if week.count)[::-1]


def drawn(city: str, since: datetime, until: datetime, now: datetime, most: int) -> tuple[Week, ...]:
    """As `weeks`, of at most `most` matters a week up to `now`, drawn by their random ids; each week as this process read it in the
    last KEPT. Drawing and judging one takes longer than all the rest of a supervisor's page, and hardly changes what it says."""
    for key, (read_at, _) in list(_drawn.items()):
        if not read_at <= now < read_at + KEPT:
            _drawn.pop(key, None)
    touched, found = None, []
    for start, end in _mondays(since, min(until, now)):
        key = city, start, most
        known = _drawn.get(key)
        if known is None:
            touched = frozenset(map(str, narrow.tail().matters)) if touched is None else touched
            _drawn[key] = known = now, _week(city, start, end, most=most, touched=touched)
        found.append(known[1])
    return tuple(week for week in found if week.count)[::-1]


def forget() -> None:
    """What was drawn is drawn again: for tests, whose matters come and go."""
    _drawn.clear()


def _mondays(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The weeks from Monday to Monday, the first and last cut short."""
    start = since
    while start < until:
        local = timezone.localtime(start)
        monday = (local + timedelta(days=7 - local.weekday())).date()
        end = timezone.make_aware(datetime.combine(monday, time()))
        yield start, end
        start = end


def _week(city: str, start: datetime, end: datetime, *, again: bool = False, most: int = 0,
          touched: frozenset[str] = frozenset()) -> Week:  # fmt: skip
    rows, answers = [], {}
    for matter, then in _matters(city, start, end, most, touched):
        pack = opened(matter.pack)
        said = _read_again(matter, pack) if again else _kept(then, pack)
        if said is not None:
            name = f"{matter.year}/{matter.number}"
            rows.append(_chosen(matter, name, pack))
            answers[name] = said
    year, week, _ = timezone.localtime(start).isocalendar()
    return Week(f"{year}-W{week:02}", len(rows), card(rows, answers))


def _matters(city: str, since: datetime, until: datetime, most: int,
             touched: frozenset[str]) -> Iterator[tuple[Matter, dict[str, Any]]]:  # fmt: skip
    """(matter, the body of its first saved record)."""
    saved = Event.objects.filter(kind="matter.recorded", matter__city=city, matter__secret=False,
                                 matter__merged_into__isnull=True, matter__received_at__gte=since,
                                 matter__received_at__lt=until)  # fmt: skip
    saved = saved.order_by("matter_id", "seq").select_related("matter__pack", "matter__holder")
    saved = saved.defer("matter__pack__files")
    parts = (
        (saved.filter(matter__pk__among=ids) for ids in _by_id(city, since, until, most, touched)) if most else (saved,)
    )
    seen = set()
    for event in (event for part in parts for event in part.iterator(500)):
        if most and len(seen) == most:
            return
        if event.matter_id not in seen:
            seen.add(event.matter_id)
            yield event.matter, json.loads(event.body)


# The days first: by the ids' own order the planner hopes to be done early, and reads the index of years.
_IDS = """
    SELECT matter_id::text FROM (
        SELECT matter_id FROM records_finding WHERE city = %s AND received_at >= %s AND received_at < %s OFFSET 0) days
     WHERE matter_id > %s ORDER BY matter_id LIMIT %s
"""


def _by_id(city: str, since: datetime, until: datetime, most: int, touched: frozenset[str]) -> Iterator[set[str]]:
    """All matters of these days by their ids, part after part, the later parts larger: read from finding's index alone, and
    from those `touched` since."""
    after, many = FIRST, 2 * most
    while many:
        with connection.cursor() as cursor:
            cursor.execute(_IDS, [city, since, until, after, many])
            ids = {pk for (pk,) in cursor.fetchall()}
        upto = max(ids) if len(ids) == many else LAST
        yield ids | {pk for pk in touched if after < pk <= upto}
        after, many = upto, 4 * many if len(ids) == many else 0


def _kept(body: dict[str, Any], pack: Pack) -> dict[str, Any] | None:
    said = body.get("suggested")
    if not said:
        return None
    return {"platform": said["platform"], "urgent": said["urgent"], "item": kind_of(said["kind"], pack),
            "ask": said["act"] in triage.ASKING, "confidence": said.get("confidence", 0.0)}  # fmt: skip


def _read_again(matter: Matter, pack: Pack) -> dict[str, Any] | None:
    if not matter.said:
        return None
    return triage.answer(matter.said, pack, at=timezone.localtime(matter.received_at), district=matter.district)


def _chosen(matter: Matter, name: str, pack: Pack) -> dict[str, Any]:
    """What people made of it: the platform of the kind they wrote down, else of the desk that has it; a danger is one
    that was not lowered before anybody was sent."""
    kind = kind_of(matter.item or matter.kind, pack)
    holder = matter.holder.platform
    platform = "other" if matter.closing in NEITHER else platform_of(matter.item or matter.kind, pack) or holder
    urgent = matter.danger == "raised" or (matter.danger == "lowered" and matter.dispatches.exists())
    return {"id": name, "text": "", "platform": platform, "platforms": [platform], "urgent": urgent,
            "items": [kind] if kind else ["other"]}  # fmt: skip


def kind_of(code: str, pack: Pack) -> str | None:
    """The kind a row belongs to, "scope" for a sentence of the general range, None for no row."""
    if isinstance(pack.row(code), Scope):
        return "scope"
    kind = pack.kind(code)
    return kind.code if kind else None


def platform_of(code: str, pack: Pack) -> str:
    """The platform a row falls to, "" for no row."""
    row = pack.row(code)
    kind = pack.kind(code)
    return kind.platform if kind else row.platform if isinstance(row, Scope) else ""
