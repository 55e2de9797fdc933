"""Another system keeps its own webhooks through the door: once each, under its key, with secrets that change."""

import pytest
from django.utils import timezone

from liandong.actions import keys
from liandong.records.models import SystemKey, Webhook, WebhookMessage
from tests.api.conftest import Machine, boss, key_of, why
from tests.api.hooks import WANTED, subscribes, turn, wakes
from tests.api.test_matters import sends


def test_a_secret_is_changed_without_a_pause_and_the_old_one_ends(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    answers = [machine.post(f"webhooks/{hook['id']}/secrets", **{"Idempotency-Key": "s"}) for _ in range(2)]
    assert answers[0].content == answers[1].content and answers[0].status_code == 201
    fresh = answers[0].json()["secret"]
    sends(machine)
    turn()
    assert fresh != hook["secret"] and all(
        g.is_signed_with(fresh) and g.is_signed_with(hook["secret"]) for g in receiver.got
    )
    Webhook.objects.update(before_until=timezone.now())
    sends(machine, key="k2", their_id="2")
    turn()
    assert receiver.got[-1].is_signed_with(fresh) and not receiver.got[-1].is_signed_with(hook["secret"])
    kept = b"".join(bytes(row.sealed) + bytes(row.sealed_before) for row in Webhook.objects.all())
    assert fresh.encode() not in kept and len(receiver.got) == 4


def test_a_webhook_asked_for_twice_under_one_key_is_one_and_told_alike(cast, machine, receiver):
    answers = [subscribes(machine, receiver.url) for _ in range(2)]
    assert answers[0].content == answers[1].content and Webhook.objects.count() == 1
    assert why(subscribes(machine, receiver.url + "2")) == "conflict.api_key_reused"
    for n in range(4):
        assert subscribes(machine, receiver.url, key=f"more{n}").status_code == 201
    assert why(subscribes(machine, receiver.url, key="one-too-many")) == "invalid.webhook_many"


def test_a_webhook_is_changed_ended_and_somebody_else_s_is_not_found(cast, machine, receiver):
    hook, other = subscribes(machine, receiver.url).json(), Machine(key_of(name="乙").secret)
    where, key = f"webhooks/{hook['id']}", {"Idempotency-Key": "x"}
    for answer in (other.get(where), other.put(where, WANTED | {"url": receiver.url}, **key), other.delete(where),
                   other.post(f"{where}/secrets", **key), other.post(f"{where}/replays", {"after": 0}, **key),
                   other.post(f"{where}/resumption", **key)):  # fmt: skip
        assert (answer.status_code, why(answer)) == (404, "invalid.api_unknown")
    assert other.get("webhooks").json() == {"webhooks": []}
    changed = machine.put(where, {"url": receiver.url + "/new", "kinds": ["order.*"]}, **key).json()
    assert (changed["url"], changed["kinds"]) == (receiver.url + "/new", ["order.*"])
    sends(machine)
    assert turn() == 0
    assert [machine.delete(where).status_code for _ in range(2)] == [204, 204]
    assert machine.get("webhooks").json() == {"webhooks": []} and machine.get(where).json()["state"] == "ended"
    assert why(machine.put(where, WANTED | {"url": receiver.url}, **{"Idempotency-Key": ""})) == "invalid.api_fields"
    assert (
        why(machine.put(where, WANTED | {"url": receiver.url}, **{"Idempotency-Key": "y"})) == "conflict.webhook_over"
    )


@pytest.mark.parametrize(
    ("sent", "code"),
    [({"url": "https://10.0.0.1/in"}, "invalid.webhook_address"), ({"url": "http://portal.example/in"}, "invalid.webhook_url"),
     ({"kinds": ["matter.opend"]}, "invalid.webhook_kind"), ({"kinds": ["danger.*"]}, "invalid.webhook_kind"),
     ({"kinds": ["matter.linked"]}, "invalid.webhook_kind"), ({"kinds": []}, "invalid.api_fields"),
     ({"after": -1}, "invalid.api_fields"), ({"url": "javascript:x"}, "invalid.api_fields")],
)  # fmt: skip
def test_what_cannot_be_posted_is_refused_with_its_reason(cast, machine, sent, code):
    answer = machine.post(
        "webhooks", {"url": "https://portal.example/in", "kinds": ["*"]} | sent, **{"Idempotency-Key": "k"}
    )
    assert (answer.status_code, why(answer)) == (422, code)
    assert not Webhook.objects.exists()


def test_a_system_without_a_good_key_is_told_nothing_more(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    sends(machine)
    keys.revoke(SystemKey.objects.get(), "试完了", by=boss(), at=timezone.now())
    turn()
    assert receiver.got == [] and Webhook.objects.get().state == "ended" and bytes(Webhook.objects.get().sealed) == b""
    assert why(machine.get(f"webhooks/{hook['id']}")) == "forbidden.api_key"


def test_what_waits_when_the_last_key_ends_is_dropped(cast, machine, receiver):
    subscribes(machine, receiver.url)
    sends(machine)
    receiver.answers = [503]
    turn()
    keys.revoke(SystemKey.objects.get(), "试完了", by=boss(), at=timezone.now())
    wakes()
    turn()
    assert len(receiver.got) == 1 and set(WebhookMessage.objects.values_list("state", flat=True)) == {"dropped"}


def test_a_key_that_was_replaced_goes_on_being_posted_to(cast, machine, receiver):
    subscribes(machine, receiver.url)
    old = SystemKey.objects.get()
    fresh = keys.rotate(old, by=boss(), at=timezone.now())
    keys.revoke(old, "试完了", by=boss(), at=timezone.now())
    sends(Machine(fresh.secret))
    assert turn() == 2
