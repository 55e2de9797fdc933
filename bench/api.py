"""Texts judged through the door for other systems: everything a request passes but the socket, in one process."""

import json
import os
import time
from collections.abc import Sequence
from datetime import timedelta

import django

BATCH = 100


def texts_a_second(texts: Sequence[str]) -> float:
    """Lists of a hundred texts to `/api/v1/triage/batch`, with a real key on a throw-away database of the product's own
    durability: key, count and judgement of each are in the time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from liandong.ops.home import find_home
    from liandong.ops.postgres import Cluster

    cluster = Cluster(find_home())
    cluster.start(patience=30)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        return _measure(
            [json.dumps([{"text": t} for t in texts[n : n + BATCH]]) for n in range(0, len(texts), BATCH)], len(texts)
        )
    finally:
        connection.close()
        cluster.stop()


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
