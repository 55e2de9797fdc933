"""The lists of a desk with 10,000 and 100,000 open matters among many: server time of what people look at most.

Rows are made by the database itself, as the product would have written them; `LIANDONG_BENCH_MATTERS` says how many
(default 3,000,000, made once for both). The clock runs around the query functions, in one
process, on one connection, in up to three rounds of which the best counts: other work on the machine only ever adds.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.pages import pages
from bench.row import Row
from bench.throwaway import database

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIMIT = 100.0
"""Milliseconds of server time, p99, that the board is held to."""
TRIES, ROUNDS, LONGEST = 100, 3, 700
"""Of each look; a round ends after about LONGEST milliseconds, at three tries or more."""
REPORTS = ("supervisor's month", "page /city/ as supervisor")
"""Counted over everything that came in a month, when somebody asks for it: measured, and not held to a board's limit."""


def board_rows() -> list[Row]:
    """Both sizes in one throw-away database: first 10,000 open, then 100,000."""
    matters = int(os.environ.get("LIANDONG_BENCH_MATTERS", "3000000"))
    rows = []
    with database() as cluster:
        from bench.crowd import crowd, least_log, open_more
        from tests.cast import assemble

        cast = assemble()
        least_log(cluster)
        for make, still_open in ((crowd, 10_000), (open_more, 100_000)):
            began = time.perf_counter()
            make(matters, still_open)
            print(
                f"  ({matters:,} matters, {still_open:,} open, made in {time.perf_counter() - began:.0f} s)", flush=True
            )
            rows += _measure(cast.lin, still_open)
    return rows


def looks(viewer) -> dict[str, Callable[[], object]]:
    """What is measured, by name; each call is one page's worth of queries."""
    from liandong.queries import desk, find, floor, month, stuck, unit, wall
    from liandong.queries import duty as duties
    from liandong.queries.desk import joins
    from liandong.records.models import Matter, Order, Unit
    from liandong.rules.access import Actor
    from liandong.rules.wanted import ALL, Wanted

    now = datetime.now(UTC)
    supervisor = Actor(role="supervisor", person=1, city=viewer.city)
    small = Actor(role="dispatcher", person=1, desk="110:532300", city=viewer.city)
    leader = Actor(role="shift_leader", person=1, desk="12345:532300", city=viewer.city)
    office = Actor(role="duty_officer", person=1, desk="duty:532300", city=viewer.city)
    clerk = Actor(role="clerk", person=1, unit=Unit.objects.filter(city=viewer.city).order_by("code").first().code,
                  city=viewer.city)  # fmt: skip
    some = Matter.objects.filter(state="archived").order_by("pk").first()
    held = Matter.objects.filter(state="held", holder__code=viewer.desk).order_by("-pk").first()
    order = Order.objects.filter(state="signed").order_by("-pk").first()
    this_month = now.astimezone(SHANGHAI).date().replace(day=1)

    def page(who, after="", **asked):
        return lambda: find.look(who, Wanted(**asked), now, after=after)

    def joined(matter) -> None:
        shown = desk.matter(viewer, matter.pk, now)
        str(joins.joins(viewer, shown, now))

    def fiftieth(who, **asked) -> str:
        after = ""
        for _ in range(49):
            after = find.look(who, Wanted(**asked), now, after=after).after or after
        return after

    return {
        "desk board": lambda: desk.board(viewer, now),
        "what every page asks": lambda: desk.pulse(viewer, None),
        "a matter's page with its repeats": lambda: joined(held),
        "unit's list": lambda: unit.orders(clerk),
        "unit's order": lambda: unit.order(clerk, order.pk, now),
        "duty office: asked": lambda: (duties.asked(office), duties.tally(office, now)),
        "duty office: danger and late": lambda: (stuck.in_danger(office), stuck.late(office, now)),
        "duty office: down": lambda: stuck.down(office, now),
        "leader's floor": lambda: floor.floor(leader, now),
        "leader's late and danger": lambda: (
            stuck.late(leader, now, desk=leader.desk),
            stuck.in_danger(leader, desk=leader.desk),
        ),
        "supervisor's month": lambda: month.month(supervisor, this_month, now),
        "wallboard": lambda: wall.screen(supervisor, now),
        "open, first page": page(viewer),
        "open, 50th page": page(viewer, after=fiftieth(viewer)),
        "all, first page": page(viewer, state=ALL),
        "all, 50th page": page(viewer, after=fiftieth(viewer, state=ALL), state=ALL),
        "open, a small desk": page(small),
        "open, whole city": page(supervisor),
        "a word in one of 5": page(viewer, words="路灯"),
        "a word in one of 1,000": page(viewer, words="梧桐巷"),
        "a phrase in one of 10": page(viewer, words="路灯坏了好几盏"),
        "a phrase, open": page(viewer, words="路灯坏了好几盏", state="open"),
        "danger, open": page(viewer, state="open", danger=True),
        "overdue, 50th page": page(viewer, after=fiftieth(viewer, overdue=True), overdue=True),
        "a word, 50th page": page(viewer, after=fiftieth(viewer, words="路灯"), words="路灯"),
        "days, a unit": page(viewer, state=ALL, since=now.date().replace(day=1), unit=clerk.unit),
        "two words": page(viewer, words="梧桐巷 噪音"),
        "a word nowhere": page(viewer, words="飞碟"),
        "a word, whole city": page(supervisor, words="梧桐巷"),
        "a matter's number": page(viewer, words=some.number),
        "a telephone number": page(viewer, words=some.contact.number),
        "its last four digits": page(viewer, words=some.contact.number[-4:]),
        "district and kind": page(viewer, state=ALL, district="532331", kind="12345-8"),
        "count, open": lambda: find.count(viewer, Wanted(), now),
        "count, a word": lambda: find.count(viewer, Wanted(words="路灯"), now),
        "count, a phrase": lambda: find.count(viewer, Wanted(words="路灯坏了好几盏"), now),
        "count, danger": lambda: find.count(viewer, Wanted(state="open", danger=True), now),
        "count, overdue": lambda: find.count(viewer, Wanted(state="open", overdue=True), now),
        "count, small desk": lambda: find.count(small, Wanted(state=ALL), now),
        "count, whole city": lambda: find.count(supervisor, Wanted(), now),
        "count, a rare word": lambda: find.count(viewer, Wanted(words="梧桐巷"), now),
    }


