"""The switchboard: calls as they stand, and the few moves every command and event is made of.

All of it runs in one event loop, one command or event at a time (`turn`), so that nothing is seen half done.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from uuid import UUID

from liandong.telephony import port
from liandong.telephony.asterisk import legs
from liandong.telephony.asterisk.ari import Ari, Refused
from liandong.telephony.asterisk.legs import Call, Leg

AT_ONCE = {
    "PJSIP_HEADER(add,Call-Info)": "<sip:liandong>;answer-after=0",
    "PJSIP_HEADER(add,Alert-Info)": "<sip:liandong>;info=alert-autoanswer;delay=0",
}
"""Asks a phone to come up by itself; what the makers of phones agree on least is said in both usual ways."""

KEY_ASKS_US = {"PJSIP_TRANSFER_HANDLING()": "ari-only"}
"""A phone's own transfer key (REFER) moves nobody: it is told to us."""

TO_US: dict[str, str | int] = {"context": "leg", "extension": "s", "priority": 1}
"""Where a phone goes that has come up: to us, and while nobody holds the exchange it waits (configuration)."""

_log = logging.getLogger(__name__)


class Board:
    """`trunk` names the line to the outside in Asterisk's configuration. `told` is what the port has not asked for yet."""

    def __init__(self, trunk: str) -> None:
        self.ari: Ari | None = None
        self.trunk = trunk
        self.calls: dict[UUID, Call] = {}
        self.channels: dict[str, tuple[Call, Leg | None]] = {}  # None: the outside party's own
        self.told: deque[port.Event] = deque()
        self.turn = asyncio.Lock()
        self.tasks: set[asyncio.Task] = set()

    def of(self, call: UUID) -> Call:
        try:
            return self.calls[call]
        except KeyError:
            raise port.NoSuchCall(str(call)) from None

    def later(self, seconds: float, what: Callable[..., Awaitable[None]], *words) -> None:
        """Run `what(*words)` by itself after `seconds`, in a turn of its own."""

        async def run() -> None:
            await asyncio.sleep(seconds)
            async with self.turn:
                await what(*words)

        task = asyncio.get_running_loop().create_task(run())
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a timer of the exchange", exc_info=error)

    async def quietly(self, request) -> bool:
        """Do what may come too late: the channel has hung up meanwhile, or all of Asterisk. Whether it was done."""
        try:
            await request
        except (Refused, port.Away) as error:
            _log.info("%s", error)
            return False
        return True

    # one leg ---------------------------------------------------------------------------------------------------------

    async def call_phone(self, call: Call, leg: Leg) -> None:
        """Ask Asterisk to ring the leg's phone; what becomes of it is told. The leg is known before Asterisk is asked."""
        call.legs[leg.name] = leg
        self.channels[leg.channel] = (call, leg)
        self.later(leg.left, self.ran_out, call, leg)  # also when no answer comes: it must not stay for ever
        try:
            await self.invite(call, leg, leg.channel)
        except Refused as error:
            _log.info("%s", error)
            self.failed(call, leg, port.UNREGISTERED)

    async def invite(self, call: Call, leg: Leg, channel: str) -> None:
        """Ring the leg's phone by a channel of this name; one that only rings is not asked to come up by itself."""
        added = KEY_ASKS_US | (AT_ONCE if leg.kind != legs.RING else {})
        variables = {legs.NOTE: leg.note(call.call), legs.WRITTEN: str(call.call), **added}
        await self.ari.post("channels", {"variables": variables}, endpoint=f"PJSIP/{await self.phone(leg.name)}", **TO_US,
                            channelId=channel, timeout=int(leg.left) + 3,
                            callerId=call.number or "anonymous")  # fmt: skip

    async def phone(self, name: str) -> str:
        """The phone of an extension: the one in its page while that is there, else the one on its desk."""
        try:
            page = await self.ari.get(f"endpoints/PJSIP/{name}{legs.PAGE}")
        except Refused:  # an exchange of somebody else's knows no pages
            return name
        return name + legs.PAGE if page["state"] == "online" else name

    async def ran_out(self, call: Call, leg: Leg) -> None:
        if self.channels.get(leg.channel) == (call, leg) and not leg.up:
            self.failed(call, leg, port.NO_ANSWER)
            await self.drop(call, leg, reason=legs.GAVE_UP)

    def failed(self, call: Call, leg: Leg, cause: str) -> None:
        """Forget a leg that did not come up, and say so. From a phone that was to ring somebody, that ends the call."""
        self.forget(call, leg)
        if leg.kind == legs.DIAL:
            self.told.append(port.Failed(call.call, call.number, cause))
            self.later(0, self.over, call, "switch")
        else:
            self.told.append(port.Failed(call.call, leg.name, cause))

    def forget(self, call: Call, leg: Leg) -> None:
        self.channels.pop(leg.channel, None)
        self.channels.pop(leg.coming, None)
        if call.legs.get(leg.name) is leg:
            del call.legs[leg.name]

    async def drop(self, call: Call, leg: Leg, reason: int = 16) -> None:
        """Hang up one leg; nothing is told of it any more."""
        await self.answer_key(leg, "channel_unavailable")
        self.forget(call, leg)
        for channel in filter(None, (leg.channel, leg.coming)):
            await self.quietly(self.ari.delete(f"channels/{channel}", reason_code=reason))

    async def answer_key(self, leg: Leg, what: str) -> None:
        """Tell a phone what became of what its transfer key asked for."""
        if leg.asks:
            leg.asks = False
            await self.quietly(self.ari.post(f"channels/{leg.channel}/transfer_progress", states=what))

    async def silence(self, call: Call, leg: Leg, silent: bool) -> None:
        await self.ari.ask("POST" if silent else "DELETE", f"channels/{leg.channel}/mute", direction="in")
        await self.quietly(self.ari.post(f"channels/{leg.channel}/variable", variable=legs.MUTED,
                                         value="1" if silent else ""))  # fmt: skip
        leg.muted = silent

    # the outside party -----------------------------------------------------------------------------------------------

    async def place_caller(self, call: Call) -> None:
        """The outside party is in the bridge, or hears music: while held, and while nobody else is there."""
        if not call.met:
            return
        wants_music = call.held or not call.inside
        if wants_music and not call.music:
            await self.quietly(self.ari.post(f"bridges/{call.bridge}/removeChannel", channel=call.caller))
            await self.quietly(self.ari.post(f"channels/{call.caller}/moh"))
        elif call.music and not wants_music:
            await self.quietly(self.ari.delete(f"channels/{call.caller}/moh"))
            await self.quietly(self.ari.post(f"bridges/{call.bridge}/addChannel", channel=call.caller))
        call.music = wants_music

    async def open(self, call: Call) -> None:
        """Begin a call: its bridge is there before anybody is in it, and pinned to mixing (docs/adr/0027)."""
        self.calls[call.call] = call
        if call.caller:
            self.channels[call.caller] = (call, None)
        await self.quietly(self.ari.post("bridges", type="mixing,video_sfu", bridgeId=call.bridge, name="liandong"))

    async def over(self, call: Call, by: str) -> None:
        """The call is over for everybody, once."""
        if self.calls.pop(call.call, None) is None:
            return
        if call.saying:
            self.told.append(port.Said(call.call, call.played))
        self.told.append(port.HungUp(call.call, by, call.inside))
        for leg in list(call.legs.values()):
            await self.drop(call, leg)
        if call.caller:
            self.channels.pop(call.caller, None)
            await self.quietly(self.ari.delete(f"channels/{call.caller}", reason_code=16))
        await self.quietly(self.ari.delete(f"bridges/{call.bridge}"))

    async def close(self) -> None:
        for task in list(self.tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, port.Away, Refused):
                await task


def fresh(name: str, kind: str, seconds: float) -> Leg:
    return Leg(f"liandong-{uuid.uuid4().hex}", name, kind, time.time() + seconds)
