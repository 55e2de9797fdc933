"""A cast at work today, and a switch that goes round when the test says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liandong.channels.phone import demo
from liandong.channels.phone.switch import Switch
from liandong.channels.pulse import Pulse
from liandong.records.models import Call, Matter, Seat, VoiceOrder
from liandong.telephony.simulator import Simulator
from tests.cast import Cast, assemble


class Now:
    """The machine's own clock, in the place of the cast's."""

    @property
    def now(self):
        return timezone.now()


@pytest.fixture
def cast(db) -> Cast:
    cast = assemble(timezone.now() - timedelta(seconds=5))
    cast.clock = Now()
    return cast


class Room:
    """The switch with its simulator, and what a test asks of both."""

    def __init__(self, cast):
        self.cast, self.seconds = cast, 0.0
        self.exchange = Simulator(lambda: self.seconds)
        self.switch = Switch(self.exchange, Pulse("switch"))

    def round(self, seconds: float = 0.0):
        """Let time pass for the exchange, then go round until nothing more follows."""
        self.seconds += seconds
        for _ in range(4):
            self.switch.round()

    def dials(self, line="12345", **more) -> Matter:
        call = demo.dial(line, "13800002671", "鹿城镇东兴路", at=timezone.now(), **more)
        self.round()
        return Matter.objects.get(contact__call=call)

    def hangs_up(self, matter):
        demo.hang_up(matter.contact.call, at=timezone.now())
        self.round()

    def call(self, matter) -> Call:
        return Call.objects.get(pk=matter.contact.call)

    def presence(self, actor) -> str:
        return Seat.objects.get(pk=actor.seat).presence

    def last(self, kind) -> VoiceOrder:
        return VoiceOrder.objects.filter(kind=kind).order_by("-id").first()


@pytest.fixture
def room(cast):
    return Room(cast)
