"""Voice in a whole demo city with its real exchange, through the doors people have: a key pressed at the page's address, an INVITE at a
telephone, a tone in what it hears. Pages and telephones of the crowd are light (`bench.seated`, `bench.telephones`) and share the machine.

Every talk is recorded, as always, while it is offered as well. A transfer's ring waits until the other seat's page says that it has the
record, so the notice, that page, its receipt and the exchange are in the figure. Nobody's hand is in any figure. `python -m bench.voice`
measures this part alone; `LIANDONG_BENCH_VOICE=small` with two calls in place of sixty."""

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bench.callers import Call, City, Refused
from bench.city import until
from bench.desks import p95
from bench.row import Row
from bench.spent import since, spent
from bench.talks import TICK
from tests.ops.node import Node


@dataclass(frozen=True)
class Size:
    """`calls` at once; `warm` rounds before the first that counts (every web process reads pack and model once), `single` presses one
    after the other; transfers a second; seconds that are `listened` to; more callers a second who are `offered` meanwhile."""

    calls: int = 60
    warm: int = 4
    single: int = 20
    rates: tuple[int, ...] = (5, 20, 40)
    listened: float = 10.0
    offered: int = 20


SIZES = {"": Size(), "small": Size(2, 0, 1, (5,), 1.0, 2)}
RING, HOP, THREE_WAY, INTACT = 200.0, 40.0, 200.0, 95.0
"""Milliseconds at the 95th percentile, at AT transfers a second the first of them; percent of what each party should hear."""
AT = 20
USERS = ("web", "pbx", "switch", "database", "worker", "live")
KEPT_WITHIN = 120.0
"""Seconds after the end of all talks in which their recordings are to be here."""
SHORTEST = """SELECT min(100.0 * (file.size - 44) / 16000 / extract(epoch FROM one.ended_at - one.began_at))
  FROM records_recording one JOIN records_evidencefile file ON file.id = one.file_id
 WHERE one.matter_id = ANY(%s::uuid[]) AND one.ended_at - one.began_at > make_interval(secs => %s)"""
"""Sound there is (16 bits, 8 kHz) in percent of how long it was recorded, of recordings that long or longer."""
LOST_AFTER = 8.0
"""Seconds after which a key that has brought no ring counts as lost."""


def voice_rows() -> list[Row]:
    """One city for all of it."""
    return asyncio.run(measure(SIZES[os.environ.get("LIANDONG_BENCH_VOICE", "")]))


async def measure(size: Size, shared: tuple[Node, int, int] | None = None,
                  known: Callable[[list[Row]], None] = lambda rows: None) -> list[Row]:  # fmt: skip
    """All rows, in a city of its own or in a `shared` one; `known` is given those of each part at once."""
    rows: list[Row] = []

    def keep(more: list[Row]) -> None:
        rows.extend(more)
        known(more)

    async with City(size.calls, shared) as city:
        first = await city.comes()
        keep(await _one_after_the_other(city, first, size))
        await city.line.close()  # who hears all the exchange tells is work for it
        calls = [first] + [await city.comes() for _ in range(size.calls - 1)]
        for rate in size.rates:
            keep(await _transfers(city, calls, rate))
        keep(await _recorded(city, calls, size))
    return rows


async def _one_after_the_other(city: City, call: Call, size: Size) -> list[Row]:
    """A transfer and a three-way talk, again and again in one call, with nothing else going on."""
    rings, hops, screens, bare, asked, joined = [], [], [], [], [], []
    for turn in range(-size.warm, size.single):
        if turn == 0:
            for taken in (rings, hops, screens, bare, asked, joined):
                taken.clear()
        bare.append(await city.rung_by_the_exchange())
        pressed = await city.transfer(call)
        talk = await asyncio.wait_for(call.ring, LOST_AFTER)
        receipt = city.at[talk.user].receipt_at[call.matter]
        created = min(talk.rang_at, await city.channel_made(talk.user, pressed))
        rings.append(talk.rang_at - pressed)
        screens.append(receipt - pressed)
        hops.append(created - receipt)
        await city.recall(call)
        pressed = await city.three_way(call)
        talk = await asyncio.wait_for(call.ring, LOST_AFTER)
        asked.append(talk.rang_at - pressed)
        pressed = await city.join(call)
        joined.append(await city.all_hear(call, pressed) - pressed)
        await city.part(call)
    both = [a + b for a, b in zip(asked, joined, strict=True)]
    limit = statistics.median(bare) * 1000
    return [
        *_p50_p95("transfer key to the other telephone's ring", rings, physical=limit),
        *_p50_p95("  of it: key to the record on the other screen", screens),
        *_p50_p95("  of it: that page's word to the exchange's channel", hops, most=HOP),
        *_p50_p95("three-way key to the other telephone's ring", asked, physical=limit),
        *_p50_p95("joining key until all three hear each other", joined),
        *_p50_p95("three-way, both keys", both, most=THREE_WAY),
    ]


def _p50_p95(name: str, seconds: list[float], most: float | None = None, physical: float | None = None) -> list[Row]:
    seconds = seconds or [float("inf")]  # none came
    return [Row(f"{name}, p50", statistics.median(seconds) * 1000, "ms", None, physical),
            Row(f"{name}, p95", p95(seconds) * 1000, "ms", most, physical)]  # fmt: skip


