"""`liandong switch`: the process between the pages and the telephone exchange.

Pages write voice orders, the switch does them; the exchange tells what happens, the switch acts on it and keeps the
Call rows as it sees them. On its start it finds again, from the rows and the exchange, what it was doing (`again`): calls
that go on go on, and nothing of those that do not is left ringing.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liandong.actions import voice
from liandong.channels.measures import ORDERS_DONE
from liandong.channels.phone.afterwards import Afterwards
from liandong.channels.phone.again import Again
from liandong.channels.phone.calls import row, write_down, write_ended
from liandong.channels.phone.exchange import opened
from liandong.channels.phone.happenings import Happenings
from liandong.channels.phone.orders import Orders
from liandong.channels.phone.phones import Phones
from liandong.channels.phone.recordings import Fetching, Recordings
from liandong.channels.phone.spoken import Notices, city_voice
from liandong.channels.pulse import EVERY, Pulse
from liandong.channels.turn import Turn
from liandong.exchange.listening import DATABASE_LOST, Wakeups
from liandong.records.models import Call, Transfer, VoiceOrder
from liandong.rules import flows
from liandong.telephony import port
from liandong.telephony.asterisk import call_records
from liandong.telephony.port import Exchange, Talk

IDLE, WAITING = 0.2, 0.03
"""Longest pause between two looks in seconds; WAITING while an order waits for its record to be delivered."""
STALE_EVERY = 1.0
"""Seconds between two looks whether what rings is still wanted."""
TIDY_EVERY = 600.0
"""Seconds between two looks whether the exchange's own records have become too old to be kept."""


