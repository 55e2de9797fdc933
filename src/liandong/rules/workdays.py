"""Due times: natural hours run day and night, working time runs on working days only.

The calendar is an argument (`is_workday`), so that a year not yet published, or a city's own closing day, is the
caller's business and the arithmetic stays pure.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from liandong.rules.pack import Limit

IsWorkday = Callable[[date], bool]
OPENS, SHUTS = time(8, 30), time(17, 30)
_SPAN = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}


def due_at(limit: Limit, start: datetime, is_workday: IsWorkday) -> datetime:
    """When `limit` runs out for a wait that began at `start` (an aware local datetime).

    Working days count whole: a limit of n working days from any moment of day d ends with the office hours of the
    nth working day after d. Working hours and minutes run only while offices are open.
    """
    span = _SPAN[limit.unit] * limit.amount
    if limit.clock == "natural":
        return start + span
    if limit.unit == "day":
        return datetime.combine(_workday_after(start.date(), limit.amount, is_workday), SHUTS, start.tzinfo)
    return _working_time(start, span, is_workday)


def _workday_after(day: date, count: int, is_workday: IsWorkday) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def _working_time(moment: datetime, span: timedelta, is_workday: IsWorkday) -> datetime:
    while True:
        opens, shuts = (datetime.combine(moment.date(), t, moment.tzinfo) for t in (OPENS, SHUTS))
        if is_workday(moment.date()) and moment < shuts:
            moment = max(moment, opens)
            if moment + span <= shuts:
                return moment + span
            span -= shuts - moment
        moment = opens + timedelta(days=1)


def working_days_left(now: datetime, due: datetime, is_workday: IsWorkday) -> int:
    """Working days from tomorrow to the due day, for "剩 3 个工作日"; 0 on the day itself or past it."""
    days = (due.date() - now.date()).days
    return sum(is_workday(now.date() + timedelta(days=n)) for n in range(1, days + 1))
