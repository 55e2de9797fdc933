"""`liandong worker`: deadlines, seats, seals, the index of finding, the couriers to other organisations' nodes, what other
systems are posted, the channels with a connection of their own, and the relay that wakes the live pages."""

import threading
import time
from collections.abc import Sequence

from django.utils import timezone

from liandong.channels.listening import Listening
from liandong.channels.measures import STEPS, relayed
from liandong.channels.pulse import Pulse
from liandong.exchange.couriers import Couriers
from liandong.exchange.posting import Posters
from liandong.exchange.relay import Relay
from liandong.jobs.deadlines import Deadlines
from liandong.jobs.expiring import Expiring
from liandong.jobs.hooking import Hooking
from liandong.jobs.indexing import Indexing
from liandong.jobs.linking import Linking
from liandong.jobs.marking import Marking
from liandong.jobs.sealing import Sealing
from liandong.jobs.seating import look_after_seats
from liandong.jobs.settling import Settling
from liandong.jobs.tidying import Tidying

EVERY = 0.25
"""Seconds between two rounds: a ring time of seconds is kept to the second."""
LEAVING = 5.0
"""Seconds for all threads together to end after the last round: less than the supervisor waits (ops.supervisor.STOPPING)."""


class Worker:
    """One round after the other until asked to stop."""

    def __init__(self, pulse: Pulse) -> None:
        self.pulse = pulse
        self.deadlines = Deadlines()
        self.sealing = Sealing()
        self.settling = Settling()
        self.indexing = Indexing()
        self.tidying = Tidying()
        self.linking = Linking()
        self.marking = Marking()
        self.hooking = Hooking()
        self.expiring = Expiring()
        self.couriers = Couriers(pulse.stopping)
        self.posters = Posters(pulse.stopping)
        self.listening = Listening(pulse.stopping)

    def run(self) -> None:
        """Rounds in this thread, the relay in one of its own. Without a relay no page would be told anything: then this
        process ends, and the supervisor starts it anew."""
        relay = threading.Thread(target=Relay(relayed).run, args=(self.pulse.stopping,), name="relay", daemon=True)
        relay.start()
        while not self.pulse.stopping.is_set() and relay.is_alive():
            began = time.monotonic()
            with self.pulse.round():
                self.pulse.beat()
                self.listening.look()
                self.couriers.look()
                self.posters.look(timezone.now())
                STEPS.inc(self.round())
            self.pulse.stopping.wait(max(0.01, EVERY - (time.monotonic() - began)))
        until = time.monotonic() + LEAVING
        parts = (self.couriers, self.posters, self.listening)
        for thread in (relay, *(one for part in parts for one in part.threads.values())):
            thread.join(max(0.0, until - time.monotonic()))

    def round(self) -> int:
        """Whatever is due now; returns how much that was."""
        taken = self.deadlines.sweep(timezone.now()) + look_after_seats(timezone.now())
        taken += self.settling.look(timezone.now()) + self.tidying.look(timezone.now())
        taken += (
            self.linking.look(timezone.now()) + self.hooking.look(timezone.now()) + self.marking.look(timezone.now())
        )
        taken += self.expiring.look(timezone.now())
        return taken + self.sealing.look(timezone.now()) + self.indexing.look(timezone.now())


def main(argv: Sequence[str]) -> int:
    """Run until SIGTERM; 0."""
    pulse = Pulse("worker")
    pulse.listen_to_signals()
    Worker(pulse).run()
    return 0