class Switch:
    """One round after the other: orders, then what the exchange told, then the calls as they stand."""

    def __init__(self, exchange: Exchange, pulse: Pulse) -> None:
        self.exchange, self.pulse = exchange, pulse
        self.orders = Orders(exchange, Phones())
        self.happenings = Happenings(self.orders)
        self.told: deque[port.Event] = deque()  # kept until acted on, also over a lost database
        self.shown: dict[UUID, tuple[Talk, datetime]] = {}
        self.afterwards = Afterwards()
        self.recordings, self.fetching = Recordings(exchange, self.orders.phones), Fetching(exchange)
        self.notices = Notices(exchange, city_voice())
        self.looked_for_stale = self.beaten = self.tidied = 0.0

    def run(self, turn: Turn) -> bool:
        """Until asked to stop; False when another switch took the turn while this one's database was away, and acts by now."""
        wakeups, found, waiting = Wakeups(voice.CHANNEL), False, 0
        self.fetching.thread.start()
        while not self.pulse.stopping.is_set():
            with self.pulse.round():
                self.pulse.beat()
                if not turn.ours():
                    self.pulse.log.warning("another switch has taken over")
                    return False
                self.beat_for_exchange()
                found = found or self.find_again()
                wakeups.wait(WAITING if waiting else IDLE)
                if found:
                    waiting = self.round()
        wakeups.close()
        return True

    def beat_for_exchange(self) -> None:
        """A real exchange's sign of life, which it cannot write itself: people see when it is away."""
        if settings.ARI_URL and time.monotonic() - self.beaten >= EVERY and self.exchange.here():
            self.beaten = time.monotonic()
            voice.beat("pbx", at=timezone.now())

    def find_again(self) -> bool:
        """What was going on before this process began; False while the exchange does not answer."""
        try:
            self.shown |= Again(self.orders).find(timezone.now())
            self.notices.found(self.shown)
        except port.Away:
            return False
        return True

    def let_go(self) -> None:
        """Say nothing more to the exchange: a real one's calls go on."""
        self.fetching.stop()
        self.notices.voice.close()
        self.exchange.close()

    def end(self) -> None:
        """Let go of the exchange, and act on what it still said."""
        self.let_go()
        with contextlib.suppress(*DATABASE_LOST):  # the next start finds what could not be said now
            self.act()
            self.report(timezone.now())
            self.recordings.look(timezone.now())
            self.fetching.look(timezone.now())  # a simulator's recordings end with it

    def round(self) -> int:
        """One round; returns how many orders still wait."""
        waiting = self.take_orders()
        self.act()
        if time.monotonic() - self.looked_for_stale > STALE_EVERY:
            self.looked_for_stale = time.monotonic()
            self.stop_stale()
        self.report(timezone.now())
        self.beside("recordings", lambda: self.recordings.look(timezone.now()))
        self.beside("what is said", self.notices.look)
        if settings.ARI_URL:
            self.read_call_records(timezone.now())
        return waiting

    def beside(self, name: str, look: Callable[[], None]) -> None:
        """What goes on beside the calls; what goes wrong with it holds up none of them."""
        try:
            look()
        except DATABASE_LOST:
            raise
        except Exception:
            self.pulse.log.exception(name)

    def read_call_records(self, at: datetime) -> None:
        """What a real exchange wrote down: calls nobody took are made up for, and what is too old is not kept."""
        if time.monotonic() - self.tidied > TIDY_EVERY:
            self.tidied = time.monotonic()
            call_records.tidy(settings.CALL_RECORDS, at)
        self.afterwards.look(at, here=self.exchange.here())

    def take_orders(self) -> int:
        """Do the orders there are, each in a savepoint of its own: a bad one is dropped with "error", the rest done."""
        waiting = 0
        with transaction.atomic():
            for order in voice.take(200):
                at = timezone.now()
                result = self.do(order, at)
                if result is None:
                    waiting += 1
                else:
                    voice.done(order, result, at=at, call=order.call)
                    ORDERS_DONE.labels(order.kind, result).inc()
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
                if isinstance(self.told[0], port.Recorded):
                    self.recordings.over(self.told[0], timezone.now())
                elif isinstance(self.told[0], port.Said):
                    self.notices.heard.over(self.told[0])
                else:
                    self.happenings.handle(self.told[0], timezone.now())
            except DATABASE_LOST:
                raise
            except Exception:
                self.pulse.log.exception("event %s", type(self.told[0]).__name__)  # its fields name who calls
            self.told.popleft()

    def stop_stale(self) -> None:
        """A phone that rings for an offer that is no longer open stops, whatever became of the order that says so."""
        wanted = Transfer.objects.filter(pk__in=set(self.orders.offers.values()), state__in=flows.waiting("transfer"))
        open_now = set(wanted.values_list("pk", flat=True)) if self.orders.offers else set()
        for (call, extension), offer in list(self.orders.offers.items()):
            if offer not in open_now:
                try:
                    self.exchange.stop_ringing(call, extension)
                except port.Away:
                    continue
                except port.NoSuchCall:
                    pass
                del self.orders.offers[call, extension]

    def report(self, at: datetime) -> None:
        """Write down the calls that look different from when they were last written."""
        try:
            now = {talk.call: talk for talk in self.exchange.talks()}
        except port.Away:
            return  # never heard of: what is written stays as it is
        for call, talk in now.items():
            before, began = self.shown.get(call, (None, at))
            if before != talk:
                self.write(write_down, talk, began, at)
                self.shown[call] = (talk, began)
        gone = [call for call in self.shown if call not in now]
        if gone:
            self.act()  # a matter hears that its talk is over before the call's row says so
        for call in gone:
            self.write(write_ended, *self.shown[call], at)
            del self.shown[call]

    def write(self, how: Callable[[Call, datetime], None], talk: Talk, began: datetime, at: datetime) -> None:
        """One call that cannot be written down is logged, and ends neither this process nor the others' rows."""
        try:
            how(row(talk, self.orders.phones, began), at)
        except DATABASE_LOST:
            raise
        except Exception:
            self.pulse.log.exception("call %s", talk.call)


def main(argv: Sequence[str]) -> int:
    """Run until SIGTERM; 0. Of several over one database one acts, and the others wait for its end: an exchange hears one."""
    pulse, turn = Pulse("switch"), Turn("switch")
    pulse.listen_to_signals()
    if not wait_for(turn, pulse):
        return 0
    switch = Switch(opened(), pulse)
    if switch.run(turn):
        switch.end()
    else:
        switch.let_go()
    return 0


def wait_for(turn: Turn, pulse: Pulse) -> bool:
    """True when this switch is the one; False when it was asked to stop before."""
    while not pulse.stopping.is_set():
        with pulse.round():
            pulse.beat()
            if turn.ours():
                return True
            pulse.stopping.wait(IDLE)
    return False
