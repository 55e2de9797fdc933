"""The worker does not outlive its relay: nobody would be told anything, and nothing would say so."""

import threading
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from liandong.channels.pulse import Pulse
from liandong.exchange.relay import Relay
from liandong.jobs.marking import Marking
from liandong.jobs.worker import Worker
from liandong.records.models import Seat


def test_a_worker_whose_relay_died_ends_so_that_it_is_started_anew(db, monkeypatch):
    died = threading.Event()
    monkeypatch.setattr(Relay, "run", lambda relay, stop: died.set())
    pulse = Pulse("worker")
    run = threading.Timer(20, pulse.stopping.set)
    run.start()
    Worker(pulse).run()
    assert died.is_set() and not pulse.stopping.is_set()
    run.cancel()


def test_how_the_links_stand_is_told_when_it_changes_and_now_and_then(cast):
    marking, now = Marking(), cast.clock.now
    assert told(marking, now) == 2, "two cities, at first"
    assert told(marking, now + timedelta(seconds=1)) == 0
    assert told(marking, now + timedelta(seconds=4)) == 0, "nothing changed"
    Seat.objects.filter(desk__code="12345:532300").update(seen_at=now - timedelta(minutes=9))
    assert told(marking, now + timedelta(seconds=6)) == 1
    assert told(marking, now + timedelta(seconds=24)) == 2, "a live process may have begun meanwhile"


def told(marking, at):
    with CaptureQueriesContext(connection) as asked:
        marking.look(at)
    return sum("pg_notify" in query["sql"] for query in asked)
