"""A day's matters are backed up, destroyed and put back whole; a backup that is not whole, or not ours, is refused."""

import json
import shutil
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections
from psycopg import sql

from liandong.actions import evidence, handle, transfer
from liandong.exchange.listening import parameters
from liandong.ops import kept
from liandong.ops.backup import address, alone, backup, environ, program, snapshot
from liandong.ops.kept import DATABASE, LIST, BadBackup
from liandong.ops.restore import restore
from liandong.queries import chains
from liandong.records.models import Event, EvidenceFile, Matter, Transfer, Unit
from tests.actions import files as made
from tests.cast import assemble
from tests.conftest import url_of

KEY = "first-secret-of-the-tests-0123456789-abcdefgh"
NUMBER, WORDS = "13800002671", "王秀英说六号楼漏水"


@pytest.fixture
def store(settings, tmp_path):
    """Evidence files in a folder of the test's own, under its own key."""

    def under(*keys: str) -> Path:
        options = {"location": tmp_path / "files", "keys": list(keys)}
        one = {"BACKEND": "liandong.records.sealed.SealedStorage", "OPTIONS": options}
        settings.STORAGES = settings.STORAGES | {"default": one}
        settings.FILES = tmp_path / "files"
        return settings.FILES

    under(KEY)
    return under


@pytest.fixture
def empty(own_database):
    """`empty()`: the database is gone, an empty one stands in its place."""
    names = []

    def put_in_place() -> None:
        parts = connections["default"].settings_dict
        connections.close_all()
        names.append(f"empty_{uuid.uuid4().hex[:12]}")
        with psycopg.connect(url_of(parts, "postgres"), autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(names[-1])))
        parts["NAME"] = names[-1]

    yield put_in_place
    parts = connections["default"].settings_dict
    connections.close_all()
    with psycopg.connect(url_of(parts, "postgres"), autocommit=True) as server:
        for name in names:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def day(own_database, store):
    """Matters of a day: one handed over, one with an order and a picture."""
    cast = assemble()
    matter = cast.call(cast.lin, WORDS, number=NUMBER, district="532301")
    cast.act(transfer.offer, matter, cast.desk("110:532301"), by=cast.lin)
    other = cast.call(cast.lin, "路灯坏了六盏")
    order = cast.act(handle.assign, other, Unit.objects.get(code=cast.duan.unit), by=cast.lin, ask="修好", part="lead")
    given = evidence.look(made.upload(made.JPEG, "现场.jpg"), "现场.jpg")
    cast.act(evidence.add, other, given, order=order, by=cast.duan)
    return cast


def stands() -> dict:
    """What must be there again: rows, the last digest of every chain, and what a picture opens to."""
    heads = dict(Event.objects.order_by("stream", "seq").values_list("stream", "digest"))
    file = EvidenceFile.objects.get()
    with default_storage.open(file.stored) as picture:
        return {"matters": list(Matter.objects.order_by("pk").values_list("pk", "number", "said", "holder__code")),
                "offers": list(Transfer.objects.values_list("pk", "state")), "heads": heads, "picture": picture.read()}  # fmt: skip


def test_matters_backed_up_and_destroyed_come_back_whole_and_in_their_chains(
    day, store, empty, tmp_path, settings, monkeypatch
):
    before, said = stands(), []
    folder = backup(tmp_path / "kept", 0, said.append)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (NUMBER, WORDS, "王秀英", KEY, "PGDMP"):
        assert secret.encode() not in everything  # whoever finds it reads nothing, and the keys are elsewhere
    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*")} <= {"0o600", "0o700"}
    empty()
    shutil.rmtree(store(KEY))
    with monkeypatch.context() as full, pytest.raises(BadBackup, match="No space left"):
        full.setattr("liandong.ops.restore.flushed", lambda folder: (_ for _ in ()).throw(OSError("No space left")))
        restore(folder, said.append)
    assert (
        connection.introspection.table_names() == []
    )  # a full disk stops it before the database: it may be done again
    settings.SECRET_KEY = "of-another-node-0123456789-abcdefghijklmnopqrst"
    restore(folder, said.append)
    assert [line for line in said if "第二重验证" in line] and [line for line in said if "liandong erase" in line]
    assert stands() == before
    tally = chains.Tally()
    assert list(chains.verify(tally)) == []
    assert tally.rows == Event.objects.count() > 10
    with pytest.raises(BadBackup, match="已经有东西"):
        restore(folder, said.append)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE records_event SET kind = 'x' WHERE id = (SELECT max(id) FROM records_event)")


