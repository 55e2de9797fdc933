"""A new matter with its contact and first Event, one connection: the action beside the bare statement it sends."""

import time
import uuid

from bench.row import Row
from bench.throwaway import database

MATTERS = 600


def intake_rows() -> list[Row]:
    """Set up a throw-away database with the product's durability settings, then measure both in turns of a hundred."""
    with database():
        ours, bare = _measure()
    return [Row("new matters, one connection, durable", ours, "/s", physical=bare)]


def _measure() -> tuple[float, float]:
    from django.db import connection

    from liandong.actions import intake, receive
    from liandong.records.models import Desk
    from liandong.rules import access
    from tests.cast import NOON, publish_both

    publish_both()
    desk = Desk.objects.get(code="12345:532300")
    machine = access.system("bench", desk.city)
    seconds = {"ours": 0.0, "bare": 0.0}
    # The bare side: as many rows of the same width in one statement, committed as durably, and nothing decided.
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id uuid PRIMARY KEY, words text, more text, at timestamptz)")
    statement = """WITH a AS (INSERT INTO bare VALUES (%s, %s, %s, now())), b AS (INSERT INTO bare VALUES (%s, %s, %s, now()))
                   INSERT INTO bare VALUES (%s, %s, %s, now())"""
    wide = "x" * 200
    for turn in range(6):
        began = time.perf_counter()
        for number in range(MATTERS // 6):
            arrival = intake.Arrival("phone", "12345", f"138{turn:04d}{number:04d}", "鹿城镇", 80, "532301")
            receive.open(arrival, desk, by=machine, at=NOON)
        seconds["ours"] += time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(MATTERS // 6):
            with connection.cursor() as cursor:
                cursor.execute(statement, [part for _ in range(3) for part in (uuid.uuid4(), wide, wide)])
        seconds["bare"] += time.perf_counter() - began
    return MATTERS / seconds["ours"], MATTERS / seconds["bare"]
