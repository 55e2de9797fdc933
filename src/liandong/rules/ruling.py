"""指定 with a limit: the duty office may ask for less time than the table gives, never for more (P二(三), J1)."""

from datetime import datetime, time, timedelta

from liandong.rules.say import Invalid

WITHIN = ("table", "half_hour", "hour", "four_hours", "morning")
"""The limits a ruling may name: the pack's own, so many minutes from now, or the coming morning."""
MORNING = time(8, 0)
_SPAN = {"half_hour": timedelta(minutes=30), "hour": timedelta(hours=1), "four_hours": timedelta(hours=4)}


def answer_by(within: str, at: datetime, table: datetime) -> datetime:
    """When the named units owe their answer: the limit chosen at `at` (local, aware), or the pack's where that is nearer.
    Natural hours: a ruling is for what cannot wait. Invalid for a limit nobody offers."""
    if within not in WITHIN:
        raise Invalid("invalid.within", "within")
    if within == "table":
        return table
    if within in _SPAN:
        return min(at + _SPAN[within], table)
    day = at.date() if at.time() < MORNING else at.date() + timedelta(days=1)
    return min(datetime.combine(day, MORNING, at.tzinfo), table)
