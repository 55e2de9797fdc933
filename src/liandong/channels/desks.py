"""Whether the desks that settings name are there: to one that is not, everything written is refused."""

from collections.abc import Iterable
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from liandong.channels.registry import Folder


def of_settings(folder: Folder, values: dict) -> list[str]:
    """The desks that a channel's settings name: one, or one for each number."""
    found = [values.get(one.key) for one in folder.settings if one.sort == "desk"]
    for one in folder.settings:
        if one.sort == "lines":
            found += (values.get(one.key) or {}).values()
    return [code for code in found if code]


def missing(codes: Iterable[str], at: datetime) -> list[str]:
    """Those that take no matter now: unknown, at another organisation's node, or without a pack in force. Empty when the database does not
    answer."""
    from liandong.records.models import Desk, PackRelease  # the doctor's room is read before Django is set up

    today = timezone.localtime(at).date()
    try:
        cities = dict(Desk.objects.filter(code__in=set(codes), partner=None).values_list("code", "city"))
        ready = {city for city in set(cities.values()) if PackRelease.objects.in_force(city, today)}
    except DatabaseError:
        return []
    return [code for code in dict.fromkeys(codes) if cities.get(code) not in ready]


def faults(title: str, codes: Iterable[str], at: datetime) -> list[tuple[str, str]]:
    """As a channel's."""
    mend = "请改正这个渠道的台，如 12345:532300；或请管理员先装清单。"
    return [(f"{title}渠道写的台 {code} 没有、在对方平台，或那里没有生效的清单，来的话收不进来。", mend)
            for code in missing(list(codes), at)]  # fmt: skip
