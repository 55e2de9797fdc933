"""The command room's screen: a city's dangers, transfers by county, how soon a person accepts. No names of operators."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from liandong.packs.opened import opened
from liandong.queries import stuck
from liandong.queries.desk.parts import local
from liandong.queries.link_day import LinkDay, link_day
from liandong.records.models import Demand, Event, Matter, PackRelease, Transfer
from liandong.rules import access, wall
from liandong.rules.access import Actor

DANGERS = 3
"""So many stand on the screen; of the others it says how many."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A county: transfers of today, dangers, late orders, and of its transfers accepted at once and later. `link` of its desk at
    another organisation's node: "broken", "mended" since it broke today, or ""."""

    name: str
    given: int
    dangers: int
    late: int
    at_once: int
    again: int
    row: str = ""
    column: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Wall:
    """The screen. Hours are counts for each of the 24 hours: to 110 and to 12345, today and yesterday."""

    city: str
    dangers: tuple[stuck.InDanger, ...]
    dangers_all: int
    lowered: int
    longest_s: int
    tiles: tuple[Tile, ...]
    given: int
    waits: wall.Waits
    rows: tuple[wall.Given, ...]
    to_110: tuple[tuple[int, ...], tuple[int, ...]]
    to_12345: tuple[tuple[int, ...], tuple[int, ...]]
    at_once: int
    again: int
    down: tuple[stuck.Down, ...]
    limit_s: int
    danger_limit_s: int
    link_day: LinkDay | None

    @property
    def dangers_more(self) -> int:
        """Dangers that the screen has no room for."""
        return max(0, self.dangers_all - len(self.dangers))


def screen(viewer: Actor, now: datetime) -> Wall:
    """The screen of the viewer's city; NotFound for who does not look over it."""
    dangers = stuck.in_danger(viewer, most=DANGERS)[:DANGERS]  # also for the office that was told of more
    city, today = access.overlooks(viewer), timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    release = PackRelease.objects.in_force(city, today.date())
    pack = opened(release)
    rows = _given(city, today - timedelta(days=1))
    new, old = [r for r in rows if r.offered_at >= today], [r for r in rows if r.offered_at < today]
    spans = _lowered(city, today)
    first, again = wall.at_once(new)
    day = link_day(city, today)
    return Wall(
        city=pack.city, dangers=dangers, dangers_all=_in_danger(city).count(), lowered=len(spans),
        longest_s=int(max(spans, default=0)), tiles=_tiles(city, pack, new, now, day), given=len(new), waits=wall.waits(new),
        rows=tuple(new), to_110=(wall.by_hour(new, "110"), wall.by_hour(old, "110")),
        to_12345=(wall.by_hour(new, "12345"), wall.by_hour(old, "12345")), at_once=first, again=again,
        down=stuck.down(viewer, now), limit_s=pack.limit("offer.ring").amount,
        danger_limit_s=pack.limit("offer.ring_danger").amount, link_day=day,
    )  # fmt: skip


def topics(viewer: Actor) -> list[str]:
    """What wakes the screen: whatever moves in the city, but secret matters."""
    return [f"city:{access.overlooks(viewer) or '-'}"]


def _lowered(city: str, since: datetime) -> list[float]:
    """Seconds that each danger stood which was lowered since then, by a person's word or by the report from the scene."""
    events = Event.objects.filter(kind="danger.lowered", at__gte=since, matter__city=city, matter__secret=False)
    ends = {json.loads(body).get("demand"): at for body, at in events.order_by("at").values_list("body", "at")}
    over = Demand.objects.filter(pk__in=[pk for pk in ends if pk]).exclude(state="open")  # asked again since: not over
    began = over.values_list("pk", "opened_at")
    return [(ends[str(pk)] - opened).total_seconds() for pk, opened in began]


def _in_danger(city: str):
    return Matter.objects.filter(city=city, danger="raised").exclude(state="archived")


def _given(city: str, since: datetime) -> list[wall.Given]:
    found = Transfer.objects.filter(offered_at__gte=since, matter__city=city, matter__secret=False).exclude(
        state="recalled"
    )
    fields = (
        "matter",
        "matter__district",
        "matter__danger",
        "from_desk__code",
        "to_desk__code",
        "offered_at",
        "ended_at",
        "state",
    )
    seen: set = set()
    out = []
    for pk, district, danger, start, to, offered, ended, state in found.order_by("offered_at").values_list(*fields):
        county = next((d for c in (to, start) for p, _, d in [c.partition(":")] if p == "110"), district)
        taken = local(ended) if state == "accepted" else None
        out.append(wall.Given(to.partition(":")[0], county, local(offered), taken, danger == "raised", pk not in seen))
        seen.add(pk)
    return out


def _tiles(city: str, pack, rows: list[wall.Given], now: datetime, day: LinkDay | None) -> tuple[Tile, ...]:
    dangers = dict(_in_danger(city).values_list("district").annotate(n=Count("pk")))
    lates = stuck.how_late(city, now, "district")
    out = []
    for d in pack.districts:
        own = [r for r in rows if r.district == d.code]
        out.append(Tile(d.short, len(own), dangers.get(d.code, 0), lates.get(d.code, 0), *wall.at_once(own),
                        d.wall_row, d.wall_column, _link(day, d.code)))  # fmt: skip
    return tuple(out)


def _link(day: LinkDay | None, district: str) -> str:
    if day is None:
        return ""
    return "broken" if district in day.broken else "mended" if district in day.mended else ""
