"""Of several processes over one database one acts; another takes the turn when its connection ends."""

import threading
import time

import pytest
from django.db import connection

from liandong.channels.turn import Turn


class Other(threading.Thread):
    """Another process's turn, on a connection of its own: `ask` says whether it is its."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.turn, self.had = Turn("switch"), []
        self.wanted, self.told = threading.Semaphore(0), threading.Semaphore(0)
        self.over = False
        self.start()

    def run(self) -> None:
        while self.wanted.acquire() and not self.over:
            self.had.append(self.turn.ours())
            self.told.release()
        connection.close()

    def ask(self) -> bool:
        self.wanted.release()
        assert self.told.acquire(timeout=10)
        return self.had[-1]

    def end(self) -> None:
        self.over = True
        self.wanted.release()
        self.join(10)


def soon(asks) -> bool:
    """Whether it becomes true: the server frees a lock a moment after its connection was closed."""
    until = time.monotonic() + 10
    while not asks() and time.monotonic() < until:
        time.sleep(0.05)
    return asks()


@pytest.fixture
def other():
    one = Other()
    yield one
    one.end()


def test_one_has_the_turn_and_the_next_gets_it_when_that_one_is_gone(own_database, other):
    ours = Turn("switch")
    assert ours.ours()
    assert not other.ask()
    connection.close()
    assert soon(other.ask)
    assert not ours.ours(), "who was away asks anew"
    other.end()
    assert soon(ours.ours)


def test_who_lost_its_connection_and_was_not_missed_goes_on(own_database, other):
    ours = Turn("switch")
    assert ours.ours()
    connection.close()
    assert soon(ours.ours)
    assert not other.ask()
