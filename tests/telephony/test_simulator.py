"""The simulator keeps the contract of the port; and what only it can show."""

import uuid

import pytest

from liandong.telephony.port import Failed, HungUp, Incoming
from liandong.telephony.simulator import Simulator
from tests.telephony.contract import FIRST, Contract


class Line:
    """The simulator with a clock that the test moves."""

    def __init__(self):
        self.now = 0.0
        self.exchange = Simulator(lambda: self.now)
        self.picks_up = self.exchange.phone_picks_up
        self.presses_transfer = self.exchange.phone_asks
        self.takes_away, self.nobody_at = self.exchange.unregistered.add, self.exchange.absent.add

    def told(self, n=0):
        return self.exchange.events()

    def until(self, condition):
        assert condition()

    def key_said(self, extension):
        return dict(self.exchange.answers_to_keys).get(extension)

    def rings_in(self):
        call = uuid.uuid4()
        self.exchange.dial_in(Incoming(call, "13800002671", "12345"))
        return call

    def gives_up(self, call):
        self.exchange.hang_up(call, "caller")

    def pass_time(self, seconds):
        self.now += seconds


@pytest.fixture
def line():
    return Line()


class TestSimulator(Contract):
    pass


def test_a_trunk_that_is_down_ends_only_the_call_that_was_to_go_out(line):
    first = line.rings_in()
    line.told()
    line.exchange.trunk_down = True
    call = uuid.uuid4()
    line.exchange.dial_out(call, "13800002671", FIRST, 20)
    assert line.told() == [Failed(call, "13800002671", "trunk_down"), HungUp(call, "switch")]
    assert [talk.call for talk in line.exchange.talks()] == [first]


def test_calls_of_an_exchange_without_wires_end_with_its_process(line):
    call = line.rings_in()
    line.exchange.join(call, FIRST)
    line.told()
    line.exchange.close()
    assert line.told() == [HungUp(call, "switch", (FIRST,))]
    assert line.exchange.talks() == ()
