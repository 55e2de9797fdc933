"""Make the demo city once: people, seats, posts, then yesterday and today as they were lived."""

import os
from datetime import datetime, timedelta

from django.utils import timezone

from liandong.ops.demo.cast import PASSWORD, PLAYERS, Player
from liandong.ops.demo.day import play_day
from liandong.ops.demo.library import fill_library
from liandong.records.models import Desk, Person, Post, Seat, Unit
from liandong.rules.access import Actor


def make_city(now: datetime | None = None) -> bool:
    """Fill an empty database with the demo city; False when people are there already. Needs both packs published."""
    if Person.objects.exists():
        return False
    now = now or timezone.now()
    here = [player for player in PLAYERS if works_here(player, side())]
    actors = {player.username: _settle(player, now - timedelta(days=2)) for player in here}
    if len(here) == len(PLAYERS):  # one of two organisations begins with an empty day
        fill_library(actors["shen"], now)
        Unit.objects.filter(code=LATE).update(contact="值班室", contact_phone="08780000324")
        play_day(actors, now)
    Seat.objects.update(person=None, presence="off", presence_at=now)
    return True


LATE = "532324-government"
"""The unit of the demo's day that has not signed in time: somebody must be able to ring it up. No subscriber's number begins
with 0."""
CITY = "532300"
"""The city whose two organisations the demo plays."""


def side() -> str:
    """The platform whose organisation runs this node (`liandong.ops.pair`); "" where one node serves all."""
    return os.environ.get("LIANDONG_DEMO_SIDE", "")


def works_here(player: Player, platform: str) -> bool:
    """Police sit at the node of 110, everybody else at that of 12345; an administrator keeps either. The second city of the
    demo has no two organisations."""
    if platform and player.city != CITY:
        return False
    return not platform or player.role == "administrator" or player.at.startswith("110:") == (platform == "110")


def _settle(player: Player, at: datetime) -> Actor:
    person = Person.objects.create_user(
        player.username, PASSWORD, name=player.name, work_no=player.work_no, is_demo=True
    )
    desk = Desk.objects.filter(code=player.at).first()
    unit = Unit.objects.get(code=player.at) if player.role == "clerk" else None
    if unit:
        Unit.objects.filter(pk=unit.pk).update(contact="值班室", contact_phone=f"08780000{player.work_no[1:]}")
    Post.objects.create(person=person, role=player.role, city=player.city, desk=desk, unit=unit)
    seat = Seat.objects.create(desk=desk, number=player.seat, extension=f"8{player.work_no}") if player.seat else None
    if seat:
        Seat.objects.filter(pk=seat.pk).update(person=person, presence="free", presence_at=at)
    return Actor(role=player.role, person=person.pk, name=player.name, work_no=player.work_no, city=player.city,
                 desk=desk.code if desk else "", unit=unit.code if unit else "", seat=seat.pk if seat else None,
                 seat_no=player.seat)  # fmt: skip
