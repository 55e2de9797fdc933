"""How a city's links stand, told to the pages that are open as soon as it changes: no page asks for it."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection

from liandong.exchange.relay import CHANNEL, standing
from liandong.jobs.pace import Pace
from liandong.queries import links
from liandong.records.models import Desk

EVERY = timedelta(seconds=2)
AGAIN = timedelta(seconds=15)
"""For a live process that began meanwhile; it passes on only what it has not passed on before."""


class Marking:
    """Remembers what it told last, and when."""

    def __init__(self) -> None:
        self.pace = Pace(EVERY)
        self.told: dict[str, tuple[datetime, links.Links]] = {}

    def look(self, at: datetime) -> int:
        """Tell of every city whose links changed, and of all of them now and then; returns how many changed."""
        if not self.pace.due(at):
            return 0
        cities = Desk.objects.order_by("city").values_list("city", flat=True).distinct()
        return sum(self._tell(city, links.of_city(city, at), at) for city in cities)

    def _tell(self, city: str, now: links.Links, at: datetime) -> int:
        told_at, before = self.told.get(city, (at, None))
        if now == before and at - told_at < AGAIN:
            return 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, standing(city, asdict(now))])
        self.told[city] = at, now
        return int(now != before)
