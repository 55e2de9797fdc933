"""Whether a directory line answers now, and which number takes the matter while it does not."""

from datetime import datetime, time, timedelta, timezone

from liandong.rules.pack import Line, Pack

CHINA = timezone(timedelta(hours=8))  # one time for the whole country, without summer time
OPENS, CLOSES = time(9), time(17)  # project default for "工作日": the notice names no clock times


def opening(line: Line, now: datetime, workday: bool | None = None) -> str:
    """ "open", "closed" or "unstated". `workday` is the calendar's answer for today in China; None means Monday to
    Friday. A `now` without a zone is read as Chinese time."""
    if line.hours == "24h":
        return "open"
    if line.hours != "workday":
        return "unstated"
    here = now.astimezone(CHINA) if now.tzinfo else now
    works = here.weekday() < 5 if workday is None else workday
    return "open" if works and OPENS <= here.time() < CLOSES else "closed"


def takes_now(line: Line, state: str, pack: Pack) -> str:
    """The number to give instead: the line's successor when it was merged, the prefecture's 12345 while it is closed,
    "" when the line itself answers."""
    if line.successor:
        return line.successor
    has_12345 = any(d.platform == "12345" for d in pack.desks)
    return "12345" if state == "closed" and has_12345 and line.number != "12345" else ""
