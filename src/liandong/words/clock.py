"""Time as time left: 剩 7 秒, 剩 3 个工作日, 超 26 小时, 超 4 天. A clock time only for what has happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language, gettext

from liandong.rules.workdays import working_days_left

_WEEK = "一二三四五六日"  # stays Chinese
_HOURS_UP_TO = timedelta(hours=24)
"""Up to here time left is told in hours: the 24-hour limits run on natural hours, and on the last day of a limit of
working days the hours are as true."""

_DAYS_FROM = 3 * 24 * 3600
"""Seconds from which a length is told in days: nobody reckons 103 hours at night."""


@dataclass(frozen=True, slots=True)
class Left:
    """A wait as words: `lead` 剩 or 超, `amount` and `unit`; `state` is "over", "now" (minutes), "soon" or "far"."""

    lead: str
    amount: str
    unit: str
    state: str

    def __str__(self) -> str:
        return f"{self.lead} {self.amount} {self.unit}"


def left(due: datetime | None, now: datetime, is_workday: Callable[[date], bool]) -> Left | None:
    """What is left until `due` (both local and aware); None without a due time."""
    if due is None:
        return None
    span = due - now
    if span < timedelta(0):
        return Left(gettext("超"), *_size(-span), "over")
    if due.date() != now.date() and span > _HOURS_UP_TO:
        days = working_days_left(now, due, is_workday)
        return Left(gettext("剩"), str(max(days, 1)), gettext("个工作日"), "far" if days > 1 else "soon")
    state = "now" if span < timedelta(minutes=15) else "soon" if span < timedelta(hours=10) else "far"
    return Left(gettext("剩"), *_size(span), state)


def _size(span: timedelta) -> tuple[str, str]:
    seconds = int(span.total_seconds())
    if seconds < 60:
        return str(seconds), gettext("秒")
    if seconds < 3600:
        return str(seconds // 60), gettext("分")
    if seconds < _DAYS_FROM:
        return str(seconds // 3600), gettext("小时")
    return str(seconds // 86400), gettext("天")


def lasted(span: timedelta) -> str:
    """A length of time in one unit: 8 秒, 4 分钟, 26 小时."""
    amount, unit = _size(span)
    return f"{amount} {gettext('分钟') if unit == gettext('分') else unit}"


def long(span: timedelta) -> str:
    """A clock that runs beside clock times, and must not be taken for one: 52 秒, 10 分, from the hour on 1 小时 2 分."""
    return running(span) if span >= timedelta(hours=1) else " ".join(_size(max(span, timedelta(0))))


def running(span: timedelta) -> str:
    """A clock that runs: 00:34, from the hour on 1 小时 2 分."""
    seconds = max(0, int(span.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    if hours:
        return f"{hours} {gettext('小时')} {rest // 60} {gettext('分')}"
    return f"{rest // 60:02d}:{rest % 60:02d}"


def day(moment: datetime) -> str:
    """A date as the masthead says it: 11月18日 周三."""
    if get_language() == "en":
        return f"{moment:%a} {moment.day} {moment:%b}"
    return f"{moment.month}月{moment.day}日 周{_WEEK[moment.weekday()]}"  # stays Chinese


def week(name: str) -> str:
    """A week by its Monday: 2026-W48 is 11月23日起一周."""
    year, _, number = name.partition("-W")
    first = date.fromisocalendar(int(year), int(number), 1)
    if get_language() == "en":
        return f"week of {first.day} {first:%b}"
    return f"{first.month}月{first.day}日起一周"  # stays Chinese


def when(moment: datetime, now: datetime) -> str:
    """A moment that has been: 14:32:45 today, 18日 14:32 this month, else 10月18日 14:32."""
    if moment.date() == now.date():
        return f"{moment:%H:%M:%S}"
    if get_language() == "en":
        return f"{moment.day} {moment:%b} {moment:%H:%M}"
    if (moment.year, moment.month) == (now.year, now.month):
        return f"{moment.day}日 {moment:%H:%M}"  # stays Chinese
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"  # stays Chinese
