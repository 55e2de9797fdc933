"""What Asterisk tells, turned into moves at the switchboard and events of the port."""

import logging
import time
import uuid

from liandong.telephony import port
from liandong.telephony.asterisk import legs, returning, saying
from liandong.telephony.asterisk.ari import Refused
from liandong.telephony.asterisk.board import Board
from liandong.telephony.asterisk.commands import nobody, ring_person
from liandong.telephony.asterisk.legs import Call, Leg
from liandong.telephony.asterisk.recordings import Recordings

_log = logging.getLogger(__name__)

QUEUES_AFTER = 20.0
"""Seconds a caller hears it ring; networks give up after some sixty."""

AFTER_REFER = "CHANNEL(pjsip,call-id)"
"""Asterisk reads this in the queue that works off the phone's messages one by one: once it has been read, the message before it is
done with. We are told of a REFER while Asterisk is still at it; answered then, Asterisk dies (res_pjsip_refer of 22.10.1 sets
its own note of it after the telling)."""


def call_of(channel: dict) -> uuid.UUID:
    """The call of a channel that came in: the same one whenever, and by whomever, it is worked out."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"asterisk:{channel['id']}:{channel['creationtime']}")


class Events:
    """`city` is told with every call that comes in: the exchange serves one."""

    def __init__(self, board: Board, recordings: Recordings, city: str) -> None:
        self.board, self.recordings, self.city = board, recordings, city
        self.causes: dict[str, int] = {}  # of channels whose end was asked for, until they have ended

    async def handle(self, said: dict) -> None:
        """Act on one event; what is not about us is passed over."""
        channel = said.get("channel") or {}
        name = channel.get("id", "")
        match said.get("type"):
            case "StasisStart" if said.get("args", [])[:1] == ["in"]:
                await self.came_in(channel)
            case "StasisStart":
                await self.came_up(name)
            case "ChannelStateChange" if channel.get("state") == "Ringing":
                self.rings(name)
            case "ChannelTransfer" if not said.get("state"):  # with a state: the echo of what we answered
                await self.key_pressed(said)
            case "ChannelEnteredBridge":
                await self.entered(channel, said["bridge"])
            case "ChannelHangupRequest":
                if name in self.board.channels and "cause" in said:
                    self.causes[name] = said["cause"]
            case "StasisEnd":  # of one that came in, no ChannelDestroyed follows
                await self.ended(name, self.causes.pop(name, 16))
            case "ChannelDestroyed":
                cause = self.causes.pop(name, 0)
                await self.ended(name, said.get("cause") or cause)
            case "PlaybackContinuing":
                saying.goes_on(self.board, said["playback"]["id"])
            case "PlaybackFinished":
                await saying.over(self.board, said["playback"]["id"], said["playback"]["state"])
            case "RecordingFinished" | "RecordingFailed":
                self.recordings.heard(said)
            case "ContactStatusChange":
                await returning.contact(
                    self.board, said["endpoint"]["resource"], said["contact_info"]["contact_status"]
                )

    async def came_in(self, channel: dict) -> None:
        """Somebody dialled a line: the caller hears it ring until the first seat comes into the talk."""
        if channel["id"] in self.board.channels:
            return
        number, line = legs.clean(channel["caller"]["number"]), legs.dialled(channel["dialplan"]["exten"])
        call = Call(call_of(channel), number, line, channel["id"])
        await self.board.open(call)
        self.tell_incoming(call)
        ari = self.board.ari
        for name, value in ((legs.NOTE, call.note()), (legs.WRITTEN, str(call.call))):
            await self.board.quietly(ari.post(f"channels/{call.caller}/variable", variable=name, value=value))
        await self.board.quietly(ari.post(f"channels/{call.caller}/ring"))
        self.board.later(QUEUES_AFTER, self.queue, call)

    async def queue(self, call: Call) -> None:
        """Nobody has come up yet: the caller is answered and waits with music, before the network gives them up."""
        if self.board.calls.get(call.call) is not call or call.met:
            return
        if call.saying:  # it would wait for the end of that
            self.board.later(1.0, self.queue, call)
            return
        call.met = await self.board.quietly(self.board.ari.post(f"channels/{call.caller}/answer"))
        await self.board.place_caller(call)

    def tell_incoming(self, call: Call) -> None:
        self.board.told.append(port.Incoming(call.call, call.number, call.line, city=self.city))

    def rings(self, name: str) -> None:
        call, leg = self.board.channels.get(name, (None, None))
        if call is None:
            return
        if leg is None:
            if call.dialled and not call.rang:
                call.rang = True
                self.board.told.append(port.Ringing(call.call, call.number))
        elif leg.kind == legs.RING and not leg.rang:
            leg.rang = True
            self.board.told.append(port.Ringing(call.call, leg.name))

    async def came_up(self, name: str) -> None:
        """A phone, or the person rung, has picked up."""
        call, leg = self.board.channels.get(name, (None, None))
        if call is None:
            await self.board.quietly(self.board.ari.delete(f"channels/{name}"))  # given up a moment before
        elif leg is None:
            await self.person_came(call)
        elif name == leg.coming:
            await returning.is_back(self.board, call, leg)
        elif not leg.up:
            await self.phone_came(call, leg)

    async def person_came(self, call: Call) -> None:
        if call.met or not call.dialled:
            return
        call.met = True
        self.rings(call.caller)  # picked up before it could be told that it rings
        leg = next(iter(call.legs.values()), None)
        if leg is not None:
            await self.board.quietly(self.board.ari.delete(f"channels/{leg.channel}/ring"))
        await self.board.quietly(self.board.ari.post(f"bridges/{call.bridge}/addChannel", channel=call.caller))
        self.board.told.append(port.Answered(call.call, call.number))
        await self.board.place_caller(call)

    async def phone_came(self, call: Call, leg: Leg) -> None:
        """Into the bridge, the caller first: a talk begins with the caller in it."""
        ari = self.board.ari
        if leg.kind != legs.LISTEN or not call.met:
            await saying.cut(self.board, call)
        if not call.met and not call.dialled:
            call.met = await self.board.quietly(ari.post(f"channels/{call.caller}/answer"))
            if call.met and not call.held:
                await self.board.quietly(ari.post(f"bridges/{call.bridge}/addChannel", channel=call.caller))
            elif call.met:
                call.music = await self.board.quietly(ari.post(f"channels/{call.caller}/moh"))
        listens = leg.kind == legs.LISTEN
        try:
            if listens:  # before it can be heard
                await ari.post(f"channels/{leg.channel}/mute", direction="in")
            await ari.post(f"bridges/{call.bridge}/addChannel", channel=leg.channel)
        except Refused:
            self.board.failed(call, leg, port.UNREGISTERED)
            await self.board.drop(call, leg)
            await saying.ended(self.board, call)
            return
        leg.up = True
        if leg.kind == legs.DIAL:
            if not call.caller:
                await ring_person(self.board, call)
            return
        if not listens:
            if leg.kind == legs.RING and not leg.rang:
                leg.rang = True
                self.board.told.append(port.Ringing(call.call, leg.name))
            self.board.told.append(port.Answered(call.call, leg.name))
        await self.board.place_caller(call)

    async def key_pressed(self, said: dict) -> None:
        """The transfer key of a phone in a talk: asked on, never done here. Of a phone that only listens, that is not up, or that
        would join two talks of its own (Replaces) it is declined. Pressed again before the first has an answer it gets the same."""
        name, wanted = said["referred_by"]["source_channel"]["id"], said["refer_to"]["requested_destination"]
        call, leg = self.board.channels.get(name, (None, None))
        if leg is not None and leg.asks:
            return
        if leg is not None:
            leg.pressed = time.time()
        waits = await self.board.quietly(self.board.ari.get(f"channels/{name}/variable", variable=AFTER_REFER))
        number = legs.clean(wanted.get("destination", ""))
        able = leg is not None and leg.channel == name and leg.name in call.inside
        if able and number and not wanted.get("protocol_id"):
            leg.asks = waits  # else it has been put down meanwhile, and what it asked for is as good
            self.board.told.append(port.Asked(call.call, leg.name, number))
        elif waits:
            await self.board.quietly(
                self.board.ari.post(f"channels/{name}/transfer_progress", states="channel_declined")
            )

    async def entered(self, channel: dict, bridge: dict) -> None:
        """A phone that put itself in the place of another (an INVITE with Replaces) is let go, and the other is brought back: nobody
        brought it, and no record says that it hears the talk."""
        call = next((call for call in self.board.calls.values() if call.bridge == bridge["id"]), None)
        if call is None or channel["id"] in self.board.channels or not channel["name"].startswith("PJSIP/"):
            return
        _log.warning("a phone nobody brought into the talk is let go")
        await self.board.quietly(self.board.ari.delete(f"channels/{channel['id']}"))
        ours = [leg.channel for leg in call.legs.values() if leg.up]
        for name in (*ours, *([call.caller] if call.met and not call.music else ())):
            if name and name not in bridge["channels"]:
                await self.board.quietly(self.board.ari.post(f"bridges/{call.bridge}/addChannel", channel=name))

    async def ended(self, name: str, cause: int) -> None:
        """A channel is gone. What we hung up ourselves is not known any more and passed over."""
        call, leg = self.board.channels.get(name, (None, None))
        if call is None:
            return
        if leg is None:
            await self.caller_ended(call, cause)
        elif leg.coming and returning.half_gone(self.board, leg, name):
            return
        elif leg.up:
            await self.phone_left(call, leg, cause)
        else:
            self.board.failed(call, leg, legs.cause_at_seat(cause))

    async def caller_ended(self, call: Call, cause: int) -> None:
        self.board.channels.pop(call.caller, None)
        call.caller, gone = "", call.caller
        if call.dialled and not call.met:
            await nobody(self.board, call, legs.cause_outside(cause))
        elif gone:
            await self.board.over(call, "caller")

    async def phone_left(self, call: Call, leg: Leg, cause: int) -> None:
        """A phone was put down, or died. The last one put down ends the call, unless somebody is on the way into it; a
        phone that died leaves the caller with music, to be taken up by another."""
        self.board.forget(call, leg)
        if leg.kind == legs.LISTEN:
            return
        others = any(other.kind in (legs.RING, legs.JOIN) for other in call.legs.values())
        on_the_way = call.dialled or leg.gives_away or others
        alone = not call.inside
        if alone and (call.dialled or (cause in legs.NORMAL and not on_the_way)):
            call.legs[leg.name] = leg  # it was in the talk when the call ended
            await self.board.over(call, "seat")
            return
        self.board.told.append(port.Left(call.call, leg.name, lost=cause not in legs.NORMAL))
        await self.board.place_caller(call)
