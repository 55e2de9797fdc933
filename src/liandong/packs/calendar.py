"""Working days of the mainland with make-up days, from the kept holiday library; a year not yet published counts
weekends only, and `is_published` says so."""

from datetime import date
from functools import lru_cache

import chinese_calendar


@lru_cache(maxsize=4096)  # a list of fifty limits asks for the same days three hundred times
def is_workday(day: date) -> bool:
    """Whether offices work on this day, make-up days counted; weekends only where the year is not published."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def is_published(year: int) -> bool:
    """Whether the State Council's calendar of this year is in the library (2026 is the last one of 1.11)."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
