"""What a switch finds again when it begins: rows say what was asked for, the exchange says what is.

The exchange is right about who is in a talk, the rows are right about why. A call the exchange no longer carries is over,
by "switch": its matter keeps what was written down. Of one that goes on nothing is asked twice: only who came or left
meanwhile is made up for, and a phone that should ring and does not is rung for the time it has left.
"""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.actions import seats, voice
from liandong.channels.phone.calls import write_ended
from liandong.channels.phone.happenings import end_of_call
from liandong.channels.phone.orders import Orders
from liandong.records.models import Call, Contact, VoiceOrder
from liandong.rules import flows
from liandong.rules.say import Conflict
from liandong.telephony import port
from liandong.telephony.port import Talk


@dataclass
class Again:
    """`orders` is filled with the offers and call-backs that are under way."""

    orders: Orders

    def find(self, at: datetime) -> dict[UUID, tuple[Talk, datetime]]:
        """The live calls as the rows have them, and since when. Raises port.Away when the exchange does not answer, perhaps
        half way: what was done until then is right, and beginning again does none of it twice."""
        talks = {talk.call: talk for talk in self.orders.exchange.talks()}
        end_dead_calls(set(talks), at)
        self._offers(talks, at)
        self._call_backs(talks)
        shown = {}
        for row in Call.objects.filter(pk__in=talks).exclude(state="ended"):
            self._made_up_for(row, talks[row.pk], at)
            shown[row.pk] = (Talk(row.pk, row.number, row.line), row.began_at)
        return shown

    def _made_up_for(self, row: Call, talk: Talk, at: datetime) -> None:
        """Who came into the talk is told by the exchange again; who left it meanwhile is not."""
        inside = self.orders.phones.seats_of(talk.extensions)
        for seat in set(row.seats) - set(inside):
            seats.mark(seat, "wrapping", at=at, only=("talking",))

    def _offers(self, talks: dict[UUID, Talk], at: datetime) -> None:
        """Phones that ring for an offer, and those that should."""
        rung = VoiceOrder.objects.filter(kind="transfer", result="ringing", call__in=talks,
                                         transfer__state__in=flows.waiting("transfer"))  # fmt: skip
        for row in rung.select_related("seat", "transfer").order_by("id"):
            offer, extension = row.transfer, self.orders.phones.extension(row.seat)
            if offer.to_seat_id != row.seat_id:
                continue
            self.orders.offers[row.call, extension] = offer.pk
            talk = talks[row.call]
            left = (row.due_at - at).total_seconds() if row.due_at else 0
            if left > 0 and extension not in (*talk.ringing, *talk.joining, *talk.extensions):
                with contextlib.suppress(port.NoSuchCall):
                    self.orders.exchange.ring(row.call, extension, left)

    def _call_backs(self, talks: dict[UUID, Talk]) -> None:
        """People who are being rung back and have not picked up yet, as far as anybody wrote down."""
        for row in VoiceOrder.objects.filter(kind="call_back", result="ringing", call__in=talks):
            self.orders.matters[row.call] = UUID(row.detail["matter"]), row.detail["number"]


def end_dead_calls(alive: set[UUID], at: datetime) -> None:
    """End what the records show as live and the exchange does not carry: by "switch", with its seats wrapping up."""
    for call in Call.objects.exclude(state="ended").exclude(pk__in=alive):
        for seat in call.seats:
            seats.mark(seat, "wrapping", at=at, only=("talking",))
        write_ended(call, at)
        voice.outcome(call.pk, "lost")
    broken = Contact.objects.filter(call__isnull=False, ended_at__isnull=True).exclude(call__in=alive)
    for call in broken.values_list("call", flat=True):
        with contextlib.suppress(Conflict):
            end_of_call(call, "switch", at)
