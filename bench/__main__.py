"""Run every measurement and print one table. Exit code 1 when a limit is passed, 2 when a part could not be measured.

Ended from outside it still stops its servers and takes its homes away.
"""

import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Callable

from bench.board import board_rows
from bench.desks import desks_rows
from bench.exchange import exchange_rows
from bench.intake import intake_rows
from bench.kept import kept_rows
from bench.row import Row
from bench.sent import sent_rows
from bench.start import start_rows
from bench.sweep import sweep_rows
from bench.triage import triage_rows
from bench.voice import voice_rows
from bench.weight import weight_rows

MEASUREMENTS: list[Callable[[], list[Row]]] = [
    start_rows,
    intake_rows,
    sent_rows,
    kept_rows,
    triage_rows,
    weight_rows,
    sweep_rows,
    board_rows,
    exchange_rows,
    desks_rows,
    voice_rows,
]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    over, broken, began = 0, [], time.perf_counter()
    for measure in MEASUREMENTS:
        part, name = time.perf_counter(), measure.__name__.removesuffix("_rows")
        try:
            rows = measure()
        except Exception:
            traceback.print_exc()
            rows, broken = [], [*broken, name]
        for row in rows:
            over += row.over
            print(row, flush=True)
        load = os.getloadavg()[0]
        print(f"  ({name}: {time.perf_counter() - part:.0f} s, load {load:.0f})", flush=True)
    print(
        f"\nto its end in {time.perf_counter() - began:.0f} s; over their limits: {over}; not measured: {', '.join(broken) or 'none'}"
    )
    return 2 if broken else 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
