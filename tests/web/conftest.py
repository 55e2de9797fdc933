from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from liandong.records.models import Person
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db) -> Cast:
    """The shared cast, living just before now: pages act at the real time."""
    return assemble(timezone.now() - timedelta(seconds=5))


@pytest.fixture
def at(cast):
    """A signed-in browser of each of the cast: `at.lin.post(url, fields)`."""
    return SimpleNamespace(**{name: browser(name) for name in cast.actors})


def browser(username: str, **more) -> Client:
    """A browser in which this person has signed in."""
    client = Client(**more)
    client.force_login(Person.objects.get(username=username), "allauth.account.auth_backends.AuthenticationBackend")
    return client
