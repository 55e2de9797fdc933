"""One cast of people for all tests: who sits where in the two cities, and one small way to make a call."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from liandong import packs
from liandong.actions import intake, receive, seats
from liandong.actions import packs as publishing
from liandong.records.models import Desk, Matter, PackRelease, Person, Post, Seat, Unit
from liandong.rules import access
from liandong.rules.access import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 18, 14, 32, tzinfo=SHANGHAI)  # a Wednesday
PASSWORD = "tests-only-2026"

CHUXIONG, PANZHIHUA = "532300", "510400"
# name, username, work number, role, desk code, seat number
SEATED = (
    ("林晓", "lin", "5307", "operator", "12345:532300", "07"),
    ("周敏", "zhou", "5308", "operator", "12345:532300", "08"),
    ("岳峰", "yue", "0403", "dispatcher", "110:532301", "03"),
    ("施然", "shi", "0404", "dispatcher", "110:532301", "04"),
    ("白杨", "bai", "0101", "dispatcher", "110:532300", "01"),
    ("高远", "gao", "9001", "duty_officer", "duty:510400", "01"),
    ("何青", "he", "6301", "operator", "12345:510400", "01"),
    ("罗川", "luo", "6101", "dispatcher", "110:510400", "01"),
)


@dataclass
class Clock:
    """A clock that tests move; every act of a test happens at `now`."""

    now: datetime = NOON

    def on(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class Cast:
    """Everybody, by username, as Actors; `clock` is the one clock of the test."""

    clock: Clock = field(default_factory=Clock)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    def desk(self, code: str) -> Desk:
        return Desk.objects.get(code=code)

    def act(self, do, *args, by: Actor, **more):
        """Take an action now."""
        return do(*args, by=by, at=self.clock.now, **more)

    def rings(self, desk: str = "12345:532300", number: str = "13800002671", place: str = "", said: str = "",
              district: str = "", call: bool = False) -> Matter:  # fmt: skip
        """Somebody rings a desk; nobody has answered yet."""
        arrival = intake.Arrival("phone", desk.split(":")[0], number, place, 80, district, said,
                                 uuid.uuid4() if call else None)  # fmt: skip
        machine = access.system("switch", desk.split(":")[1])
        return receive.open(arrival, self.desk(desk), by=machine, at=self.clock.now)

    def call(self, by: Actor, said: str = "", **more) -> Matter:
        """Somebody rings the desk of `by`, is answered there, and what they say is saved when `said` is given."""
        form = {
            name: more.pop(name) for name in ("kind", "item", "nature", "title", "district", "place") if name in more
        }
        matter = self.rings(by.desk, district=form.get("district", ""), **more)
        matter = receive.answer(matter, by=by, at=self.clock.now)
        return receive.record(matter, said=said, by=by, at=self.clock.now, **form) if said else matter


def publish_both(at: datetime = NOON) -> list[PackRelease]:
    """Both shipped packs, in force."""
    machine = access.system("set-up")
    return [publishing.publish(path, by=machine, at=at) for path in packs.shipped().values()]


def assemble(at: datetime = NOON) -> Cast:
    """Publish the packs, seat everybody, and hand a clerk of two units their posts."""
    publish_both(at)
    cast = Cast(Clock(at))
    for name, username, work_no, role, desk_code, number in SEATED:
        desk = Desk.objects.get(code=desk_code)
        person = _person(name, username, work_no)
        Post.objects.create(person=person, role=role, city=desk.city, desk=desk)
        seat = Seat.objects.create(desk=desk, number=number)
        actor = Actor(role=role, person=person.pk, name=name, work_no=work_no, desk=desk_code, seat=seat.pk,
                      seat_no=number, city=desk.city)  # fmt: skip
        seats.sit(seat, by=actor, at=at)
        cast.actors[username] = actor
    for name, username, work_no, city in (("段宁", "duan", "U301", CHUXIONG), ("石磊", "lei", "U302", CHUXIONG)):
        unit = Unit.objects.filter(city=city).order_by("code")[0 if username == "duan" else 1]
        person = _person(name, username, work_no)
        Post.objects.create(person=person, role="clerk", city=city, unit=unit)
        cast.actors[username] = Actor(
            role="clerk", person=person.pk, name=name, work_no=work_no, unit=unit.code, city=city
        )
    return cast


def _person(name: str, username: str, work_no: str) -> Person:
    return Person.objects.create_user(username, password=PASSWORD, name=name, work_no=work_no)