def test_a_backup_that_is_not_whole_or_not_ours_is_refused_before_a_byte_is_written(day, store, empty, tmp_path):
    folder = backup(tmp_path / "kept", 0, lambda words: None)
    empty()

    def refused(match: str, spoil, *keys: str) -> None:
        copy = tmp_path / uuid.uuid4().hex
        shutil.copytree(folder, copy)
        spoil(copy)
        store(*(keys or (KEY,)))
        with pytest.raises(BadBackup, match=match):
            restore(copy, lambda words: None)
        assert connection.introspection.table_names() == []

    def spoil_byte(copy: Path) -> None:
        data = bytearray((copy / DATABASE).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / DATABASE).write_bytes(data)

    def with_list(change):
        def spoil(copy: Path) -> None:
            said = json.loads((copy / LIST).read_text())
            change(said)
            (copy / LIST).write_text(json.dumps(said))

        return spoil

    def newer(copy: Path) -> None:
        said = json.loads((copy / LIST).read_text())
        files = {path: tuple(row) for path, row in said.pop("files").items()}
        about = {name: value for name, value in said.items() if name not in ("signed", "format")}
        (copy / LIST).unlink()
        kept.write_list(copy, about | {"migrations": ["records.9999_later"]}, files, KEY)

    refused("备份坏了.*database", spoil_byte)
    refused("备份坏了.*files/", lambda copy: shutil.rmtree(copy / "files"))
    refused("不是联动的完整备份", lambda copy: (copy / LIST).unlink())
    refused("不是联动的完整备份", lambda copy: (copy / LIST).write_text("[]"))
    refused("清单被改过", with_list(lambda said: said.update(events=1)))
    refused("清单被改过", with_list(lambda said: said["files"].pop(DATABASE)))
    refused("另一种格式", with_list(lambda said: said.update(format=2)))
    refused("别的系统的", lambda copy: None, "another-installation-s-secret-0123456789-abcdef")
    refused("更新的版本", newer)


def test_pg_dump_finds_the_database_and_no_password_stands_in_the_list_of_processes(monkeypatch):
    parts = connections["default"].settings_dict
    monkeypatch.setitem(parts, "PASSWORD", "a-password-of-the-tests")
    monkeypatch.setitem(parts, "OPTIONS", {"passfile": "/etc/liandong/pgpass", "hostaddr": "127.0.0.1"})
    assert "passfile=/etc/liandong/pgpass" in address()
    assert "hostaddr=127.0.0.1" in address()
    assert "a-password" not in address()
    assert environ()["PGPASSWORD"] == "a-password-of-the-tests"
    monkeypatch.setitem(parts, "OPTIONS", {"sslpassword": "of-the-certificate"})
    with pytest.raises(BadBackup, match="sslkey"):
        address()
    assert not [name for name in environ() if name.startswith("LIANDONG_")]  # nor our keys in its environment


def test_only_a_program_that_the_server_takes_is_run_and_a_folder_of_clients_counts(monkeypatch, tmp_path):
    for major in (15, 17, 18):
        client = tmp_path / str(major) / "pg_restore"  # and no `postgres` beside it
        client.parent.mkdir()
        client.write_text(f"#!/bin/sh\necho 'pg_restore (PostgreSQL) {major}.4 (Debian)'\n")
        client.chmod(0o755)
    monkeypatch.setattr("liandong.ops.backup.candidates", lambda: [tmp_path / str(major) for major in (18, 17, 15)])
    assert program("pg_restore", 15)[0] == 15
    assert program("pg_restore", 16, 17)[0] == 17
    assert program("pg_restore", 15, 18)[0] == 15
    with pytest.raises(BadBackup, match="PostgreSQL 16"):
        program("pg_restore", 16)  # those of 17 set what a server of 16 refuses


def test_a_dump_may_take_longer_than_an_idle_transaction_may(db, monkeypatch):
    short = parameters() | {"options": "-c idle_in_transaction_session_timeout=500"}
    monkeypatch.setattr("liandong.ops.backup.parameters", lambda: short)
    with snapshot() as (shot, about):
        time.sleep(1)  # what pg_dump takes
    assert shot and about["events"] == 0


def test_a_second_backup_beside_the_first_is_refused_and_takes_nothing_from_it(store, tmp_path):
    unfinished = tmp_path / "liandong-20260101T000000Z.partial"
    unfinished.mkdir()
    with alone(tmp_path), pytest.raises(BadBackup, match="正在做另一份"):
        backup(tmp_path, 1, lambda words: None)
    assert unfinished.is_dir()


def test_older_backups_go_and_one_that_broke_off_is_none(day, store, tmp_path, monkeypatch):
    to = tmp_path / "kept"
    for old in ("liandong-20260101T000000Z", "liandong-20260102T000000Z", "liandong-north-20260101T000000Z"):
        (to / old).mkdir(parents=True)
        (to / old / LIST).touch()
        (to / old / DATABASE).touch()
    (to / "liandong-20260103T000000Z").mkdir()
    (to / "liandong-20260103T000000Z" / LIST).touch()  # a list and no database is no backup
    (to / "liandong-north-20260101T000000Z.partial").mkdir()  # another node is at work
    newest = backup(to, 2, lambda words: None)
    assert [path.name for path in kept.backups(to, "")] == ["liandong-20260102T000000Z", newest.name]
    assert [path.name for path in kept.backups(to, "north")] == ["liandong-north-20260101T000000Z"]
    assert (to / "liandong-north-20260101T000000Z.partial").is_dir()
    with monkeypatch.context() as other, pytest.raises(BadBackup, match="不见了"):
        other.setattr("liandong.ops.backup.named", lambda node: "liandong-a")
        other.setattr("liandong.ops.backup.missing", lambda folder, files: [DATABASE])
        backup(to, 1, lambda words: None)
    before = sorted(path.name for path in to.iterdir())
    monkeypatch.setattr(
        "liandong.ops.backup.dumped", lambda shot, server: (_ for _ in ()).throw(OSError("No space left"))
    )
    monkeypatch.setattr("liandong.ops.backup.named", lambda node: "liandong-b")
    with pytest.raises(BadBackup, match="No space left"):
        backup(to, 0, lambda words: None)
    assert sorted(path.name for path in to.iterdir()) == before
    assert newest.name in before and "liandong-20260102T000000Z" in before
