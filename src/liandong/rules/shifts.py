"""When the shift of a desk ends, by the pack of its city: `shift.begin` is when the first shift of a day begins, after
midnight, and `shift.length` how long one is. A pack that says neither has no shifts to count."""

from datetime import datetime, timedelta

from liandong.rules.pack import Limit, Pack

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def ends_at(pack: Pack, now: datetime) -> datetime | None:
    """The next change of shift after `now` (local and aware); None where the city has not said. A last shift that the
    next day's first one meets ends with it."""
    known = {limit.key: limit for limit in pack.limits}
    begin, length = known.get("shift.begin"), known.get("shift.length")
    if begin is None or length is None:
        return None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + span(begin) - timedelta(days=1)
    starts = (first + timedelta(days=day) for day in range(3))
    changes = (at + span(length) * turn for at in starts for turn in _turns(span(length)))
    return min(at for at in changes if at > now)


def span(limit: Limit) -> timedelta:
    """How long a limit is that counts no workdays."""
    return timedelta(seconds=limit.amount * _SECONDS[limit.unit])


def _turns(length: timedelta) -> range:
    """Which changes of a day's shifts lie before the next day's first."""
    return range(-(-timedelta(days=1) // length))
