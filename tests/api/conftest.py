"""Another system at the door: a key of 楚雄州 for what a test needs, and a way to ask with it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liandong.actions import keys
from liandong.records.models import Person, SystemKey, Unit
from liandong.rules import access
from liandong.rules.access import Actor
from tests.cast import CHUXIONG, Cast, assemble
from tests.exchange.receiver import receiving

EVERY = tuple(scope for scope in access.SCOPES if scope not in access.PLACED)
"""All that a system may be allowed that is no desk's or unit's own."""


@pytest.fixture
def cast(db) -> Cast:
    """The shared cast, living just before now: the door acts at the real time."""
    return assemble(timezone.now() - timedelta(seconds=5))


def boss(city: str = CHUXIONG) -> Actor:
    """The administrator of a city."""
    person, _ = Person.objects.get_or_create(username=f"guan{city}", defaults={"name": "关原", "work_no": f"8{city}"})
    return Actor("administrator", person.pk, work_no=person.work_no, city=city)


def key_of(city: str = CHUXIONG, *scopes: str, name: str = "政务服务平台", desk: str = "", unit: str = "") -> SystemKey:
    """A new key; `secret` stands on it this once."""
    now = timezone.now()
    ends_on = (now + timedelta(days=30)).date()
    return keys.make(name, scopes or EVERY, ends_on, desk=desk, unit=unit, by=boss(city), at=now)


def placed(city: str = CHUXIONG, *but: str) -> SystemKey:
    """A key of the city's own 110 and of its first unit, for everything `but` these scopes."""
    scopes = [scope for scope in access.SCOPES if scope not in but]
    places = {access.PLACED.get(scope) for scope in scopes}
    unit = Unit.objects.filter(city=city, retired=False).order_by("code")[0].code
    return key_of(city, *scopes, desk=f"110:{city}" if "desk" in places else "", unit=unit if "unit" in places else "")


@dataclass
class Machine:
    """A program that holds a key."""

    secret: str = ""
    language: str = ""

    def headers(self, **more: str) -> dict[str, str]:
        held = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return held | ({"Accept-Language": self.language} if self.language else {}) | more

    def get(self, url: str, **query: Any):
        return Client().get(f"/api/v1/{url}", query, headers=self.headers())

    def post(
        self, url: str, body: Any = None, *, raw: bytes | None = None, kind: str = "application/json", **headers: str
    ):
        content = json.dumps(body).encode() if raw is None else raw
        return Client(enforce_csrf_checks=True).post(f"/api/v1/{url}", content, content_type=kind,
                                                     headers=self.headers(**headers))  # fmt: skip

    def put(self, url: str, body: Any = None, **headers: str):
        return Client(enforce_csrf_checks=True).put(f"/api/v1/{url}", json.dumps(body), content_type="application/json",
                                                    headers=self.headers(**headers))  # fmt: skip

    def delete(self, url: str):
        return Client(enforce_csrf_checks=True).delete(f"/api/v1/{url}", headers=self.headers())


@pytest.fixture
def machine(cast) -> Machine:
    """A system of 楚雄州 with a key for everything."""
    return Machine(key_of().secret)


@pytest.fixture
def receiver():
    """Another system that is posted to."""
    with receiving() as one:
        yield one


def why(answer) -> str:
    """The code of a refusal, which must be a whole problem."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content[:200]
    told = answer.json()
    assert told["status"] == answer.status_code and told["title"] and told["type"].startswith("urn:liandong:api:")
    return told["type"].removeprefix("urn:liandong:api:")
