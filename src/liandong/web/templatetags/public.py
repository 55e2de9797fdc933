"""Tags of the public pages: a sentence by its code, in the reader's language."""

from datetime import date, datetime

from django import template
from django.utils.translation import get_language

from liandong.packs import calendar
from liandong.rules.pack import Limit
from liandong.rules.say import Say
from liandong.words import clock, public

register = template.Library()


@register.simple_tag(name="say")
def say(code: str, **params: object) -> str:
    """A sentence; parts of its code may be joined before: {% say "status."|add:part.status who=part.who %}."""
    return public.public(code, **params)


@register.filter
def advised(code: Say) -> str:
    """What to do until help comes."""
    return public.advice(code)


@register.filter
def span(limit: Limit) -> str:
    """How long a limit is: 7 个工作日."""
    unit = "workday" if limit.unit == "day" and limit.clock == "working" else limit.unit
    return public.public(f"span.{unit}", amount=limit.amount)


@register.filter
def promised(limit: Limit) -> str:
    """What a limit promises a citizen."""
    return public.public(f"promise.{limit.key}", span=span(limit))


@register.filter
def on_day(moment: date | None) -> str:
    """A day: 12月09日, Dec 9."""
    if moment is None:
        return ""
    return f"{moment:%b} {moment.day}" if get_language() == "en" else f"{moment.month}月{moment.day:02d}日"  # stays Chinese  # fmt: skip


@register.filter
def dated(day: date | None) -> str:
    """A day with its year, for what is printed: 2026年11月1日."""
    if day is None:
        return ""
    if get_language() == "en":
        return f"{day:%b} {day.day}, {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"  # stays Chinese


@register.filter
def at_time(moment: datetime, now: datetime) -> str:
    """A moment that has been, short: 今天 09:31, 18日 14:32, 10月18日."""
    if moment.date() == now.date():
        return f"{'Today' if get_language() == 'en' else '今天'} {moment:%H:%M}"  # stays Chinese
    if (moment.year, moment.month) == (now.year, now.month) and get_language() != "en":
        return f"{moment.day}日 {moment:%H:%M}"  # stays Chinese
    return on_day(moment)


@register.filter
def opening(moment: datetime) -> str:
    """When somebody answers again: 周一 9:00."""
    if get_language() == "en":
        return f"{moment:%a} {moment.hour}:{moment:%M}"
    return f"{moment.month}月{moment.day}日周{'一二三四五六日'[moment.weekday()]} {moment.hour} 点"  # stays Chinese


@register.simple_tag
def time_left(due: datetime | None, now: datetime) -> clock.Left | None:
    """Time left until the promised day."""
    return clock.left(due, now, calendar.is_workday)
