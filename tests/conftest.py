"""What every test may ask for. Who asks for a database gets a real PostgreSQL, started by the product's launcher."""

import os
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from psycopg import sql

from liandong.ops.home import find_home
from liandong.ops.postgres import Cluster
from tests.hard_limit import hard_limit

BROWSER_LIMIT = 360
"""Seconds that a test in a browser, what it starts and what it stops may take."""


def pytest_addoption(parser):
    parser.addoption(
        "--database-only", action="store_true", help="leave out what neither asks a database nor starts one"
    )


def pytest_collection_modifyitems(config, items):
    """With `--database-only` (for another PostgreSQL) pure tests, which have passed already, are not run again; nor are slow
    ones, but those of the server itself: the others ask at length what quick ones ask of every table. Of pages and the API
    the matrix stays, which asks every address as everybody; what nodes, channels and scenarios ask of the server, actions and
    queries do."""
    if not config.getoption("--database-only"):
        return
    asks = [_again(item) for item in items]
    config.hook.pytest_deselected(items=[item for item, its in zip(items, asks, strict=True) if not its])
    items[:] = [item for item, its in zip(items, asks, strict=True) if its]


def _again(item) -> bool:
    room = item.path.relative_to(Path(__file__).parent).parts[0]
    if "matrix" in item.path.name:
        return True
    if item.get_closest_marker("slow"):
        return item.path.name in ("test_postgres.py", "test_backup.py", "test_upgrade.py")
    asks = {"db", "own_database", "postgres"} & set(item.fixturenames) or item.get_closest_marker("django_db")
    return bool(asks) and room not in ("web", "api", "channels", "exchange", "scenarios")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """No test in a browser stands still: the run says where, and ends."""
    if not item.get_closest_marker("browser"):
        return (yield)

    def say(words: str) -> None:
        item.config.pluginmanager.getplugin("capturemanager").suspend(in_=True)
        sys.stderr.write(words)
        sys.stderr.flush()

    with hard_limit(BROWSER_LIMIT, item.nodeid, say):
        return (yield)


@pytest.fixture(scope="session")
def postgres():
    """The server of this test run: `DATABASE_URL` when given, else a throw-away cluster (`LIANDONG_PG_BIN` counts)."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    cluster = Cluster(find_home())
    cluster.start(patience=30)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres):
    """Starts the server before pytest-django makes the test database, and only if some test needs one."""


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The migrated test database, made also when only tests with an `own_database` run; they carry no marker."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        connections.close_all()  # whoever copies it must be alone with it
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A copy of the migrated test database in which commits are real: for several connections, threads, processes.

    Yields its URL (for `DATABASE_URL` of a child process). Django's flush is not used, because records that may only
    be appended to refuse TRUNCATE. Do not mark such a test with django_db.
    """
    default = connections["default"]
    settings = default.settings_dict
    original, copy = settings["NAME"], f"own_{uuid.uuid4().hex[:12]}"
    default.close()
    name, template = sql.Identifier(copy), sql.Identifier(original)
    with psycopg.connect(url_of(settings, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
    settings["NAME"] = copy
    try:
        with django_db_blocker.unblock():
            yield url_of(settings, copy)
    finally:
        connections.close_all()
        settings["NAME"] = original
        with psycopg.connect(url_of(settings, "postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def url_of(settings: dict, name: str) -> str:
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    parts = {theirs: settings[ours] for ours, theirs in keys.items() if settings.get(ours)}
    return psycopg.conninfo.make_conninfo(dbname=name, **parts)
