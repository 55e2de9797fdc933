"""Old records of another system, from a CSV file as `liandong import` reads it: each row with its contact, Event and known
number; beside COPY of four short rows with one index for each of them, on the same server."""

import csv
import os
import tempfile
import time
from pathlib import Path

from bench.row import Row
from bench.throwaway import database

RECORDS = int(os.environ.get("LIANDONG_BENCH_RECORDS", "20000"))
LEAST = 5000.0
MAP = """source = "bench"
desk = "12345:532300"
[columns]
id = "编号"
received_at = "时间"
said = "诉求"
number = "来电"
"""


def kept_rows() -> list[Row]:
    with database(), tempfile.TemporaryDirectory() as folder:
        ours, bare = _measure(Path(folder))
    return [Row("old records brought in, durable", ours, "/s", physical=bare, least=LEAST)]


def _measure(folder: Path) -> tuple[float, float]:
    from django.db import connection

    from liandong.ops import importing
    from liandong.records.models import Imported, Person, Post
    from tests.cast import publish_both

    publish_both()
    person = Person.objects.create_user("guan", name="管", work_no="G001")
    Post.objects.create(person=person, role="administrator", city="532300")
    told = [(f"A{n}", f"2024-03-{1 + n % 28:02d} 09:30", f"{n}号路灯坏了好几盏，晚上看不见路", f"138{n:08d}")
            for n in range(RECORDS)]  # fmt: skip
    file, beside = folder / "old.csv", folder / "map.toml"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([("编号", "时间", "诉求", "来电"), *told])
    beside.write_text(MAP)
    began = time.perf_counter()
    if (
        importing.run(file, beside, work_no="G001", dry_run=False, skip_bad=False)
        or Imported.objects.count() != RECORDS
    ):
        raise AssertionError("not all were kept")
    ours = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id text PRIMARY KEY, at text, said text, number text)")
        began = time.perf_counter()
        for turn in range(4):  # as many rows as ours are
            with cursor.copy("COPY bare FROM STDIN") as copy:
                for row in told:
                    copy.write_row((f"{turn}{row[0]}", *row[1:]))
        bare = time.perf_counter() - began
    return RECORDS / ours, RECORDS / bare


if __name__ == "__main__":
    for row in kept_rows():
        print(row)
