"""Make the demo city once: people, seats, posts, then yesterday and today as they were lived."""

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
    actors = {player.username: _settle(player, now - timedelta(days=2)) for player in PLAYERS}
    fill_library(actors["shen"], now)
    play_day(actors, now)
    Seat.objects.update(person=None, presence="off", presence_at=now)
    return True


def _settle(player: Player, at: datetime) -> Actor:
    person = Person.objects.create_user(
        player.username, PASSWORD, name=player.name, work_no=player.work_no, is_demo=True
    )
    desk = Desk.objects.filter(code=player.at).first()
    unit = Unit.objects.get(code=player.at) if player.role == "clerk" else None
    Post.objects.create(person=person, role=player.role, city=player.city, desk=desk, unit=unit)
    seat = Seat.objects.create(desk=desk, number=player.seat, extension=f"8{player.work_no}") if player.seat else None
    if seat:
        Seat.objects.filter(pk=seat.pk).update(person=person, presence="free", presence_at=at)
    return Actor(role=player.role, person=person.pk, name=player.name, work_no=player.work_no, city=player.city,
                 desk=desk.code if desk else "", unit=unit.code if unit else "", seat=seat.pk if seat else None,
                 seat_no=player.seat)  # fmt: skip