def _measure(viewer, still_open: int) -> list[Row]:
    rows = []
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        processes = ("self", str(cursor.fetchone()[0]))
    for name, look in (looks(viewer) | pages(viewer.city)).items():
        look()
        many = max(3, min(TRIES, int(LONGEST / _once(look))))
        began, until, rounds = _worked(processes), time.perf_counter() + ROUNDS * LONGEST / 1000, []
        while len(rounds) < ROUNDS and (not rounds or time.perf_counter() < until):
            rounds.append(sorted(_once(look) for _ in range(many)))
        worked = (_worked(processes) - began) / many / len(rounds)
        best = min(rounds, key=_p99)
        limit = None if name in REPORTS else LIMIT
        rows.append(Row(f"{name} ({still_open:,} open), p99", _p99(best), "ms", limit))
        print(f"  {name:<60} p50 {statistics.median(best):7.1f}  p99 {_p99(best):7.1f}  ({many})  worked {worked:6.1f}"
              f"  load {os.getloadavg()[0]:.0f}", flush=True)  # fmt: skip
    return rows


def _worked(processes: tuple[str, ...]) -> float:
    """Milliseconds that these processes have had a core until now: what a quiet machine would need at least, whatever
    else runs beside. A helper of a statement that was done by several is not among them."""
    return sum(int(Path(f"/proc/{p}/schedstat").read_text().split()[0]) for p in processes) / 1e6


def _p99(taken: list[float]) -> float:
    return taken[max(0, round(len(taken) * 0.99) - 1)]


def _once(look: Callable[[], object]) -> float:
    began = time.perf_counter()
    look()
    return (time.perf_counter() - began) * 1000
