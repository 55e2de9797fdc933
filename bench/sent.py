"""Matters that other systems send over HTTP, each read, written with its contact and first Event and durable when it is
answered; beside pgbench writing the same rows into tables of the same columns and indexes (none of them unique) on the same server.

`python -m bench.sent make 64` writes as many systems with a key each into the database of `LIANDONG_HOME`, prints the keys.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time

import psycopg
from psycopg import sql

from bench.row import Row
from bench.spent import since, spent
from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from liandong.ops.postgres_binaries import find_programs
from liandong.ops.readiness import free_port
from tests.ops.node import ENVIRON, Node
from tests.throwaway import make_home

CONNECTIONS, SECONDS, SYSTEMS = (1, 16, 64), 8, 64
RATIO, P99, AT = 0.35, 100.0, 16
"""Of pgbench; milliseconds from request to answer, asked of AT connections."""
READ_AND_WRITTEN = 500.0
WRITTEN = ("records_act", "records_contact", "records_matter", "records_event", "records_sent")
"""The tables in which each has a row."""
TOLD = (
    "{n}号路灯坏了好几盏，晚上看不见路",
    "工地半夜还在施工，{n}号楼的人睡不着",
    "想问一下医保怎么转到外地，编号{n}",
    "下水道堵了，污水流到{n}号门口",
    "楼上漏水，物业不管，找了三次，{n}单元",
)


def sent_rows() -> list[Row]:
    """A node as it runs for good, many systems at its door; then the same inserts by pgbench, the node stopped."""
    home = Home(make_home())
    os.environ["LIANDONG_BEHIND_TLS_PROXY"] = "1"  # we are the proxy
    with Node(home, free_port(18700)) as node:
        node.start(within=180)
        keys = json.loads(_child(home, "make", str(SYSTEMS)))
        asyncio.run(_crowd(node.port, keys, 4, 1.5))  # packs and model are read in every process
        ours, used = {}, {}
        for many in CONNECTIONS:
            before = spent(node)
            ours[many] = asyncio.run(_crowd(node.port, keys, many, SECONDS))
            used[many] = since(before, node)
    with Cluster(home).running() as cluster:
        bare = _bare(cluster)
    rows = []
    for many, taken in ours.items():
        p99 = sorted(taken)[max(0, round(len(taken) * 0.99) - 1)] * 1000
        rate, aim = len(taken) / SECONDS, many == AT
        rows += [
            Row(f"matters over HTTP, {many} at once, read and durable", rate, "/s", physical=bare[many],
                least_ratio=RATIO, least=READ_AND_WRITTEN if aim else None),
            Row(f"matters over HTTP, {many} at once, p99", p99, "ms", most=P99 if aim else None),
            *(Row(f"  CPU time of each, {many} at once: {name}", used[many][name] / len(taken) * 1000, "ms")
              for name in ("web", "database", "worker")),
        ]  # fmt: skip
    return rows


async def _crowd(port: int, keys: list[str], many: int, seconds: float) -> list[float]:
    """Seconds each answer took, of `many` connections that send one matter after the other; one each for 0 seconds."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    async def sender(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = 0
        while not turn or time.perf_counter() < until:
            key = keys[(number + turn * many) % len(keys)]
            unlike = number * 100_000 + turn
            body = json.dumps({"text": TOLD[unlike % len(TOLD)].format(n=unlike), "place": "鹿城镇", "district": "532301",
                               "number": f"13{unlike % 10**9:09d}"}).encode()  # fmt: skip
            head = (f"POST /api/v1/matters HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nAuthorization: Bearer {key}\r\n"
                    f"Idempotency-Key: {number}-{seconds}-{many}-{turn}\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n")  # fmt: skip
            began = time.perf_counter()
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            said = await _body(reader, answer)
            taken.append(time.perf_counter() - began)
            if b" 201 " not in answer.split(b"\r\n", 1)[0]:
                raise AssertionError(f"{answer.decode()}{said.decode()}")
            turn += 1
        writer.close()

    async with asyncio.TaskGroup() as group:
        for number in range(many):
            group.create_task(sender(number))
    return taken


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """What follows the head of an answer, whether its length was said or it comes in chunks."""
    if length := re.search(rb"content-length: (\d+)", head, re.IGNORECASE):
        return await reader.readexactly(int(length[1]))
    said = b""
    while size := int(await reader.readline(), 16):
        said += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return said


