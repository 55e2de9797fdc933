"""Hand-overs between two whole nodes on one machine: how soon an offer is known to have been delivered, how many matters change
hands in a second, and a backlog that drains in order. Beside them the least that a receiver can do with the same bytes: a bare
application behind the same server, one row and one commit for each message, over as many kept connections.

`python -m bench.exchange` measures this part alone and prints each row as it is known. LIANDONG_BENCH_OFFERS (1500),
LIANDONG_BENCH_SECONDS (30, of hand-overs) and LIANDONG_BENCH_BACKLOG (100000 messages) say how much.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg

from bench.row import Row
from bench.spent import since, spent
from liandong.ops.postgres import Cluster
from liandong.ops.readiness import free_port
from tests.chaos.organisations import Both, Side, both_running, child

OFFERS, SECONDS, BACKLOG = (
    int(os.environ.get(f"LIANDONG_BENCH_{name}", much))
    for name, much in (("OFFERS", "1500"), ("SECONDS", "30"), ("BACKLOG", "100000"))
)
EACH_SECOND, P99, RATE = 50, 250.0, 300.0
"""Offers a second, milliseconds from an offer until its receipt is here, and hand-overs a second."""
SAID_OF_EACH = 10
"""Messages of the backlog about one matter: an offer, and what is added to it."""
LANES = 8
"""Connections, as many as a courier keeps (`liandong.exchange.courier`)."""
PATIENCE = 1800.0


def exchange_rows() -> list[Row]:
    """All of it between the same two nodes."""
    return list(_rows())


def _rows() -> Iterator[Row]:
    with both_running(19300, between=False) as both:
        rate, lapsed, used = _hand_overs(both)
        body = both.police.read("SELECT body FROM records_inboxmessage WHERE kind = 'offer' ORDER BY id DESC LIMIT 1")[
            0
        ][0]
        bare = _bare(both.police, body.encode())
        yield Row("hand-overs between two nodes", rate, "/s", physical=bare / 4, least=RATE)  # each is four messages
        yield Row("of them not taken in time", lapsed, "", most=0)
        for name, seconds in used.items():
            yield Row(f"  CPU time of each: {name}", seconds * 1000, "ms")
        yield Row(f"offer to its receipt, {EACH_SECOND}/s, p99", _delivered(both), "ms", most=P99)
        drained, refused = _backlog(both)
        yield Row(f"backlog of {BACKLOG} messages drains", drained, "/s", physical=bare)
        yield Row("of them tried out of their order", refused, "", most=0)


def _delivered(both: Both) -> float:
    """Milliseconds at the 99th percentile from the offer until this side's database has the other's receipt."""
    names = json.loads(child(both.hotline, "bench.handing", "offer", str(OFFERS), str(EACH_SECOND)))
    waits = "SELECT count(*) FROM records_transfer WHERE id = ANY(%s::uuid[]) AND delivered_at IS NULL AND state = 'offered'"
    _until(both.hotline, waits, names)
    rows = both.hotline.read("SELECT coalesce(extract(epoch FROM delivered_at - offered_at) * 1000, 'Infinity') FROM records_transfer "
                             "WHERE id = ANY(%s::uuid[]) ORDER BY 1", names)  # fmt: skip
    return float(rows[max(0, round(len(rows) * 0.99) - 1)][0])


def _hand_overs(both: Both) -> tuple[float, int, dict[str, float]]:
    """Matters a second that this side confirmed while one offers as fast as is taken; offers that ended otherwise; and of each hand-over
    the CPU seconds of both nodes, by what used them."""
    before = [spent(side.node) for side in both.sides]
    taking = threading.Thread(target=child, args=(both.police, "bench.handing", "take", str(SECONDS + 15)))
    taking.start()
    names = json.loads(child(both.hotline, "bench.handing", "give", str(SECONDS)))
    taking.join()
    waits = (
        "SELECT count(*) FROM records_transfer WHERE id = ANY(%s::uuid[]) AND state IN ('offered', 'led', 'confirming')"
    )
    for side in both.sides:
        _until(side, waits, names)
    ended = both.police.read("SELECT count(*), extract(epoch FROM max(ended_at) - min(offered_at)) FROM records_transfer "
                             "WHERE id = ANY(%s::uuid[]) AND state = 'accepted'", names)  # fmt: skip
    done, seconds = ended[0]
    used: dict[str, float] = {}
    for side, was in zip(both.sides, before, strict=True):
        for name, much in since(was, side.node).items():
            used[name] = used.get(name, 0.0) + much / done
    return done / float(seconds), len(names) - done, used


def _backlog(both: Both) -> tuple[float, int]:
    """Messages a second once the other node is there again, and how many it had to refuse because they were not in turn."""
    both.police.node.stop()
    child(both.hotline, "bench.handing", "pile", str(BACKLOG // SAID_OF_EACH), str(SAID_OF_EACH))
    waits = "SELECT count(*) FROM records_outboxmessage WHERE state IN ('waiting', 'dead')"
    much = both.hotline.read(waits)[0][0]
    both.police.start()
    began = time.perf_counter()
    _until(both.hotline, waits)
    taken = time.perf_counter() - began
    refused = both.police.read("SELECT coalesce(sum(times), 0) FROM records_exchangerefusal WHERE reason = 'order'")[0][
        0
    ]
    return much / taken, int(refused)


def _until(side: Side, query: str, *given: object) -> None:
    """Wait until the count is 0."""
    end = time.monotonic() + PATIENCE
    while side.read(query, *given)[0][0]:
        if time.monotonic() > end:
            raise TimeoutError(query)
        time.sleep(0.2)


def _bare(side: Side, body: bytes, seconds: float = 6.0) -> float:
    """Messages a second of the bare application on this side's database, its own processes idle."""
    settings = Cluster(side.node.home).settings()
    with psycopg.connect(**settings, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare_message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)")
    port = free_port(19380)
    environ = os.environ | {"BARE": psycopg.conninfo.make_conninfo(**settings)}
    words = [
        "-m",
        "granian",
        "--interface=wsgi",
        f"--port={port}",
        "--workers=2",
        "--blocking-threads=4",
        "--no-ws",
        "bench.bare:app",
    ]
    server = subprocess.Popen(
        [sys.executable, *words], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(5)
        until = time.perf_counter() + seconds

        def post(_: int) -> int:
            line, many = http.client.HTTPConnection("127.0.0.1", port), 0
            while time.perf_counter() < until:
                line.request("POST", "/", body)
                many += line.getresponse().read() == b"{}"
            line.close()
            return many

        with ThreadPoolExecutor(LANES) as pool:
            return sum(pool.map(post, range(LANES))) / seconds
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    for row in _rows():
        print(row, flush=True)
