"""The cities of this node, the pack that speaks for each today, and its 12345."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from liandong.packs.opened import opened
from liandong.queries.sight import NotFound
from liandong.records.models import Desk, PackRelease
from liandong.rules.pack import Pack
from liandong.rules.say import Invalid

LINE = "12345"
_HOTLINES = Desk.objects.filter(platform=LINE, level="prefecture")


@dataclass(frozen=True, slots=True)
class City:
    """A city by its six digits and name."""

    code: str
    name: str


def cities(now: datetime) -> tuple[City, ...]:
    """Every city that has a 12345 desk and a pack in force."""
    codes = _HOTLINES.order_by("code").values_list("city", flat=True)
    packs = [
        (code, PackRelease.objects.in_force(code, timezone.localtime(now).date())) for code in dict.fromkeys(codes)
    ]
    return tuple(City(code, opened(release).city) for code, release in packs if release)


def pack_of(city: str, now: datetime) -> Pack:
    """The pack in force today; NotFound for a city that is none of this node's."""
    release = PackRelease.objects.in_force(city, timezone.localtime(now).date())
    if release is None:
        raise NotFound
    return opened(release)


def hotline(city: str) -> Desk:
    """The city's 12345, which is first receiver of what comes in writing; Invalid before the city's first pack."""
    row = _HOTLINES.filter(city=city).first()
    if row is None:
        raise Invalid("invalid.no_pack", city=city)
    return row
