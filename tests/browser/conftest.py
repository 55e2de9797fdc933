"""The demo city as a person starts it, and people who sit down in Chromium, each in a context of their own."""

import os
import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Error, sync_playwright

from liandong.jobs.seating import look_after_seats
from liandong.ops.home import Home
from liandong.ops.postgres import Cluster
from tests.browser.people import PASSWORD, Caller, Somebody
from tests.cast import SHANGHAI, assemble
from tests.hard_limit import BEFORE_THE_END
from tests.ops.node import Node, port_from

# Playwright's synchronous face keeps an event loop in this thread; the tests' own queries are not inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

HERE = Path(__file__).resolve().parent
ARTIFACTS = HERE.parents[1] / "artifacts" / "browser"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--lang=zh-CN"]  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):  # whatever the folder of the checkout is called
            item.add_marker(pytest.mark.browser)
            if "hand" in getattr(getattr(item, "callspec", None), "params", {}):
                item.add_marker(pytest.mark.hands)


LOGS = ARTIFACTS / "logs"


def start_city():
    base = Path(tempfile.mkdtemp(prefix="ld-browser-", dir="/var/tmp"))
    base.chmod(0o711)
    node = Node(Home(base), port_from(18000))
    RUNNING.append(node)
    try:
        os.environ["LIANDONG_LOG_FORMAT"] = "json"  # as in production, whose lines hold nothing of a person
        node.start("--demo", within=120)
        yield node
    finally:
        node.stop()
        RUNNING.remove(node)
        shutil.copytree(node.home.logs, LOGS, dirs_exist_ok=True)
        shutil.rmtree(base, ignore_errors=True)


RUNNING: list[Node] = []


def kill_cities() -> None:
    for node in RUNNING:
        for pid in node.everybody():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


BEFORE_THE_END.append(kill_cities)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that failed shows where everybody was, and what the city's processes said last."""
    report = yield
    if report.failed and report.when == "call":
        people = [
            f"{one.username} at {one.page.url}: {one.fault}\n  {one.standing}" for one in getattr(item, "people", [])
        ]
        report.sections.append(("people", "\n".join(people)))
    if report.failed and RUNNING and "city" in item.fixturenames:
        node = RUNNING[-1]
        said = ["supervisor: " + line.rstrip() for line in node.said[-8:]]
        for log in sorted(node.home.logs.glob("*.log")):
            said += [f"{log.stem}: {line}" for line in log.read_text(errors="replace").splitlines()[-8:]]
        report.sections.append(("the city's processes", "\n".join(said)))
    return report


@pytest.fixture(scope="session")
def node():
    """The demo city as the processes it is; it runs until the last test. Who kills one of them waits until it is back."""
    yield from start_city()


@pytest.fixture(scope="session")
def city(node):
    """The demo city's address."""
    return f"http://127.0.0.1:{node.port}"


@pytest.fixture
def night(own_database, monkeypatch):
    """The pages on a Saturday evening, served by this process so that its clock can be moved: the address and the cast.

    There is no live process beside it; the pages poll, as they do when that one is down. Of the worker the seats are
    looked after, so that who waits rings.
    """
    evening = datetime(2026, 11, 21, 21, 10, tzinfo=SHANGHAI)
    ahead = evening - timezone.now()
    real = timezone.now
    cast = assemble(evening)
    monkeypatch.setattr(timezone, "now", lambda: real() + ahead)
    with serving(StaticFilesHandler(get_wsgi_application())) as address, seats_looked_after():
        yield address, cast


@contextmanager
def seats_looked_after():
    """The worker's rounds over the seats, in this process and by its clock."""
    stop = threading.Event()

    def rounds():
        while not stop.wait(0.25):
            look_after_seats(timezone.now())
        connections.close_all()

    thread = threading.Thread(target=rounds, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


@contextmanager
def serving(application):
    """A WSGI application on a free port of this machine."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture(scope="package")
def chromium():
    """One browser for this folder, closed after it: its event loop must not outlive these tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def hand(request):
    """With what everybody touches their page, as the test says (hands.py)."""
    return getattr(request, "param", "mouse")


def calm() -> None:
    """What an earlier scenario left in danger is over: at a 110 where nobody is sent it would open before anything else."""
    for node in RUNNING:
        with suppress(psycopg.OperationalError), psycopg.connect(**Cluster(node.home).settings()) as connection:
            connection.execute("UPDATE records_matter SET danger = 'lowered' WHERE id IN (SELECT matter_id FROM records_demand "
                               "WHERE state = 'open')")  # fmt: skip
            connection.execute("UPDATE records_demand SET state = 'lowered', due_at = NULL, ended_at = now(), why = 'over' "
                               "WHERE state = 'open'")  # fmt: skip


@pytest.fixture
def somebody(chromium, request, hand):
    """`somebody(address, "lin", seat="07")` signs in and sits down; pictures of every page are kept at the end."""
    calm()
    people: list[Somebody] = []
    request.node.people = people

    def arrive(address: str, username: str, seat: str = "", password: str = PASSWORD, **more) -> Somebody:
        person = Somebody(chromium, address, username, hand=hand, **more)
        people.append(person)
        person.sign_in(seat, password)
        return person

    yield arrive
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    for person in people:
        with suppress(Error):  # whose browser died has nothing to show
            person.page.screenshot(path=ARTIFACTS / f"{request.node.name[:80]}-{person.username}.png")
        person.leave()
        assert not person.complaints, person.complaints


@pytest.fixture
def caller(chromium, city, hand):
    """The person on the telephone; has hung up when the test is over, before anybody else leaves."""
    person = Caller(chromium, city, "su", hand=hand)
    person.sign_in()
    yield person
    person.hangs_up()
    person.leave()
