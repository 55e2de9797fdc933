"""Which desk a dialled line rings."""

from datetime import datetime

from django.utils import timezone

from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import Desk, PackRelease
from liandong.rules import announcing
from liandong.rules.say import Invalid

POLICE_LINE = "110"
LINES = (POLICE_LINE, "12345")


def desk_for(city: str, line: str, district: str, at: datetime) -> Desk:
    """The desk a line rings: 110 the county's own where the call comes from, 12345 the prefecture's (C二(一)1). A call
    from across a border is the neighbour's, where this node serves it: the place picks the pack that judges it.

    Raises Invalid when the city has no pack in force, Desk.DoesNotExist when its desks are not set up.
    """
    release = _release(city, district, at)
    if release is None:
        raise Invalid("invalid.no_pack", city=city)
    row = opened(release).desk_for("110" if line == POLICE_LINE else "12345", district)
    return Desk.objects.get(code=row.code)


def desk_dialled(city: str, number: str, district: str, at: datetime) -> Desk | None:
    """The desk of a line that a person at a desk dials: 110, 12345, or one of the directory that was merged into either; None for
    any other number."""
    release = _release(city, district, at)
    listed = opened(release).line(number) if release else None
    line = (listed[1].successor or number) if listed else number
    return desk_for(city, line, district, at) if line in LINES else None


def _release(city: str, district: str, at: datetime) -> PackRelease | None:
    day = timezone.localtime(at).date()
    in_force = PackRelease.objects.in_force
    return (in_force(f"{district[:4]}00", day) if district else None) or in_force(city, day)


def office_for(desk: Desk, line: str, at: datetime) -> Desk | None:
    """The duty office whose telephone rings first: for a line of the directory outside its hours, where the office works at this
    node. `desk` holds the matter."""
    day = timezone.localtime(at).date()
    release = PackRelease.objects.in_force(desk.city, day)
    if release is None or not announcing.closed(line, opened(release), at, calendar.is_workday(day)):
        return None
    return Desk.objects.filter(city=desk.city, platform="duty", partner__isnull=True).order_by("code").first()