async def _transfers(city: City, calls: list[Call], rate: int) -> list[Row]:
    """Every talk that goes on is offered to the other side, so many a second; afterwards all are taken back."""
    before, began, presses = spent(city.node), time.perf_counter(), []
    for turn, call in enumerate(calls):
        await asyncio.sleep(max(0.0, began + turn / rate - time.perf_counter()))
        presses.append(asyncio.create_task(city.transfer(call)))
    done, lost = [], 0
    for call, press in zip(calls, presses, strict=True):
        try:
            pressed = await press
            talk = await asyncio.wait_for(call.ring, max(0.1, pressed + LOST_AFTER - time.perf_counter()))
            done.append(talk.rang_at - pressed)
        except (TimeoutError, Refused):
            lost += 1
    used = since(before, city.node)
    for call in calls:
        await city.recall(call)
    await city.all_free()
    name = f"transfers, {rate}/s"
    return [
        *_p50_p95(name, done, most=RING if rate == AT else None),
        Row(f"{name}, lost", lost, "", most=0),
        *(Row(f"  CPU time of each: {what}", used[what] / len(calls) * 1000, "ms") for what in USERS),
    ]


async def _recorded(city: City, calls: list[Call], size: Size) -> list[Row]:
    """Every talk becomes one of three, recorded by both desks; all of them go on while more callers come than anybody can answer."""
    asked, calls = calls, [call for call in calls if await _together(city, call)]
    before = spent(city.node)
    alone = await _intact(city, calls, size.listened)
    used = since(before, city.node)
    more = asyncio.create_task(_offered(city, size.offered, size.listened))
    beside = await _intact(city, calls, size.listened)
    others = await more
    dropped = sum(talk.state == "over" for call in calls for talk, _ in call.party)
    told = sum(other.caller.status >= 180 for other in others)
    for other in [*others, *asked]:
        city.callers.hang_up(other.caller)
    kept, lost, short = await _kept(city, calls, size.listened)
    name = f"{len(calls)} recorded three-way talks"
    return [
        Row("recorded three-way talks that came about", len(calls), "", least=len(asked)),
        Row(f"{name}: sound intact, worst of {3 * len(calls)} parties", alone[0], "%", least=INTACT),
        Row("  parties with less than it should be", sum(one < INTACT for one in alone), "", most=0),
        *(Row(f"  CPU: {what}", used[what] / size.listened * 100, "%") for what in USERS),
        Row(f"  the same while {size.offered} more a second call: worst of all", beside[0], "%", least=INTACT),
        Row("  of them dropped", dropped, "", most=0),
        Row(f"  callers beyond what can be answered ({len(others)}): hear it ring, or a refusal", told, "", least=len(others)),
        Row("  of them refused by the exchange", sum(other.caller.status >= 500 for other in others), ""),
        Row("  recordings kept and sealed, of both desks", kept, "", least=2 * len(calls)),
        Row("  recordings lost", lost, "", most=0),
        Row("  shortest sound of a recording, of its own time", short, "%", least=INTACT),
    ]  # fmt: skip


async def _together(city: City, call: Call) -> bool:
    """Whether three talk."""
    with suppress(Refused):  # an answer that was lost: it may ring nevertheless
        await city.three_way(call)
    try:
        await asyncio.wait_for(call.ring, 2 * LOST_AFTER)
        await city.join(call)
        await until(lambda: call.there.state == "up", LOST_AFTER)
    except (TimeoutError, Refused):
        return False
    return True


async def _intact(city: City, calls: list[Call], seconds: float) -> list[float]:
    """Of each party: percent of the pieces of 20 ms in which it should hear both others and did; the worst first."""
    city.listen(True)
    await asyncio.sleep(1.0)  # whose sound has been sparse is heard again
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    ended = time.perf_counter()
    city.listen(False)
    shares = []
    for call in calls:
        for talk, own in call.party:
            times, both = talk.both(own)
            shares.append(100 * both[(times >= began) & (times < ended)].sum() / ((ended - began) / TICK))
        await asyncio.sleep(0)
    return sorted(shares)


async def _offered(city: City, a_second: int, seconds: float) -> list[Call]:
    """Callers beyond what anybody can answer."""
    others, began = [], time.perf_counter()
    for turn in range(round(a_second * seconds)):
        await asyncio.sleep(max(0.0, began + turn / a_second - time.perf_counter()))
        others.append(city.dials())
    return others


async def _kept(city: City, calls: list[Call], seconds: float) -> tuple[int, int, float]:
    """Recordings of these talks that are kept, that are lost, and how long the shortest is in percent of its talk of three."""
    about = [call.matter for call in calls]
    query = ("SELECT count(*) FILTER (WHERE file_id IS NOT NULL), count(*) FILTER (WHERE lost_at IS NOT NULL), count(*) "
             "FROM records_recording WHERE matter_id = ANY(%s::uuid[])")  # fmt: skip
    end = time.monotonic() + KEPT_WITHIN
    while time.monotonic() < end:
        [(kept, lost, known)] = await asyncio.to_thread(city.read, query, about)
        if kept + lost == known:
            break
        await asyncio.sleep(0.5)
    [(short,)] = await asyncio.to_thread(city.read, SHORTEST, about, seconds)
    return kept, lost, float(short or 0)


def _shown(rows: list[Row]) -> None:
    for row in rows:
        print(row, flush=True)
    print(f"  (load {os.getloadavg()[0]:.0f})", flush=True)


if __name__ == "__main__":
    asyncio.run(measure(SIZES[os.environ.get("LIANDONG_BENCH_VOICE", "")], known=_shown))
