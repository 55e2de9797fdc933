"""Requests that cross: real connections, real commits, one matter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.actions import transfer
from liandong.actions import webhooks as keeping
from liandong.exchange import keyring
from liandong.records.models import Event, Matter, Sent, Transfer, Webhook
from liandong.rules.say import Unable
from liandong.rules.webhooks import spelled
from tests.actions.test_crossings import at_once
from tests.api.conftest import Machine, key_of, why
from tests.api.hooks import subscribes
from tests.api.test_desk_s_system import offers, recalls
from tests.api.test_matters import sends
from tests.cast import CHUXIONG, Cast, assemble


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


@pytest.fixture
def desk(cast) -> Machine:
    """The hotline's own software."""
    return Machine(key_of(CHUXIONG, "transfers", desk=cast.lin.desk).secret)


def test_one_matter_offered_twice_at_once_is_one_offer(cast, desk):
    for keys in (("a", "a"), ("b", "c")):
        matter = cast.call(cast.lin, "楼道灯坏了")
        answers = at_once(*[lambda k=key, m=matter: offers(desk, m, key=k) for key in keys])
        assert Transfer.objects.filter(matter=matter).count() == 1
        if keys[0] == keys[1]:
            assert {a.status_code for a in answers} == {201} and len({a.content for a in answers}) == 1
        else:
            assert sorted(a.status_code for a in answers) == [201, 409]
            assert [why(a) for a in answers if a.status_code == 409] == ["conflict.open_offer"]


def test_between_taking_back_through_the_door_and_taking_at_the_screen_one_wins_and_the_other_is_told(cast, desk):
    for turn in range(4):
        matter = cast.call(cast.lin, "楼道灯坏了")
        pk = offers(desk, matter, key=f"o{turn}").json()["id"]
        row = Transfer.objects.select_related("to_desk", "from_desk", "matter").get(pk=pk)
        recalled, accepted = at_once(
            lambda n=turn, p=pk: recalls(desk, p, key=f"r{n}"), lambda r=row: cast.act(transfer.accept, r, by=cast.yue)
        )
        state = Transfer.objects.get(pk=pk).state
        assert (state, recalled.status_code, isinstance(accepted, Unable)) in (
            ("recalled", 200, True), ("accepted", 409, False))  # fmt: skip
        assert Matter.objects.get(pk=matter.pk).holder.code == (cast.lin.desk if state == "recalled" else cast.yue.desk)


def test_a_webhook_asked_for_twice_at_once_under_one_key_is_one(machine):
    answers = at_once(*[lambda: subscribes(machine, "http://127.0.0.1:9/in")] * 3)
    assert {a.status_code for a in answers} == {201} and len({a.content for a in answers}) == 1
    assert Webhook.objects.count() == 1


def test_of_webhooks_made_at_once_no_more_stand_than_a_system_may_have(machine):
    urls = [f"http://127.0.0.1:9/in{n}" for n in range(keeping.MOST + 2)]
    for n, url in enumerate(urls[: keeping.MOST - 1]):
        assert subscribes(machine, url, key=f"w{n}").status_code == 201
    answers = at_once(*[lambda u=url: subscribes(machine, u, key=u) for url in urls[keeping.MOST - 1 :]])
    assert sorted(a.status_code for a in answers) == [201, 422, 422]
    assert Webhook.objects.count() == keeping.MOST


def test_of_two_new_secrets_at_once_both_are_good(machine):
    hook = subscribes(machine, "http://127.0.0.1:9/in").json()
    answers = at_once(
        *[lambda k=key: machine.post(f"webhooks/{hook['id']}/secrets", **{"Idempotency-Key": k}) for key in ("a", "b")]
    )
    row = Webhook.objects.get()
    good = {spelled(keyring.opened(sealed, f"webhook/{row.place}")) for sealed in (row.sealed, row.sealed_before)}
    assert good == {a.json()["secret"] for a in answers} and hook["secret"] not in good
