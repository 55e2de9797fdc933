"""Switch, worker and live as real processes on a real database: one call from the first ring to the hang-up."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from liandong.actions import receive, transfer
from liandong.channels.phone import demo
from liandong.records.models import Call, Contact, Event, Heartbeat, Matter, Recording, Seat, Transfer
from liandong.web import tickets
from tests.cast import assemble

pytestmark = pytest.mark.slow

POLICE = "110:532301"


class Now:
    """The machine's own clock, in the place of the cast's."""

    @property
    def now(self):
        return timezone.now()


def until(condition, within=8.0):
    """The first true answer of `condition`; a failure after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.03)
    return answer


@pytest.fixture
def start(own_database, tmp_path):
    """Start one of the product's processes on this test's database."""
    started = []

    def run(name, *words, **environ):
        environ = os.environ | {"DATABASE_URL": own_database, "LIANDONG_BEAT": str(tmp_path / name)} | environ
        environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": os.getcwd()}
        with open(tmp_path / f"{name}.log", "ab") as log:
            command = [sys.executable, "-m", "liandong.ops.command", name, *words]
            process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        started.append(process)
        process.beat = tmp_path / name
        process.log = tmp_path / f"{name}.log"
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def ended(process) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(8)


def beats(name):
    """A sign of life that is younger than now."""
    since = timezone.now()
    until(lambda: Heartbeat.objects.filter(process=name, at__gt=since).exists(), 15)


@pytest.fixture
def cast(own_database):
    cast = assemble(timezone.now() - timedelta(seconds=5))
    cast.clock = Now()
    return cast


def of(cast, seat_id):
    return next(actor for actor in cast.actors.values() if actor.seat == seat_id)


def rings_and_is_answered(cast):
    """A made-up caller, answered at the seat that rings; the matter, its call, and who answered."""
    call = demo.dial("12345", "13800002671", "鹿城镇东兴路", "532301", at=timezone.now())
    until(lambda: Call.objects.filter(pk=call, state="ringing").exists())
    matter = Matter.objects.get(contact__call=call)
    by = of(cast, matter.seat_id)
    cast.act(receive.answer, matter, by=by)
    until(lambda: Call.objects.get(pk=call).seats == [by.seat])
    cast.act(receive.record, matter, by=by, said="小区里有人打架", district="532301")
    return matter, call, by


def test_a_call_from_the_first_ring_over_a_transfer_to_the_hang_up(cast, start):
    switch, worker = start("switch"), start("worker")
    beats("switch"), beats("worker")
    matter, call, by = rings_and_is_answered(cast)
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    taker = of(cast, row.to_seat_id)
    time.sleep(0.4)
    assert Call.objects.get(pk=call).ringing == []  # the record is not there yet
    cast.act(transfer.receipt, row, "delivered", by=taker)
    until(lambda: Call.objects.get(pk=call).ringing == [taker.seat])
    row.refresh_from_db()
    assert row.delivered_at < row.rang_at
    assert Call.objects.get(pk=call).seats == [by.seat]
    cast.act(transfer.accept, row, by=taker)
    until(lambda: Call.objects.get(pk=call).seats == [taker.seat])
    assert Seat.objects.get(pk=by.seat).presence == "wrapping"
    demo.hang_up(call, at=timezone.now())
    until(lambda: Call.objects.get(pk=call).state == "ended")
    until(lambda: Contact.objects.get(call=call).ended_at)
    until(lambda: Recording.objects.filter(call=call, file__size__gt=44).count() == 2)
    assert Seat.objects.get(pk=taker.seat).presence == "wrapping"
    Seat.objects.filter(pk=taker.seat).update(presence_at=timezone.now() - timedelta(minutes=1))
    until(lambda: Seat.objects.get(pk=taker.seat).presence == "free")
    assert all(time.time() - process.beat.stat().st_mtime < 5 for process in (switch, worker))
    assert (ended(switch), ended(worker)) == (0, 0)
    assert "Traceback" not in switch.log.read_text() + worker.log.read_text()


def test_a_caller_who_hangs_up_during_an_offer_is_still_handed_over_without_voice(cast, start):
    start("switch")
    matter, call, by = rings_and_is_answered(cast)
    row = cast.act(transfer.offer, matter, cast.desk(POLICE), by=by, consent=True)
    demo.hang_up(call, at=timezone.now())
    until(lambda: Contact.objects.get(call=call).ended_at)
    assert Transfer.objects.get(pk=row.pk).state == "offered"
    cast.act(transfer.accept, row, by=of(cast, row.to_seat_id))
    assert Matter.objects.get(pk=matter.pk).holder.code == POLICE


def test_a_call_made_on_the_command_line_rings_at_the_countys_police(cast, start):
    start("switch")
    assert start("call", "--to", "110", "--district", "532301").wait(10) == 0
    until(lambda: Matter.objects.filter(holder__code=POLICE, contact__line="110", seat__presence="ringing").exists())


def test_a_killed_switch_leaves_nothing_ringing_after_its_next_start(cast, start):
    first = start("switch")
    matter, _, by = rings_and_is_answered(cast)
    waiting = demo.dial("12345", "13900001111", at=timezone.now())
    until(lambda: Call.objects.filter(pk=waiting, state="ringing").exists())
    first.kill()
    first.wait()
    second = start("switch")
    until(lambda: not Call.objects.exclude(state="ended").exists(), 15)
    said = json.loads(until(lambda: Event.objects.filter(matter=matter, kind="contact.ended").first()).body)
    assert said["by_whom"] == "switch"
    assert Seat.objects.get(pk=by.seat).presence == "wrapping"
    until(lambda: not Seat.objects.filter(presence="ringing").exists())
    demo.dial("110", at=timezone.now())
    until(lambda: Call.objects.filter(state="ringing").exists())
    assert ended(second) == 0


def test_a_wake_reaches_a_page_and_everybody_survives_a_restart_of_the_database(cast, start, postgres, own_database):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    live = start("live", LIANDONG_LIVE_PORT=str(port))
    switch, worker = start("switch"), start("worker")
    beats("switch"), beats("worker")
    heard = []
    until(lambda: answers(port), 15)
    listening = threading.Thread(target=hear, args=(port, heard), daemon=True)
    listening.start()
    until(lambda: heard[:1] == ["retry: 1000"])
    matter, _, _ = rings_and_is_answered(cast)
    until(lambda: any(str(matter.pk) in line for line in heard))

    connections.close_all()
    if postgres is not None:
        postgres.stop()
        time.sleep(1)
        postgres.start()
    else:
        with psycopg.connect(own_database, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                               " WHERE pid <> pg_backend_pid() AND datname = current_database()")  # fmt: skip
    until(lambda: "event: again" in heard, 15)
    beats("switch"), beats("worker")
    Seat.objects.exclude(presence="off").update(presence="free", seen_at=timezone.now())
    del heard[:]
    matter, _, _ = rings_and_is_answered(cast)
    until(lambda: any(str(matter.pk) in line for line in heard))
    assert [ended(process) for process in (live, switch, worker)] == [0, 0, 0]
    listening.join(5)
    assert "Traceback" not in "".join(process.log.read_text() for process in (live, switch, worker))


def answers(port) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def hear(port, heard):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/live/?ticket={tickets.issue(['desk:12345:532300'])}")
    answer = connection.getresponse()
    while line := answer.readline():
        heard.append(line.decode().strip())
    connection.close()
