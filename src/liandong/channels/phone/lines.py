"""Which desk a dialled line rings."""

from datetime import datetime

from django.utils import timezone

from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.models import Desk, PackRelease
from liandong.rules import announcing
from liandong.rules.say import Invalid

POLICE_LINE = "110"


def desk_for(city: str, line: str, district: str, at: datetime) -> Desk:
    """The desk a line rings: 110 the county's own where the call comes from, 12345 the prefecture's (C二(一)1). A call
    from across a border is the neighbour's, where this node serves it: the place picks the pack that judges it.

    Raises Invalid when the city has no pack in force, Desk.DoesNotExist when its desks are not set up.
    """
    day = timezone.localtime(at).date()
    in_force = PackRelease.objects.in_force
    release = (in_force(f"{district[:4]}00", day) if district else None) or in_force(city, day)
    if release is None:
        raise Invalid("invalid.no_pack", city=city)
    row = opened(release).desk_for("110" if line == POLICE_LINE else "12345", district)
    return Desk.objects.get(code=row.code)


def office_for(desk: Desk, line: str, at: datetime) -> Desk | None:
    """The duty office whose telephone rings first: for a line of the directory outside its hours, where the office works at this
    node. `desk` holds the matter."""
    day = timezone.localtime(at).date()
    release = PackRelease.objects.in_force(desk.city, day)
    if release is None or not announcing.closed(line, opened(release), at, calendar.is_workday(day)):
        return None
    return Desk.objects.filter(city=desk.city, platform="duty", partner__isnull=True).order_by("code").first()
