"""Run every measurement and print one table. Exit code 1 when a limit is passed."""

import os
import platform
import sys
from collections.abc import Callable

from bench.board import board_rows
from bench.desks import desks_rows
from bench.intake import intake_rows
from bench.row import Row
from bench.start import start_rows
from bench.triage import triage_rows
from bench.weight import weight_rows

MEASUREMENTS: list[Callable[[], list[Row]]] = [
    start_rows,
    intake_rows,
    triage_rows,
    weight_rows,
    board_rows,
    desks_rows,
]


def main() -> int:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    over = 0
    for measure in MEASUREMENTS:
        for row in measure():
            over += row.over
            print(row, flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
