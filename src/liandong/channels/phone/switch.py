"""`liandong switch`: the process between the pages and the telephone exchange.

Pages write voice orders, the switch does them; the exchange tells what happens, the switch acts on it and keeps the
Call rows as it sees them. On its start every call still shown as live that the exchange no longer carries is ended
(hung up by "switch"): its matter keeps what was written down, its seats wrap up, and nothing is left ringing. In this
version the exchange is the simulator, whose calls do not survive its process, so that means all of them.
"""

import contextlib
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from liandong.actions import listening, seats, voice
from liandong.channels.phone.happenings import Happenings, end_of_call
from liandong.channels.phone.orders import Orders
from liandong.channels.phone.phones import Phones
from liandong.channels.pulse import Pulse
from liandong.exchange.listening import DATABASE_LOST, Wakeups
from liandong.records.models import Call, Contact, Transfer, VoiceOrder
from liandong.rules import flows
from liandong.rules.say import Conflict
from liandong.telephony import port
from liandong.telephony.port import Exchange, Talk
from liandong.telephony.simulator import Simulator

IDLE, WAITING = 0.2, 0.03
"""Longest pause between two looks in seconds; WAITING while an order waits for its record to be delivered."""
STALE_EVERY = 1.0
"""Seconds between two looks whether what rings is still wanted."""


class Switch:
    """One round after the other: orders, then what the exchange told, then the calls as they stand."""

    def __init__(self, exchange: Exchange, pulse: Pulse) -> None:
        self.exchange, self.pulse = exchange, pulse
        self.orders = Orders(exchange, Phones())
        self.happenings = Happenings(self.orders)
        self.told: deque[port.Event] = deque()  # kept until acted on, also over a lost database
        self.shown: dict[UUID, tuple[Talk, datetime]] = {}
        self.looked_for_stale = 0.0

    def run(self) -> None:
        """Until asked to stop."""
        wakeups, found, waiting = Wakeups(voice.CHANNEL), False, 0
        while not self.pulse.stopping.is_set():
            with self.pulse.round():
                self.pulse.beat()
                if not found:
                    end_dead_calls({talk.call for talk in self.exchange.talks()}, timezone.now())
                    found = True
                wakeups.wait(WAITING if waiting else IDLE)
                waiting = self.round()
        wakeups.close()

    def end(self) -> None:
        """Hang up every call; for an exchange that ends with this process."""
        for talk in self.exchange.talks():
            self.exchange.hang_up(talk.call)
        with contextlib.suppress(*DATABASE_LOST):  # the next start finds what could not be said now
            self.act()
            self.report(timezone.now())

    def round(self) -> int:
        """One round; returns how many orders still wait."""
        waiting = self.take_orders()
        self.act()
        if time.monotonic() - self.looked_for_stale > STALE_EVERY:
            self.looked_for_stale = time.monotonic()
            self.stop_stale()
        self.report(timezone.now())
        return waiting

    def take_orders(self) -> int:
        """Do the orders there are, each in a savepoint of its own: a bad one is dropped with "error", the rest done."""
        waiting = 0
        with transaction.atomic():
            for row in voice.take(200):
                at = timezone.now()
                result = self.do(row, at)
                if result is None:
                    waiting += 1
                else:
                    voice.done(row, result, at=at, call=row.call)
        return waiting

    def do(self, row: VoiceOrder, at: datetime) -> str | None:
        try:
            with transaction.atomic():
                return self.orders.do(row, at)
        except DATABASE_LOST:
            raise
        except Exception:
            self.pulse.log.exception("voice order %s %s", row.pk, row.kind)
            return "error"

    def act(self) -> None:
        """Act on what the exchange told, oldest first; an event is forgotten only when it has been acted on."""
        self.told.extend(self.exchange.events())
        while self.told:
            try:
                self.happenings.handle(self.told[0], timezone.now())
            except DATABASE_LOST:
                raise
            except Exception:
                self.pulse.log.exception("event %s", self.told[0])
            self.told.popleft()

    def stop_stale(self) -> None:
        """A phone that rings for an offer that is no longer open stops, whatever became of the order that says so."""
        wanted = Transfer.objects.filter(pk__in=set(self.orders.offers.values()), state__in=flows.waiting("transfer"))
        open_now = set(wanted.values_list("pk", flat=True)) if self.orders.offers else set()
        for (call, extension), offer in list(self.orders.offers.items()):
            if offer not in open_now:
                with contextlib.suppress(port.NoSuchCall):
                    self.exchange.stop_ringing(call, extension)
                del self.orders.offers[call, extension]

    def report(self, at: datetime) -> None:
        """Write down the calls that look different from when they were last written."""
        now = {talk.call: talk for talk in self.exchange.talks()}
        for call, talk in now.items():
            before, began = self.shown.get(call, (None, at))
            if before != talk:
                write_down(self.row(talk, state_of(talk), began), at)
                self.shown[call] = (talk, began)
        for call in [call for call in self.shown if call not in now]:
            last, began = self.shown[call]
            ended = self.row(Talk(call, last.number, last.line), "ended", began)
            ended.ended_at = at
            write_down(ended, at)
            del self.shown[call]

    def row(self, talk: Talk, state: str, began: datetime) -> Call:
        seats_of = self.orders.phones.seats_of
        return Call(pk=talk.call, number=talk.number, line=talk.line, state=state, seats=seats_of(talk.extensions),
                    ringing=seats_of(talk.ringing), began_at=began)  # fmt: skip


def write_down(call: Call, at: datetime) -> None:
    """The call as it stands now; a listening ends with the talk it listens to, in the same moment."""
    with transaction.atomic():
        voice.report(call)
        listening.end_with_talk(call, at=at)


def state_of(talk: Talk) -> str:
    """The word of the Call row."""
    if talk.extensions:
        return "held" if talk.held else "talking"
    return "ringing" if talk.ringing else "queued"


def end_dead_calls(alive: set[UUID], at: datetime) -> None:
    """End what the records show as live and the exchange does not carry: by "switch", with its seats wrapping up."""
    for call in Call.objects.exclude(state="ended").exclude(pk__in=alive):
        for seat in call.seats:
            seats.mark(seat, "wrapping", at=at, only=("talking",))
        call.state, call.seats, call.ringing, call.ended_at = "ended", [], [], at
        write_down(call, at)
        voice.outcome(call.pk, "lost")
    broken = Contact.objects.filter(call__isnull=False, ended_at__isnull=True).exclude(call__in=alive)
    for call in broken.values_list("call", flat=True):
        with contextlib.suppress(Conflict):
            end_of_call(call, "switch", at)


def main(argv: Sequence[str]) -> int:
    """Run until SIGTERM; 0."""
    pulse = Pulse("switch")
    pulse.listen_to_signals()
    switch = Switch(Simulator(time.monotonic), pulse)
    switch.run()
    switch.end()
    return 0
