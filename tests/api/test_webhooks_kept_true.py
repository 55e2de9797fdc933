"""Webhooks where two things meet: nothing is left out, nothing leaves that is secret by now, nobody starves another."""

import threading
from datetime import timedelta

from django.utils import timezone

from liandong.actions import webhooks as keeping
from liandong.exchange import outward, posting
from liandong.jobs import hooking
from liandong.jobs.hooking import Hooking
from liandong.queries import webhooks
from liandong.records.models import Event, Matter, Webhook, WebhookMessage
from tests.api.conftest import boss, why
from tests.api.hooks import everything_is_final, stands, subscribes, turn, wakes
from tests.api.test_matters import sends

NOW = threading.Event()


def test_what_becomes_secret_while_a_batch_is_posted_is_not_posted(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    _, second = (sends(machine, key=f"k{n}", their_id=f"{n}").json()["id"] for n in range(2))
    everything_is_final()
    Hooking().look(timezone.now())

    def post(*what):
        Matter.objects.filter(pk=second).update(secret=True)
        return outward.post(*what)

    posting.post_all(hook["id"], NOW, post)
    assert second not in {got.event["data"]["matter"] for got in receiver.got} and len(receiver.got) == 2
    assert set(WebhookMessage.objects.filter(matter=second).values_list("state", flat=True)) == {"dropped"}


def test_an_address_that_always_has_more_makes_room_for_the_one_that_waits(cast, machine, receiver, monkeypatch):
    busy, patient = (subscribes(machine, receiver.url, key=f"w{n}").json()["id"] for n in range(2))
    for n in range(3):
        sends(machine, key=f"k{n}", their_id=f"{n}")
    everything_is_final()
    Hooking().look(timezone.now())
    monkeypatch.setattr(posting, "RUN", 0.0)
    assert posting.post_all(busy, NOW) == 1
    assert posting.owed(timezone.now()) == [patient, busy]
    assert posting.post_all(patient, NOW) == 1 and posting.owed(timezone.now()) == [busy, patient]


def test_what_is_not_final_yet_when_a_webhook_is_made_is_posted_too(cast, machine, receiver):
    everything_is_final()
    sends(machine)
    mark = Event.objects.filter(matter__isnull=False).latest("pk").pk - 2
    hook = subscribes(machine, receiver.url).json()
    assert hook["after"] <= mark and turn() == 2
    assert (
        keeping.replay(Webhook.objects.get(), 10**9, by=actor(), at=timezone.now()).after
        <= Event.objects.latest("pk").pk
    )


def test_a_replay_goes_back_and_never_forward_over_what_was_not_posted(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    sends(machine)
    everything_is_final()
    ahead = {"after": Event.objects.latest("pk").pk}
    answer = machine.post(f"webhooks/{hook['id']}/replays", ahead, **{"Idempotency-Key": "p"})
    assert answer.json()["after"] == hook["after"] and turn() == 2


def test_kinds_that_are_changed_while_a_round_reads_are_those_that_count(cast, machine, receiver, monkeypatch):
    hook = subscribes(machine, receiver.url, kinds=["order.*"]).json()
    sends(machine)
    everything_is_final()
    read = hooking.machine_events.events

    def meanwhile(*asked):
        monkeypatch.undo()
        wants = {"url": receiver.url, "kinds": ["matter.*"]}
        assert machine.put(f"webhooks/{hook['id']}", wants, **{"Idempotency-Key": "c"}).status_code == 200
        return read(*asked)

    monkeypatch.setattr(hooking.machine_events, "events", meanwhile)
    assert Hooking().look(timezone.now()) == 0
    assert turn() == 2


def test_one_webhook_that_cannot_be_written_out_holds_up_neither_the_others_nor_the_worker(
    cast, machine, receiver, monkeypatch, caplog
):
    bad, _ = (subscribes(machine, receiver.url, key=f"w{n}").json()["id"] for n in range(2))
    sends(machine)
    everything_is_final()
    whose = webhooks.viewer

    def viewer(row, at):
        if row.pk == bad:
            raise ValueError("a key that cannot be read")
        return whose(row, at)

    monkeypatch.setattr(webhooks, "viewer", viewer)
    hooks, now = Hooking(), timezone.now()
    assert hooks.look(now) == 2 and f"webhook {bad} is passed over" in caplog.text
    monkeypatch.undo()
    assert hooks.look(now + timedelta(minutes=1)) == 0, "it rests"
    assert hooks.look(now + timedelta(minutes=6)) == 2


def test_what_an_administrator_paused_the_system_cannot_let_go_on(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    row, again = Webhook.objects.get(), f"webhooks/{hook['id']}/resumption"
    keeping.pause(row, "asked", by=boss(), at=timezone.now())
    answer = machine.post(again, **{"Idempotency-Key": "r"})
    assert (answer.status_code, why(answer)) == (403, "forbidden.webhook_paused")
    changed = machine.put(f"webhooks/{hook['id']}", {"url": receiver.url, "kinds": ["*"]}, **{"Idempotency-Key": "c"})
    assert changed.json()["reason"] == "asked"
    assert why(machine.post(again, **{"Idempotency-Key": "r2"})) == "forbidden.webhook_paused"
    keeping.resume(row, by=boss(), at=timezone.now())
    assert stands(machine, hook, "state", "reason") == ("on", "")


def test_a_new_address_is_not_held_to_the_old_one_s_failures(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    sends(machine)
    receiver.answers = [503]
    turn()
    Webhook.objects.update(failing_at=timezone.now() - timedelta(days=4))
    machine.put(f"webhooks/{hook['id']}", {"url": receiver.url, "kinds": ["*"]}, **{"Idempotency-Key": "c"})
    Hooking().look(timezone.now())
    assert stands(machine, hook, "state", "failing_at", "reason") == ("on", None, "")


def test_who_is_owed_nothing_any_more_is_not_paused_for_failing(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    matter = sends(machine).json()["id"]
    receiver.answers = [503]
    turn()
    Webhook.objects.update(failing_at=timezone.now() - timedelta(days=2))
    Matter.objects.filter(pk=matter).update(secret=True)
    wakes()
    turn()
    assert stands(machine, hook, "waiting", "failing_at", "state") == (0, None, "on")


def test_an_answer_on_its_way_wipes_no_reason_of_a_pause(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    sends(machine)
    everything_is_final()
    Hooking().look(timezone.now())

    def post(*what):
        keeping.pause(Webhook.objects.get(), "asked", by=boss(), at=timezone.now())
        return outward.post(*what)

    posting.post_all(hook["id"], NOW, post)
    assert stands(machine, hook, "state", "reason") == ("paused", "asked")


def actor():
    return Webhook.objects.get().system.actor
