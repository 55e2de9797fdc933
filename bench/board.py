"""The lists of a desk with 10,000 and 100,000 open matters among many: server time of what people look at most.

Rows are made by the database itself, as the product would have written them; `LIANDONG_BENCH_MATTERS` says how many
(default 300,000; from a million on, only with 100,000 open). The clock runs around the query functions, in one
process, on one connection, in three rounds of which the best counts: other work on the machine only ever adds.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import django

from bench.row import Row

LIMIT = 100.0
"""Milliseconds of server time, p99, that the board is held to."""
TRIES, ROUNDS = 100, 3


def board_rows() -> list[Row]:
    """Both sizes in one throw-away database: first 10,000 open, then 100,000."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.crowd import crowd
    from liandong.ops.home import find_home
    from liandong.ops.postgres import Cluster
    from tests.cast import assemble

    matters = int(os.environ.get("LIANDONG_BENCH_MATTERS", "300000"))
    cluster = Cluster(find_home())
    cluster.start(patience=30)
    rows = []
    try:
        call_command("migrate", interactive=False, verbosity=0)
        cast = assemble()
        for still_open in (10_000, 100_000) if matters < 1_000_000 else (100_000,):
            began = time.perf_counter()
            crowd(matters, still_open)
            print(
                f"  ({matters:,} matters, {still_open:,} open, made in {time.perf_counter() - began:.0f} s)", flush=True
            )
            rows += _measure(cast.lin, still_open)
    finally:
        connection.close()
        cluster.stop()
    return rows


def looks(viewer) -> dict[str, Callable[[], object]]:
    """What is measured, by name; each call is one page's worth of queries."""
    from liandong.queries import desk, find
    from liandong.rules.access import Actor
    from liandong.rules.wanted import ALL, Wanted

    now = datetime.now(UTC)
    supervisor = Actor(role="supervisor", person=1, city=viewer.city)
    small = Actor(role="dispatcher", person=1, desk="110:532300", city=viewer.city)
    from liandong.records.models import Matter

    some = Matter.objects.filter(state="archived").order_by("pk").first()

    def page(who, after="", **asked):
        return lambda: find.look(who, Wanted(**asked), now, after=after)

    def fiftieth(who, **asked) -> str:
        after = ""
        for _ in range(49):
            after = find.look(who, Wanted(**asked), now, after=after).after or after
        return after

    return {
        "desk board": lambda: desk.board(viewer, now),
        "what every page asks": lambda: desk.pulse(viewer, None),
        "open, first page": page(viewer),
        "open, 50th page": page(viewer, after=fiftieth(viewer)),
        "all, first page": page(viewer, state=ALL),
        "all, 50th page": page(viewer, after=fiftieth(viewer, state=ALL), state=ALL),
        "open, a small desk": page(small),
        "open, whole city": page(supervisor),
        "a word in one of 5": page(viewer, words="路灯"),
        "a word in one of 1,000": page(viewer, words="梧桐巷"),
        "two words": page(viewer, words="梧桐巷 噪音"),
        "a word nowhere": page(viewer, words="飞碟"),
        "a word, whole city": page(supervisor, words="梧桐巷"),
        "a matter's number": page(viewer, words=some.number),
        "a telephone number": page(viewer, words=some.contact.number),
        "its last four digits": page(viewer, words=some.contact.number[-4:]),
        "district and kind": page(viewer, state=ALL, district="532331", kind="12345-8"),
        "count, open": lambda: find.count(viewer, Wanted(), now),
        "count, a word": lambda: find.count(viewer, Wanted(words="路灯"), now),
        "count, a rare word": lambda: find.count(viewer, Wanted(words="梧桐巷"), now),
    }


def _measure(viewer, still_open: int) -> list[Row]:
    rows = []
    for name, look in looks(viewer).items():
        look()
        rounds = [sorted(_once(look) for _ in range(TRIES)) for _ in range(ROUNDS)]
        best = min(rounds, key=lambda taken: taken[int(TRIES * 0.99) - 1])
        p99 = best[int(TRIES * 0.99) - 1]
        title = f"{name} ({still_open:,} open), p99"
        rows.append(Row(title, p99, "ms", LIMIT, None))
        print(f"  {title:<50} p50 {statistics.median(best):7.1f}  p99 {p99:7.1f}", flush=True)
    return rows


def _once(look: Callable[[], object]) -> float:
    began = time.perf_counter()
    look()
    return (time.perf_counter() - began) * 1000
