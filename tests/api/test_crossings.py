"""Requests that cross: real connections, real commits, one matter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.records.models import Event, Matter, Sent
from tests.actions.test_crossings import at_once
from tests.api.conftest import Machine, key_of, why
from tests.api.test_matters import sends
from tests.cast import Cast, assemble


@pytest.fixture
def cast(own_database) -> Cast:
    return assemble(timezone.now() - timedelta(seconds=5))


@pytest.fixture
def machine(cast) -> Machine:
    return Machine(key_of().secret)


def test_the_same_matter_sent_twice_at_once_is_one_and_answered_alike(machine):
    for turn in range(3):
        answers = at_once(*[lambda n=turn: sends(machine, key=f"k{n}", their_id=f"{n}")] * 4)
        assert {a.status_code for a in answers} == {201}, [a.content for a in answers]
        assert len({(a.content, a.headers["Location"]) for a in answers}) == 1
        assert Matter.objects.count() == Sent.objects.count() == turn + 1
    assert Event.objects.filter(kind="matter.opened").count() == 3


def test_one_key_with_two_contents_at_once_is_one_matter_and_one_refusal(machine):
    answers = at_once(lambda: sends(machine), lambda: sends(machine, text="路灯坏了四盏。"))
    assert sorted(a.status_code for a in answers) == [201, 409]
    assert [why(a) for a in answers if a.status_code == 409] == ["conflict.api_key_reused"]
    assert Matter.objects.count() == 1


def test_one_number_of_the_sender_s_under_two_keys_at_once_is_one_matter_and_one_refusal(machine):
    answers = at_once(lambda: sends(machine, key="k1"), lambda: sends(machine, key="k2"))
    assert sorted(a.status_code for a in answers) == [201, 409]
    assert [why(a) for a in answers if a.status_code == 409] == ["conflict.api_their_id"]
    assert Matter.objects.count() == Sent.objects.count() == 1
