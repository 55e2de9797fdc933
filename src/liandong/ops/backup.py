"""`liandong backup`: the database and the evidence files in one folder, sealed; the keys are kept apart by whoever keeps them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from liandong import __version__
from liandong.exchange.listening import parameters
from liandong.ops.kept import DATABASE, FILES, PREFIX, BadBackup, backups, chunks_of, write_list, written
from liandong.ops.postgres_binaries import candidates, read_major
from liandong.records.sealed import sealed

OF_LIBPQ = {"host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "passfile", "options",
            "target_session_attrs"}  # fmt: skip


def backup(to: Path, keep: int, tell: Callable[[str], None]) -> Path:
    """Make one and take away what is older than the newest `keep` (0: nothing). BadBackup when it cannot be made whole."""
    if not default_storage.keys:
        raise BadBackup("没有给出材料的密钥 LIANDONG_FILE_KEYS，备份无法封存。请运行 liandong doctor。")
    now = timezone.now()
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = to / now.strftime(f"{PREFIX}%Y%m%dT%H%M%SZ")
    for left in to.glob(f"{PREFIX}*.partial"):
        shutil.rmtree(left, ignore_errors=True)  # of one that was broken off
    part = whole.with_suffix(".partial")
    part.mkdir(mode=0o700)
    try:
        _fill(part, whole.name, now)
        part.rename(whole)
    except (OSError, DatabaseError, psycopg.Error) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise BadBackup(f"备份没有做成：{first}。原有的备份都还在。") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    tell(f"备份在 {whole}。它封在密钥（编号 {default_storage.writes_under}）下面：密钥要另存一处，丢了它备份就打不开。")
    for old in backups(to)[:-keep] if keep else []:
        shutil.rmtree(old)
        tell(f"已删去旧备份 {old.name}")
    return whole


def _fill(part: Path, name: str, now: datetime) -> None:
    """The database first: a file newer than its records is swept; a record whose file is missing would be a loss."""
    secret, files = default_storage.keys[0], {}
    with snapshot() as (shot, about):
        about |= {"made_at": now.isoformat(), "name": name, "version": __version__, "node": settings.NODE}
        files[DATABASE] = written(part / DATABASE, sealed(dumped(shot, about["postgresql"]), secret, f"backup/{name}"))
    for path in sorted(p for p in Path(settings.FILES).rglob("*") if p.is_file()):
        inner = f"{FILES}/{path.relative_to(settings.FILES)}"
        try:
            with path.open("rb") as file:
                files[inner] = written(part / inner, chunks_of(file))
        except FileNotFoundError:
            continue  # its time came meanwhile
    write_list(part, about, files, secret)


@contextmanager
def snapshot() -> Iterator[tuple[str, dict]]:
    """One view of the database that the dump shares, and what is counted in it."""
    with psycopg.connect(**parameters()) as own:
        own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        one = "SELECT pg_export_snapshot(), count(*), coalesce(max(id), 0) FROM records_event"
        shot, events, last = own.execute(one).fetchone()
        matters = own.execute("SELECT count(*) FROM records_matter").fetchone()[0]
        steps = own.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
        keys = own.execute("SELECT DISTINCT sealed_under FROM records_evidencefile WHERE gone_at IS NULL").fetchall()
        yield shot, {
            "postgresql": own.info.server_version // 10000, "events": events, "last_event": last, "matters": matters,
            "migrations": [row[0] for row in steps], "keys": sorted({row[0] for row in keys}),
        }  # fmt: skip


def dumped(shot: str, server: int) -> Iterator[bytes]:
    """pg_dump's custom form, piece by piece. OSError when pg_dump fails: what was written is not whole then."""
    command = [program("pg_dump", server), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={shot}"]
    with subprocess.Popen(
        [*command, f"--dbname={address()}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ()
    ) as run:
        yield from chunks_of(run.stdout)
        said = run.stderr.read().decode(errors="replace")
    if run.returncode:
        raise OSError(f"pg_dump: {said.strip()[-300:]}")


def program(name: str, server: int) -> Path:
    """The oldest of the programs there are that knows a server of this major version."""
    found = [(read_major(folder), folder / name) for folder in candidates() if (folder / name).is_file()]
    fit = sorted((major, path) for major, path in found if major >= server)
    if not fit:
        raise BadBackup(
            f"没有 PostgreSQL {server} 的 {name}。请运行 sudo apt install postgresql-client-{server}，或用 LIANDONG_PG_BIN 指明。"
        )
    return fit[0][1]


def address() -> str:
    """The database for libpq, without the password: the list of processes is everybody's to read."""
    return make_conninfo(
        **{name: value for name, value in parameters().items() if name in OF_LIBPQ and value not in ("", None)}
    )


def environ() -> dict[str, str]:
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PG", "LIANDONG_", "DATABASE_URL"))
    }
    return plain | {"PGPASSWORD": connection.settings_dict.get("PASSWORD") or "", "LC_ALL": "C.UTF-8"}
