"""What the exchange tells, turned into acts: a call comes, a seat is in or out of the talk, the caller is gone."""

import contextlib
import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from liandong.actions import receive, ringing, seats, untaken, voice
from liandong.actions.intake import Arrival
from liandong.channels.phone import keys
from liandong.channels.phone.lines import desk_for, office_for
from liandong.channels.phone.orders import Orders
from liandong.channels.phone.phones import Phones
from liandong.exchange.listening import DATABASE_LOST
from liandong.records.models import Conference, Matter, Seat, Transfer
from liandong.rules import access
from liandong.rules.say import Unable
from liandong.telephony import port

AFTER_FAILURE = {port.UNREGISTERED: "break", port.TRUNK_DOWN: "break", port.BUSY: "wrapping"}
"""What a seat is when its phone could not ring: not rung again until its person, or the worker, says it is free."""

_log = logging.getLogger(__name__)


@dataclass
class Happenings:
    """Acts on one event at a time. `orders` remembers what the phones ring for, `lost` from which talk a phone was lost."""

    orders: Orders
    lost: dict[str, UUID] = field(default_factory=dict)

    @property
    def phones(self) -> Phones:
        return self.orders.phones

    def handle(self, event: port.Event, at: datetime) -> None:
        """Act on an event. What an act refuses (somebody was first) is logged and done with."""
        try:
            match event:
                case port.Incoming():
                    self._incoming(event, at)
                case port.Answered(call, extension):
                    self._answered(call, extension, at)
                case port.Left(call, extension, lost):
                    self._left(call, extension, lost, at)
                case port.Back(extension):
                    self._back(extension, at)
                case port.Failed(call, extension, cause):
                    self._failed(call, extension, cause, at)
                case port.Asked(call, extension, _):
                    try:
                        keys.pressed(event, self.phones.seat(extension), at=at)
                    except Exception:  # whatever it was: the phone waits for a word
                        self.orders.refuse(call, extension)
                        raise
                case port.HungUp():
                    self._hung_up(event, at)
        except Unable as refused:
            _log.info("%s: %s", type(event).__name__, refused.say.code)

    def _incoming(self, event: port.Incoming, at: datetime) -> None:
        arrival = Arrival("phone", event.line, event.number, event.place, event.accuracy_m, event.district,
                          call=event.call)  # fmt: skip
        try:
            desk = desk_for(event.city, event.line, event.district, at)
            # the key makes a second telling (after a lost database) the same matter
            receive.open(arrival, desk, by=access.system("switch", event.city), at=at, key=f"incoming:{event.call}",
                         office=office_for(desk, event.line, at))  # fmt: skip
        except DATABASE_LOST:
            raise  # told again when the database is back
        except Exception:
            self.orders.exchange.hang_up(event.call)  # no desk, no pack: silence for ever would be worse
            raise

    def _seat(self, call: UUID, extension: str) -> int | None:
        """The seat at the phone; None for the person who is rung back, also at a number that is a seat's extension."""
        _, number = self.orders.matters.get(call, (None, None))
        return None if extension == number else self.phones.seat(extension)

    def _answered(self, call: UUID, extension: str, at: datetime) -> None:
        seat = self._seat(call, extension)
        if seat is not None:
            self.orders.offers.pop((call, extension), None)
            self.lost.pop(extension, None)
            seats.mark(seat, "talking", at=at, only=("free", "ringing"))
        else:
            self._rung_back(call, "answered", at)

    def _left(self, call: UUID, extension: str, lost: bool, at: datetime) -> None:
        seats.mark(self.phones.seat(extension), "wrapping", at=at, only=("talking",))
        if lost:
            self.lost[extension] = call

    def _back(self, extension: str, at: datetime) -> None:
        """A phone is there again. Its talk, if it went on without it: a caller whom nobody has taken up yet is brought back
        to this seat, and so is this seat to a three-way talk that is still its own."""
        call, seat = self.lost.pop(extension, None), self.phones.seat(extension)
        if call is None or seat is None:
            return
        with contextlib.suppress(port.NoSuchCall):
            talk = self.orders.exchange.talk(call)
            table = Conference.objects.filter(state="open", matter__contact__call=call)
            ours = table.filter(Q(from_seat=seat) | Q(with_seat=seat, joined_at__isnull=False)).exists()
            if ours or not (talk.extensions or talk.joining):
                for other in self.phones.beside(extension, talk.ringing):  # who was to take the caller up
                    self.orders.exchange.stop_ringing(call, other)
                    seats.mark(self.phones.seat(other), "free", at=at, only=("ringing",))
                self.orders.exchange.join(call, extension)
                seats.mark(seat, "talking", at=at, only=("wrapping", "free"))

    def _rung_back(self, call: UUID, result: str, at: datetime) -> None:
        matter, _ = self.orders.matters.pop(call, (None, ""))
        if matter is not None:
            voice.outcome(call, result)
            ringing.rung_back(matter, result, by=access.system("switch"), at=at)

    def _failed(self, call: UUID, extension: str, cause: str, at: datetime) -> None:
        seat = self._seat(call, extension)
        if seat is None:
            self._rung_back(call, cause, at)
            return
        if call in self.orders.matters:  # the seat's own phone could not begin the call back
            self._rung_back(call, cause, at)
        if cause in AFTER_FAILURE:
            # nobody in the duty office says that a place is free again: it is by itself, after a while
            office = Seat.objects.filter(pk=seat, desk__platform="duty").exists()
            seats.mark(seat, "wrapping" if office else AFTER_FAILURE[cause], at=at, only=("ringing",))
        offer = self.orders.offers.pop((call, extension), None)
        if offer is not None and cause != port.NO_ANSWER:  # an unanswered phone is the offer's own due time
            row = Transfer.objects.select_related("matter", "to_desk", "from_desk").get(pk=offer)
            untaken.ring_further(row, by=access.system("offer.phone_failed", row.matter.city), at=at)

    def _hung_up(self, event: port.HungUp, at: datetime) -> None:
        self.lost = {extension: call for extension, call in self.lost.items() if call != event.call}
        for name in [key for key in self.orders.offers if key[0] == event.call]:
            del self.orders.offers[name]
        if event.call in self.orders.matters:  # given up before the person picked up
            self._rung_back(event.call, port.NO_ANSWER, at)
        end_of_call(event.call, event.by, at)
        for seat in self.phones.seats_of(event.extensions):
            seats.mark(seat, "wrapping", at=at, only=("talking",))


def end_of_call(call: UUID, by: str, at: datetime) -> None:
    """The talk of a call is over for the matter it is about; a call back is about none of its own."""
    matter = Matter.objects.filter(contact__call=call, contact__ended_at__isnull=True).order_by("received_at").first()
    if matter is not None:
        receive.end_call(matter, by=access.system("switch", matter.city), at=at, hung_up=by)
