"""Acts at a node that runs as processes of its own: the test is at its database, as its own web process is."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connections

from liandong.actions import intake
from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from liandong.records.models import Person, Seat
from liandong.rules.access import Actor


@contextlib.contextmanager
def at(home: Home, node: str, username: str, desk: str, settings: Any) -> Iterator[Actor]:
    """Be at the database of this home; yields the person who presses there, at the desk's first seat."""
    known = Cluster(home).settings()
    default = connections["default"]
    default.close()
    default.settings_dict.update(
        NAME=known["dbname"], USER=known["user"], PASSWORD=known.get("password", ""), HOST=known["host"],
        PORT=known.get("port", ""),
    )  # fmt: skip
    settings.NODE = node
    intake._bases.clear()
    person = Person.objects.get(username=username)
    seat = Seat.objects.filter(desk__code=desk).order_by("pk").first()
    role = "operator" if desk.startswith("12345") else "dispatcher"
    try:
        yield Actor(
            role, person.pk, work_no=person.work_no, city="532300", desk=desk, seat=seat.pk, seat_no=seat.number
        )
    finally:
        default.close()
