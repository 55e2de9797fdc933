"""Texts judged through the door for other systems: everything a request passes but the socket, in one process."""

import json
import time
from collections.abc import Sequence
from datetime import timedelta

from bench.throwaway import database

BATCH = 100


def texts_a_second(texts: Sequence[str]) -> float:
    """Lists of a hundred texts to `/api/v1/triage/batch`, with a real key on a throw-away database of the product's own
    durability: key, count and judgement of each are in the time."""
    bodies = [json.dumps([{"text": t} for t in texts[n : n + BATCH]]) for n in range(0, len(texts), BATCH)]
    with database():
        return _measure(bodies, len(texts))


def _measure(bodies: list[str], texts: int) -> float:
    from django.test import Client
    from django.utils import timezone

    from liandong.actions import keys
    from liandong.records.models import Person, SystemKey
    from liandong.rules.access import Actor
    from tests.cast import CHUXIONG, publish_both

    if not SystemKey.objects.exists():
        publish_both()
    boss, _ = Person.objects.get_or_create(username="bench", defaults={"name": "测", "work_no": "B001"})
    now = timezone.now()
    key = keys.make("bench", ("triage",), (now + timedelta(days=1)).date(), at=now,
                    by=Actor("administrator", boss.pk, work_no="B001", city=CHUXIONG))  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {key.secret}"}, HTTP_HOST="localhost")

    def send(body: str) -> None:
        answer = client.post("/api/v1/triage/batch", body, content_type="application/json")
        assert answer.status_code == 200, answer.content

    send(bodies[0])  # pack and model are read
    began = time.perf_counter()
    for body in bodies:
        send(body)
    return texts / (time.perf_counter() - began)
