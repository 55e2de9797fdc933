"""What another system is posted, over a real socket: signed, in order, until it is taken."""

import json
import threading
from datetime import timedelta

from django.utils import timezone

from liandong.actions import joining, keys
from liandong.api.webhooks import Delivery
from liandong.exchange import posting
from liandong.records.models import Event, Matter, SystemKey, Webhook, WebhookMessage
from tests.api.conftest import Machine, boss, key_of, why
from tests.api.hooks import in_order, stands, subscribes, turn, wakes
from tests.api.test_matters import sends
from tests.cast import CHUXIONG


def test_what_happens_is_posted_signed_in_order_and_says_what_the_cursor_says(cast, machine, receiver):
    made = subscribes(machine, receiver.url)
    hook = made.json()
    assert made.status_code == 201 and made.headers["Location"] == f"/api/v1/webhooks/{hook['id']}"
    assert hook["secret"].startswith("whsec_") and (hook["state"], hook["waiting"]) == ("on", 0)
    begin = hook["after"]
    one, other = (sends(machine, key=f"k{n}", their_id=f"{n}").json() for n in range(2))
    assert turn() == 4 and turn() == 0
    assert all(got.is_signed_with(hook["secret"]) for got in receiver.got)
    assert not receiver.got[0].is_signed_with("whsec_" + "A" * 44)
    read = machine.get("events", after=begin).json()["events"]
    assert [event for _, event in in_order(receiver)] == [
        {"type": e.pop("kind"), "timestamp": e.pop("at"), "data": e} for e in read
    ]
    assert [e["matter"] for e in read] == [one["id"]] * 2 + [other["id"]] * 2
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 4
    for got in receiver.got:
        assert Delivery.model_validate_json(got.body).data.id == got.event["data"]["id"], "as the document describes it"
    assert "路灯" not in b"".join(got.body for got in receiver.got).decode()
    assert machine.get(f"webhooks/{hook['id']}").json()["answered_at"]
    assert stands(machine, hook, "waiting", "dead", "failing_at") == (0, 0, None)


def test_only_the_kinds_asked_for_and_only_what_the_key_may_see_are_posted(cast, machine, receiver):
    own = Machine(key_of(CHUXIONG, "webhooks", "matters.read", "matters.write", name="乙").secret)
    subscribes(own, receiver.url, kinds=["matter.opened", "transfer.*"])
    mine = sends(own).json()["id"]
    sends(machine, key="other", their_id="o")
    sends(own, key="s", their_id="s", secret=True)
    one, other = Matter.objects.get(pk=mine), cast.call(cast.lin, "锦和里二期工地欠薪四个月")
    cast.act(joining.link, one, other, "同一个工地", by=cast.lin)
    turn()
    assert [(got.event["type"], got.event["data"]["matter"]) for got in receiver.got] == [("matter.opened", mine)]


