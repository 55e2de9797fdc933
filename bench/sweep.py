"""The sweep of deadlines over a million open orders: a round in which nothing is due, and orders whose time has come.

`LIANDONG_BENCH_ORDERS` asks for fewer. Each step that is taken is a whole act: head locked, Event written, committed.
"""

import os
import time
from datetime import UTC, datetime

from bench.row import Row
from bench.throwaway import database

DUE, FOR = 3000, 15.0
"""Orders that become due; seconds after which the draining is counted as far as it went."""
IDLE, DRAINED = 1.0, 10_000.0
ROUNDS = 200


def sweep_rows() -> list[Row]:
    orders = int(os.environ.get("LIANDONG_BENCH_ORDERS", "1000000"))
    with database() as cluster:
        from bench.crowd import crowd, least_log
        from tests.cast import assemble

        assemble()
        least_log(cluster)
        crowd(orders, orders)
        idle, drained = _measure()
    return [
        Row(f"a round of deadlines, {orders:,} open, none due", idle, "ms", most=IDLE),
        Row("steps of deadlines taken, one process", drained, "/s", least=DRAINED),
    ]


def _measure() -> tuple[float, float]:
    from django.db import connection

    from liandong.jobs.deadlines import Deadlines
    from liandong.records.models import Order

    with connection.cursor() as cursor:
        for table in ("matter", "order", "designation"):
            cursor.execute(f"UPDATE records_{table} SET due_at = now() + interval '10 days' WHERE due_at IS NOT NULL")
            cursor.execute(f"VACUUM ANALYZE records_{table}")
    sweeps, taken = Deadlines(), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        if sweeps.sweep(datetime.now(UTC)):
            raise AssertionError("something was due")
        taken.append((time.perf_counter() - began) * 1000)
    late = Order.objects.filter(state="signed").order_by("pk").values("pk")[:DUE]
    Order.objects.filter(pk__in=late).update(due_at=datetime.now(UTC))
    steps, began = 0, time.perf_counter()
    while time.perf_counter() - began < FOR and (more := sweeps.sweep(datetime.now(UTC))):
        steps += more
    return sorted(taken)[ROUNDS // 2], steps / (time.perf_counter() - began)


if __name__ == "__main__":
    for row in sweep_rows():
        print(row)
