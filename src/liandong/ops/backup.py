"""`liandong backup`: the database and the evidence files in one folder, sealed; the keys are kept apart by whoever keeps them."""

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from liandong import __version__
from liandong.exchange.listening import parameters
from liandong.ops.kept import (
    DATABASE,
    FILES,
    BadBackup,
    backups,
    chunks_of,
    flushed,
    missing,
    named,
    write_list,
    written,
)
from liandong.ops.postgres_binaries import candidates, read_major
from liandong.records.sealed import key_id, sealed

OF_LIBPQ = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"password", "client_encoding"}
SECRET = {"sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"}
APART = 17
"""Dumps and programs of this major version and later do not go into servers of an earlier one."""


def backup(to: Path, keep: int, tell: Callable[[str], None]) -> Path:
    """Make one and take away what is older than the newest `keep` (0: nothing). BadBackup when it cannot be made whole."""
    if not default_storage.keys:
        raise BadBackup("没有给出材料的密钥 LIANDONG_FILE_KEYS，备份无法封存。请运行 liandong doctor。")
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(to):
            whole = _made(to, tell)
            _prune(to, keep, tell)
            return whole
    except (OSError, DatabaseError, psycopg.Error) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise BadBackup(f"备份没有做成：{first}。原有的备份都还在。") from None


def prune(to: Path, keep: int, tell: Callable[[str], None]) -> None:
    """Only take away: for a disk that has no room for one more."""
    try:
        with alone(to):
            _prune(to, keep, tell)
    except OSError as error:
        raise BadBackup(f"旧备份没有删成：{error}。") from None


def _prune(to: Path, keep: int, tell: Callable[[str], None]) -> None:
    for old in backups(to, settings.NODE)[:-keep] if keep else []:
        shutil.rmtree(old)
        tell(f"已删去旧备份 {old.name}")


@contextlib.contextmanager
def alone(to: Path) -> Iterator[None]:
    """One backup of this node at a time: a second would take the first one's unfinished folder for a left-over."""
    with (to / f".{settings.NODE}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadBackup(f"{to} 里正在做另一份备份。等它做完再来，或用 --to 指定别的文件夹。") from None
        yield


def _made(to: Path, tell: Callable[[str], None]) -> Path:
    """Filled under another name, and renamed only when every file of its list is there."""
    now = timezone.now()
    whole = to / now.strftime(f"{named(settings.NODE)}%Y%m%dT%H%M%SZ")
    for left in to.glob("*.partial"):
        if left.name.removesuffix(".partial")[:-16] == named(settings.NODE):  # of one that was broken off
            shutil.rmtree(left, ignore_errors=True)
    part = whole.with_name(f"{whole.name}.partial")
    try:
        part.mkdir(mode=0o700)
        files, keys = _fill(part, whole.name, now)
        if lost := missing(part, files):
            raise OSError(f"{lost[0]} 写好以后不见了")
        flushed(part, *(folder for folder in part.rglob("*") if folder.is_dir()))
        part.rename(whole)
        flushed(to)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    tell(f"备份在 {whole}。它封在密钥（编号 {default_storage.writes_under}）下面：密钥要另存一处，丢了它备份就打不开。")
    for key in keys:
        if key not in default_storage.known:
            tell(f"注意：有材料封在密钥（编号 {key}）下面，这里没有给出。备份里有这些材料，没有那个密钥打不开。")
    return whole


def _fill(part: Path, name: str, now: datetime) -> tuple[dict, list[str]]:
    """The database first: a file newer than its records is swept; a record whose file is missing would be a loss."""
    secret, files = default_storage.keys[0], {}
    with snapshot() as (shot, about):
        about |= {"made_at": now.isoformat(), "name": name, "version": __version__, "node": settings.NODE,
                  "dumped_by": program("pg_dump", about["postgresql"])[0], "secret_key": secret_key_id()}  # fmt: skip
        files[DATABASE] = written(part / DATABASE, sealed(dumped(shot, about["postgresql"]), secret, f"backup/{name}"))
    for path in sorted(p for p in Path(settings.FILES).rglob("*") if p.is_file()):
        inner = f"{FILES}/{path.relative_to(settings.FILES)}"
        try:
            with path.open("rb") as file:
                files[inner] = written(part / inner, chunks_of(file))
        except FileNotFoundError:
            continue  # its time came meanwhile
    write_list(part, about, files, secret)
    return files, about["keys"]


@contextlib.contextmanager
def snapshot() -> Iterator[tuple[str, dict]]:
    """One view of the database that the dump shares, and what is counted in it."""
    with psycopg.connect(**parameters()) as own:
        own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        own.execute("SET idle_in_transaction_session_timeout = 0")  # it only waits, for as long as the dump takes
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
    command = [program("pg_dump", server)[1], "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={shot}"]
    with subprocess.Popen(
        [*command, f"--dbname={address()}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ()
    ) as run:
        yield from chunks_of(run.stdout)
        said = run.stderr.read().decode(errors="replace")
    if run.returncode:
        raise OSError(f"pg_dump: {said.strip()[-300:]}")


def program(name: str, needs: int, server: int | None = None) -> tuple[int, Path]:
    """The oldest of the programs there are that knows what was made by major version `needs` and speaks to `server` (the same
    unless given), with its own version. From 17 on both programs set what servers before 17 refuse."""
    server = needs if server is None else server
    found = [(read_major(folder, name), folder / name) for folder in candidates() if (folder / name).is_file()]
    fit = sorted((major, path) for major, path in found if major >= needs and (server >= APART or major < APART))
    if not fit:
        raise BadBackup(
            f"没有 PostgreSQL {needs} 的 {name}。请运行 sudo apt install postgresql-client-{needs}，或用 LIANDONG_PG_BIN 指明。"
        )
    return fit[0]


def secret_key_id() -> str:
    """The public name of the secret that second factors are sealed under; empty when none is given."""
    with contextlib.suppress(ImproperlyConfigured):
        return key_id(settings.SECRET_KEY)
    return ""


def address() -> str:
    """The database for libpq, without the password: the list of processes is everybody's to read. BadBackup for a secret that
    can be given in no other way."""
    told = {name: value for name, value in parameters().items() if name in OF_LIBPQ and value not in ("", None)}
    if secret := sorted(SECRET & told.keys()):
        raise BadBackup(
            f"DATABASE_URL 里的 {secret[0]} 备份时会被本机所有人看到。请改用 passfile，或没有口令的 sslkey 文件。"
        )
    return make_conninfo(**told)


def environ() -> dict[str, str]:
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PG", "LIANDONG_", "DATABASE_URL"))
    }
    return plain | {"PGPASSWORD": connection.settings_dict.get("PASSWORD") or "", "LC_ALL": "C.UTF-8"}