def test_a_system_that_does_not_answer_loses_nothing_and_is_tried_later(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    sends(machine)
    receiver.answers = [(503, {"Retry-After": "90"}), (302, {"Location": receiver.url}), 500]
    for failed in (1, 2, 3):
        assert turn(hook["id"]) == 0
        now = machine.get(f"webhooks/{hook['id']}").json()
        assert len(receiver.got) == failed and now["waiting"] == 2 and now["failing_at"], (
            "one try, then everything waits"
        )
        if failed == 1:
            wait = timezone.datetime.fromisoformat(now["next_at"]) - timezone.now()
            assert timedelta(seconds=80) < wait <= timedelta(seconds=90) and now["reason"] == "http_503"
        assert posting.post_all(hook["id"], threading.Event()) == 0 and len(receiver.got) == failed
        wakes()
    assert turn(hook["id"]) == 2
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert len(set(ids[:4])) == 1, "a try again has the same name"
    assert receiver.kinds[3:] == ["matter.opened", "matter.written"]
    assert stands(machine, hook, "failing_at", "reason", "waiting") == (None, "", 0)


def test_what_is_refused_for_what_it_says_holds_up_its_own_matter_until_it_is_dead(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    first, second = (sends(machine, key=f"k{n}", their_id=f"{n}").json()["id"] for n in range(2))
    receiver.answers = [422]
    assert turn() == 2
    assert [got.event["data"]["matter"] for got in receiver.got] == [first, second, second]
    assert stands(machine, hook, "waiting") == (2,)
    receiver.answers = [422] * 4
    for _ in range(4):
        wakes()
        turn()
    dead = WebhookMessage.objects.get(state="dead")
    assert (dead.tries, dead.reason, str(dead.matter_id)) == (5, "http_422", first)
    assert receiver.got[-1].event["data"]["seq"] == 2, "what happened after it goes on"
    assert stands(machine, hook, "dead", "waiting") == (1, 0)


def test_an_address_that_is_gone_or_silent_for_days_is_paused_with_its_place_and_goes_on_when_asked(
    cast, machine, receiver
):
    hook = subscribes(machine, receiver.url).json()
    sends(machine)
    receiver.answers = [410]
    turn()
    turn()
    assert stands(machine, hook, "state", "reason") == ("paused", "gone")
    sends(machine, key="k2", their_id="2")
    assert turn() == 0 and len(receiver.got) == 1
    resumed = machine.post(f"webhooks/{hook['id']}/resumption", **{"Idempotency-Key": "r"})
    assert resumed.json()["state"] == "on" and turn() == 4
    Webhook.objects.update(failing_at=timezone.now() - timedelta(days=3, minutes=1))
    turn()
    assert stands(machine, hook, "state", "reason") == ("paused", "failing")
    kinds = list(Event.objects.filter(stream=f"webhooks:{CHUXIONG}").order_by("seq").values_list("kind", flat=True))
    assert kinds == ["webhook.made", "webhook.paused", "webhook.resumed", "webhook.paused"]
    again = [machine.post(f"webhooks/{hook['id']}/resumption", **{"Idempotency-Key": key}) for key in ("r2", "r3")]
    assert again[0].status_code == 200 and why(again[1]) == "conflict.webhook_over", "it goes on already"


def test_everything_behind_a_cursor_is_posted_again_under_its_name(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    for n in range(3):
        sends(machine, key=f"k{n}", their_id=f"{n}")
    turn()
    first = in_order(receiver)
    answer = machine.post(
        f"webhooks/{hook['id']}/replays", {"after": first[1][1]["data"]["id"]}, **{"Idempotency-Key": "p"}
    )
    assert answer.json()["after"] == first[1][1]["data"]["id"]
    turn()
    del receiver.got[:6]
    assert in_order(receiver) == first[2:]
    whole = subscribes(machine, receiver.url, key="w2", after=0).json()
    receiver.got.clear()
    for _ in range(50):  # a step looks at so many ids, and a long run of tests has used up thousands
        if len(receiver.got) < len(first):
            turn(whole["id"])
    assert in_order(receiver) == first


def test_a_matter_that_became_secret_before_it_was_posted_is_not(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    matter = sends(machine).json()["id"]
    receiver.answers = [503]
    turn()
    Matter.objects.filter(pk=matter).update(secret=True)
    wakes()
    turn()
    assert len(receiver.got) == 1 and set(WebhookMessage.objects.values_list("state", flat=True)) == {"dropped"}
    assert stands(machine, hook, "waiting") == (0,)


def test_in_production_no_address_inside_is_posted_to_even_by_a_name_that_leads_there(
    cast, machine, receiver, settings
):
    hook = subscribes(machine, receiver.url).json()
    Webhook.objects.update(url=receiver.url.replace("127.0.0.1", "localhost"))
    settings.WEBHOOK_HOSTS = []
    sends(machine)
    turn()
    assert receiver.got == [] and stands(machine, hook, "reason", "waiting") == ("address", 2)
    settings.WEBHOOK_HOSTS = ["127.0.0.0/8", "::1"]
    wakes()
    assert turn() == 2


def test_of_many_matters_each_is_posted_in_its_order(cast, machine, receiver):
    subscribes(machine, receiver.url)
    sent = [
        machine.post("matters/bulk", {"matters": [{"text": "路灯坏了"}] * 30}, **{"Idempotency-Key": f"b{n}"}).json()
        for n in range(2)
    ]
    assert turn() == 120
    by_matter: dict[str, list[int]] = {}
    for got in receiver.got:
        by_matter.setdefault(got.event["data"]["matter"], []).append(got.event["data"]["seq"])
    assert list(by_matter.values()) == [[1, 2]] * 60
    assert by_matter.keys() == {one["matter"]["id"] for list_ in sent for one in list_["results"]}
    assert json.loads(receiver.got[0].body)["type"] == "matter.opened"


def test_what_waits_is_posted_again_behind_what_happened_before_it(cast, machine, receiver):
    hook = subscribes(machine, receiver.url).json()
    begin = hook["after"]
    sends(machine)
    receiver.answers = [200, 503]
    turn()
    assert (receiver.kinds, stands(machine, hook, "waiting")) == (["matter.opened", "matter.written"], (1,))
    machine.post(f"webhooks/{hook['id']}/replays", {"after": begin}, **{"Idempotency-Key": "p"})
    wakes()
    receiver.got.clear()
    turn(hook["id"])
    assert receiver.kinds == ["matter.opened", "matter.written"]


def test_a_key_that_ran_out_stops_its_webhooks_until_it_is_replaced_and_one_that_was_revoked_ends_them(cast, receiver):
    key = key_of()
    machine = Machine(key.secret)
    hook = subscribes(machine, receiver.url).json()
    sends(machine)
    began, over = (timezone.now() - timedelta(days=days) for days in (119, 29))
    SystemKey.objects.filter(pk=key.pk).update(made_at=began, ends_at=over)
    turn()
    turn()
    row = Webhook.objects.get(pk=hook["id"])
    assert (row.state, row.reason, receiver.got) == ("paused", "key", [])
    fresh = keys.rotate(SystemKey.objects.get(pk=key.pk), by=boss(), at=timezone.now())
    turn()
    turn()
    assert len(receiver.got) == 2 and all(got.is_signed_with(hook["secret"]) for got in receiver.got)
    assert stands(Machine(fresh.secret), hook, "state", "reason") == ("on", "")
    SystemKey.objects.update(ends_at=timezone.now() - timedelta(days=31))
    turn()
    assert Webhook.objects.get(pk=hook["id"]).state == "ended"
