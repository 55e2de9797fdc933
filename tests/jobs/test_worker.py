"""The worker does not outlive its relay: nobody would be told anything, and nothing would say so."""

import threading

from liandong.channels.pulse import Pulse
from liandong.exchange.relay import Relay
from liandong.jobs.worker import Worker


def test_a_worker_whose_relay_died_ends_so_that_it_is_started_anew(db, monkeypatch):
    died = threading.Event()
    monkeypatch.setattr(Relay, "run", lambda relay, stop: died.set())
    pulse = Pulse("worker")
    run = threading.Timer(20, pulse.stopping.set)
    run.start()
    Worker(pulse).run()
    assert died.is_set() and not pulse.stopping.is_set()
    run.cancel()