def _bare(cluster: Cluster) -> dict[int, float]:
    """Transactions a second of pgbench, by connections: one row into each table, as wide as ours were."""
    settings = cluster.settings()
    with psycopg.connect(**settings, autocommit=True) as server:
        script = "BEGIN;\n" + "".join(_insert(server, table) for table in WRITTEN) + "COMMIT;\n"
    file = cluster.home.path / "bare.sql"
    file.write_text(script)
    program = find_programs(cluster.home.path, cluster.home.data).bin / "pgbench"
    environ = os.environ | {"PGHOST": settings["host"], "PGPORT": str(settings["port"]), "PGUSER": settings["user"],
                            "PGPASSWORD": settings["password"], "PGDATABASE": settings["dbname"]}  # fmt: skip
    rates = {}
    for many in CONNECTIONS:
        command = [program, "--no-vacuum", f"--file={file}", f"--client={many}", "--jobs=2", f"--time={SECONDS}"]
        said = subprocess.run(
            [*command, "--protocol=prepared"], env=environ, capture_output=True, text=True, check=True
        )
        rates[many] = float(re.search(r"tps = ([\d.]+)", said.stdout)[1])
    return rates


def _insert(server: psycopg.Connection, table: str) -> str:
    """Makes `bare_…` of the same columns and indexes, none of them unique, and says how one row is written."""
    bare = f"bare_{table}"
    server.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING IDENTITY)").format(
        sql.Identifier(bare), sql.Identifier(table)))  # fmt: skip
    indexes = server.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table]).fetchall()
    for number, (definition,) in enumerate(indexes):
        plain = definition.replace("UNIQUE INDEX", "INDEX", 1)
        server.execute(re.sub(r"INDEX \S+ ON \S+", f'INDEX "{bare}_{number}" ON "{bare}"', plain, count=1))
    row = server.execute(sql.SQL("SELECT to_jsonb(t) FROM {} AS t LIMIT 1 OFFSET 3").format(sql.Identifier(table)))
    cells = row.fetchone()[0]
    columns = server.execute(
        "SELECT column_name, format_type(atttypid, atttypmod), is_identity = 'YES' FROM information_schema.columns"
        " JOIN pg_attribute ON attrelid = %s::regclass AND attname = column_name WHERE table_name = %s",
        [table, table],
    ).fetchall()
    names, values = [], []
    for name, kind, by_itself in columns:
        if by_itself:
            continue
        names.append(sql.Identifier(name).as_string(server))
        values.append(_spelled(server, table, name, kind, cells[name]))
    return f'INSERT INTO "{bare}" ({", ".join(names)}) VALUES ({", ".join(values)});\n'


def _spelled(server: psycopg.Connection, table: str, name: str, kind: str, cell: object) -> str:
    if cell is None:
        return "NULL"
    if kind == "uuid" and name == "id":
        return "gen_random_uuid()"
    if kind.endswith("[]"):
        cell = server.execute(sql.SQL("SELECT {}::text FROM {} LIMIT 1 OFFSET 3").format(
            sql.Identifier(name), sql.Identifier(table))).fetchone()[0]  # fmt: skip
    elif not isinstance(cell, str):
        cell = json.dumps(cell, ensure_ascii=False)
    safe = cell.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")  # a colon begins a variable of pgbench
    return f"E'{safe}'::{kind}"


def _child(home: Home, *words: str) -> str:
    environ = (
        os.environ | ENVIRON | {"LIANDONG_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "liandong.config.settings"}
    )
    command = [sys.executable, "-m", "bench.sent", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout


def make(many: int) -> list[str]:
    """`many` systems with a key each, good for a day."""
    import django

    django.setup()
    from datetime import timedelta

    from django.utils import timezone

    from liandong.actions import keys
    from liandong.records.models import Person
    from liandong.rules.access import Actor

    now = timezone.now()
    boss = Person.objects.create(username="bench", name="测", work_no="B001", password="!")
    by = Actor("administrator", boss.pk, work_no="B001", city="532300")
    day = (now + timedelta(days=1)).date()
    return [keys.make(f"bench {n}", ("matters.write",), day, at=now, by=by).secret for n in range(many)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        print(json.dumps(make(int(sys.argv[2]))))
    else:
        for row in sent_rows():
            print(row)
