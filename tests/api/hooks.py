"""A system that is posted to, and the worker's turns: what tests of webhooks share."""

import threading

from django.utils import timezone

from liandong.exchange import posting
from liandong.jobs import hooking
from liandong.records.models import Event, FindingMark, Webhook, WebhookMessage
from tests.api.conftest import Machine

WANTED = {"kinds": ["matter.*"]}


def subscribes(machine: Machine, url: str, *, key: str = "w1", **more):
    return machine.post("webhooks", WANTED | {"url": url} | more, **{"Idempotency-Key": key})


def stands(machine: Machine, hook: dict, *names: str) -> tuple:
    """These parts of a webhook as its system reads it now."""
    now = machine.get(f"webhooks/{hook['id']}").json()
    return tuple(now[name] for name in names)


def everything_is_final() -> None:
    """What the worker's mark says in time; in a test's one transaction it would stand still."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    FindingMark.objects.update_or_create(pk=1, defaults={"upto": newest, "ahead": newest})


def turn(pk: int | None = None) -> int:
    """What the worker does: the mark moves, what is final is written out, and all that is due is posted."""
    everything_is_final()
    hooking.Hooking().look(timezone.now())
    return sum(posting.post_all(one, threading.Event()) for one in ([pk] if pk else posting.owed(timezone.now())))


def in_order(receiver) -> list[tuple[str, dict]]:
    """(name, Event) of what came, by the Events' own order."""
    came = [(got.headers["webhook-id"], got.event) for got in receiver.got]
    return sorted(came, key=lambda one: one[1]["data"]["id"])


def wakes() -> None:
    """Every pause is over."""
    Webhook.objects.update(next_at=None)
    WebhookMessage.objects.filter(state="waiting").update(next_at=timezone.now())
