"""Times in templates: what is left, what has been, how long. Every template has them, as it has the sentences."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from liandong.packs import calendar
from liandong.words import clock

register = template.Library()


@register.inclusion_tag("left.html")
def left(due: datetime | None, now: datetime, chip: str = "", what: str = "") -> dict:
    """Time left, run on by the page's script. `chip` "chip" draws a pressing one as a chip; `what` stands before."""
    told = clock.left(due, now, calendar.is_workday)
    unsure = told is not None and told.unit == gettext("个工作日") and not calendar.is_published(due.year)
    return {"left": told, "due": due, "chip": chip == "chip", "what": what, "unsure": unsure}


@register.filter
def seconds_to(due: datetime | None, now: datetime) -> int:
    """Whole seconds until `due`, at least 0."""
    return max(0, int((due - now).total_seconds())) if due else 0


@register.filter
def share_left(since: datetime | None, due: datetime | None) -> int:
    """How much of the time from `since` to `due` is left now, in thousandths: what a meter draws, run on by the page."""
    if since is None or due is None or due <= since:
        return 0
    return max(0, min(1000, int(1000 * ((due - timezone.now()) / (due - since)))))


@register.filter
def happened(moment: datetime | None, now: datetime) -> str:
    """A moment that has been."""
    return clock.when(timezone.localtime(moment), now) if moment else ""


@register.filter
def week(name: str) -> str:
    """An ISO week by its first day."""
    return clock.week(name)


@register.filter
def masthead_day(moment: datetime) -> str:
    return clock.day(moment)


@register.filter
def ran(since: datetime | None, now: datetime) -> str:
    """How long something has been running: 00:34."""
    return clock.running(now - since) if since else "00:00"


@register.filter
def ran_long(since: datetime, now: datetime) -> str:
    """The same beside clock times: 10 分."""
    return clock.long(now - since)


@register.filter
def minutes_since(since: datetime, now: datetime) -> int:
    """Whole minutes since a moment."""
    return max(0, int((now - since).total_seconds() // 60))


@register.filter
def lasted(seconds: float) -> str:
    """A length of time in one unit: 4 分钟."""
    return clock.lasted(timedelta(seconds=seconds))


@register.filter
def iso(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="milliseconds") if moment else ""
