"""Voice orders, done through the port: what a page asked for in its own transaction becomes a command.

Each order ends with one word: what was done ("ringing", "joined", "left" …) or why not ("late", "gone", "call_over",
"no_seat", "alone", "refused"). Doing an order twice changes nothing, so a switch killed between the command and the
commit may simply do it again.
"""

import contextlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from liandong.actions import ringing, seats
from liandong.channels.phone.phones import Phones
from liandong.records.models import Conference, VoiceOrder
from liandong.rules import access, flows
from liandong.rules.say import Conflict
from liandong.telephony.port import Away, Exchange, Incoming, NoSuchCall

LATEST = timedelta(minutes=2)
"""An order without a due time of its own is dropped when it is this old: nobody waits for it any more."""
CALL_BACK_RINGS = 25.0
"""Seconds a person's phone rings when they are rung back."""


@dataclass
class Orders:
    """`offers`: which transfer a ringing phone belongs to. `matters`: which matter a call back is about, and the
    number it rings."""

    exchange: Exchange
    phones: Phones
    offers: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    matters: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)

    def do(self, row: VoiceOrder, at: datetime) -> str | None:
        """The order's last word, or None while it still waits: for the record to be on the other screen, for a phone that
        is to take over, for an exchange that does not answer."""
        if (row.due_at or row.asked_at + LATEST) <= at:
            return "late"
        try:
            return getattr(self, row.kind)(row, at)
        except NoSuchCall:
            return "call_over"
        except Away:
            return None

    def ring(self, row: VoiceOrder, at: datetime) -> str:
        if row.seat is None:
            return "no_seat"
        extension = self.phones.extension(row.seat)
        self._silence_others(row.call, extension)
        self.exchange.ring(row.call, extension, ((row.due_at or row.asked_at + LATEST) - at).total_seconds())
        return "ringing"

    def transfer(self, row: VoiceOrder, at: datetime) -> str | None:
        """Record before voice: the phone rings once the other machine has the record, or has had its time."""
        offer = row.transfer
        if offer.state not in flows.waiting("transfer") or offer.to_seat_id != row.seat_id:
            return "gone"
        waits_until = row.detail.get("wait_until")
        # a receipt older than this order is from the seat that was rung before, so this seat's screen gets its time
        delivered = offer.delivered_at is not None and offer.delivered_at >= row.asked_at
        if not delivered and waits_until and at < datetime.fromisoformat(waits_until):
            return None
        result = self.ring(row, at)
        if result == "ringing":
            self.offers[row.call, self.phones.extension(row.seat)] = offer.pk
            with contextlib.suppress(Conflict):  # rang before, at another seat of that desk
                ringing.rang(offer, by=access.system("switch", offer.matter.city), at=at)
        return result

    def three_way(self, row: VoiceOrder, at: datetime) -> str:
        """The invited seat rings; one that asked for the talk itself is already at the phone."""
        if row.seat is None:
            return "no_seat"
        asked = Conference.objects.filter(with_seat=row.seat, state="open", joined_at__isnull=False,
                                          matter__contact__call=row.call)  # fmt: skip
        return self.answer(row, at) if asked.exists() else self.ring(row, at)

    def answer(self, row: VoiceOrder, at: datetime) -> str:
        extension = self.phones.extension(row.seat)
        self._silence_others(row.call, extension)
        self.exchange.unhold(row.call)
        self.exchange.join(row.call, extension)
        return "joined"

    def leave(self, row: VoiceOrder, at: datetime) -> str | None:
        """Out of the talk, or no longer ringing. The last one in the talk does not leave: whoever was to take over is
        not there, and the caller stays with the first seat. While somebody's phone is still coming up, it waits for it."""
        extension = self.phones.extension(row.seat)
        self.exchange.stop_ringing(row.call, extension)
        talk = self.exchange.talk(row.call)
        if talk.extensions == (extension,):
            return None if talk.joining else "alone"
        self.exchange.leave(row.call, extension)
        return "left"

    def hold(self, row: VoiceOrder, at: datetime) -> str:
        self.exchange.hold(row.call)
        return "held"

    def unhold(self, row: VoiceOrder, at: datetime) -> str:
        """Back in the talk; after an offer that ended (`transfer` is set) its phone stops as well."""
        if row.transfer_id:
            self._silence_others(row.call, "")
            if row.seat:
                self.exchange.refuse(row.call, self.phones.extension(row.seat))
        self.exchange.unhold(row.call)
        return "talking"

    def mute(self, row: VoiceOrder, at: datetime) -> str:
        self.exchange.mute(row.call, self.phones.extension(row.seat))
        return "muted"

    def unmute(self, row: VoiceOrder, at: datetime) -> str:
        self.exchange.unmute(row.call, self.phones.extension(row.seat))
        return "talking"

    def listen(self, row: VoiceOrder, at: datetime) -> str:
        """A leader hears the talk; the port says Failed when the phone cannot."""
        self.exchange.listen(row.call, self.phones.extension(row.seat))
        return "listening"

    def hang_up(self, row: VoiceOrder, at: datetime) -> str:
        self.exchange.hang_up(row.call, row.detail.get("by", "seat"))
        return "ended"

    def call_back(self, row: VoiceOrder, at: datetime) -> str:
        call = row.call or uuid.uuid5(uuid.NAMESPACE_OID, f"voice-order:{row.pk}")  # the same when asked again
        self.matters[call] = UUID(row.detail["matter"]), row.detail["number"]
        row.call = call
        self.exchange.dial_out(call, row.detail["number"], self.phones.extension(row.seat), CALL_BACK_RINGS)
        seats.mark(row.seat_id, "talking", at=at)
        return "ringing"

    def dial_in(self, row: VoiceOrder, at: datetime) -> str:
        """A made-up caller: only in a demo, only where the exchange is a simulator."""
        dial_in = getattr(self.exchange, "dial_in", None)
        if settings.LIANDONG_MODE != "demo" or dial_in is None:
            return "refused"
        said = row.detail
        accuracy = said.get("accuracy_m")
        dial_in(Incoming(row.call, said.get("number", ""), said["line"], said.get("place", ""),
                         int(accuracy) if accuracy else None, said.get("district", ""), said["city"]))  # fmt: skip
        return "dialled"

    def refuse(self, call: UUID, extension: str) -> None:
        """What a phone's own key asked for does not come about."""
        with contextlib.suppress(NoSuchCall, Away):
            self.exchange.refuse(call, extension)

    def _silence_others(self, call: UUID, but: str) -> None:
        for extension in self.exchange.talk(call).ringing:
            if extension != but:
                self.exchange.stop_ringing(call, extension)
                self.offers.pop((call, extension), None)
