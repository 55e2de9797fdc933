"""What the port asks for, done at the switchboard. Each runs in a turn of its own."""

import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from liandong.telephony import port
from liandong.telephony.asterisk import legs, saying
from liandong.telephony.asterisk.ari import Refused
from liandong.telephony.asterisk.board import TO_US, Board, fresh
from liandong.telephony.asterisk.legs import Call

COMES_UP_WITHIN = 12.0
"""Seconds a phone has to come up by itself, or to be lifted when it cannot."""


class Commands:
    def __init__(self, board: Board) -> None:
        self.board = board

    def busy(self, call: UUID, extension: str) -> bool:
        """Whether a phone is in another talk, or comes up for one."""
        others = (other for other in self.board.calls.values() if other.call != call)
        legs_of = (other.legs.get(extension) for other in others)
        return any(leg is not None and (leg.up or leg.kind != legs.RING) for leg in legs_of)

    def refused(self, call: UUID, extension: str) -> bool:
        if busy := self.busy(call, extension):
            self.board.told.append(port.Failed(call, extension, port.BUSY))
        return busy

    async def ring(self, call: UUID, extension: str, seconds: float) -> None:
        now = self.board.of(call)
        if extension not in now.legs and not self.refused(call, extension):
            await self.board.call_phone(now, fresh(extension, legs.RING, seconds))

    async def stop_ringing(self, call: UUID, extension: str) -> None:
        now = self.board.of(call)
        leg = now.legs.get(extension)
        if leg is not None and leg.kind == legs.RING and not leg.up:
            await self.board.drop(now, leg)

    async def join(self, call: UUID, extension: str) -> None:
        """A phone that rings stops and comes up by itself; one that listens is heard from now on."""
        now = self.board.of(call)
        leg = now.legs.get(extension)
        if leg is not None and leg.kind == legs.LISTEN and leg.up:
            await self.board.silence(now, leg, False)
            leg.kind = legs.JOIN
            await self.board.quietly(self.board.ari.post(f"channels/{leg.channel}/variable", variable=legs.NOTE,
                                                         value=leg.note(call)))  # fmt: skip
            self.board.told.append(port.Answered(call, extension))
            await self.board.place_caller(now)
            return
        if leg is not None and (leg.up or leg.kind in (legs.JOIN, legs.DIAL)):
            return
        if leg is None and self.refused(call, extension):
            return
        if leg is not None:
            await self.board.drop(now, leg)
        await self.board.call_phone(now, fresh(extension, legs.JOIN, COMES_UP_WITHIN))

    async def leave(self, call: UUID, extension: str) -> None:
        now = self.board.of(call)
        leg = now.legs.get(extension)
        if leg is None or (leg.kind == legs.RING and not leg.up):
            return
        was_inside = extension in now.inside
        await self.board.answer_key(leg, "channel_answered")
        await self.board.drop(now, leg)
        if was_inside:
            self.board.told.append(port.Left(call, extension))
            await self.board.place_caller(now)

    async def listen(self, call: UUID, extension: str) -> None:
        now = self.board.of(call)
        if extension not in now.legs and not self.refused(call, extension):
            await self.board.call_phone(now, fresh(extension, legs.LISTEN, COMES_UP_WITHIN))

    async def refuse(self, call: UUID, extension: str) -> None:
        leg = self.board.of(call).legs.get(extension)
        if leg is not None:
            await self.board.answer_key(leg, "channel_unavailable")

    async def hold(self, call: UUID) -> None:
        await self._hold(call, True)

    async def unhold(self, call: UUID) -> None:
        await self._hold(call, False)

    async def _hold(self, call: UUID, held: bool) -> None:
        now = self.board.of(call)
        now.held = held
        await self.board.place_caller(now)

    async def mute(self, call: UUID, extension: str) -> None:
        await self._mute(call, extension, True)

    async def unmute(self, call: UUID, extension: str) -> None:
        await self._mute(call, extension, False)

    async def _mute(self, call: UUID, extension: str, silent: bool) -> None:
        now = self.board.of(call)
        leg = now.legs.get(extension)
        if leg is not None and leg.up and leg.kind != legs.LISTEN and leg.muted != silent:
            try:
                await self.board.silence(now, leg, silent)
            except Refused:
                return  # it has hung up meanwhile, which is told by itself

    async def say(self, call: UUID, sounds: Sequence[Path]) -> None:
        now = self.board.of(call)
        if now.caller and not now.inside and (now.met or not now.dialled):
            await saying.begin(self.board, now, sounds)

    async def hush(self, call: UUID) -> None:
        await saying.stop(self.board, self.board.of(call))

    async def dial_out(self, call: UUID, number: str, extension: str, seconds: float) -> None:
        """First the phone it is dialled from comes up; the person is rung when it has (`events`)."""
        if call in self.board.calls:
            return
        if self.busy(call, extension):
            self.board.told += [port.Failed(call, number, port.BUSY), port.HungUp(call, "switch")]
            return
        now = Call(call, number, "", "", dialled=True, until=time.time() + seconds)
        await self.board.open(now)
        await self.board.call_phone(now, fresh(extension, legs.DIAL, min(seconds, COMES_UP_WITHIN)))

    async def hang_up(self, call: UUID, by: str) -> None:
        await self.board.over(self.board.of(call), by)


async def ring_person(board: Board, call: Call) -> None:
    """Ring the outside party of a call that we dial; the phone it is dialled from hears it ring."""
    call.caller = f"liandong-{uuid.uuid4().hex}"
    board.channels[call.caller] = (call, None)
    left = max(call.until - time.time(), 1.0)
    call.until = time.time() + left
    board.later(left, ran_out, board, call)  # also when no answer comes: the call must not stay for ever
    leg = next(iter(call.legs.values()), None)
    try:
        variables = {legs.NOTE: call.note(), legs.WRITTEN: str(call.call)}
        await board.ari.post("channels", {"variables": variables}, endpoint=f"PJSIP/{call.number}@{board.trunk}", **TO_US,
                             channelId=call.caller, timeout=int(left) + 3)  # fmt: skip
    except Refused:
        await nobody(board, call, port.TRUNK_DOWN)
        return
    if leg is not None:
        await board.quietly(board.ari.post(f"channels/{leg.channel}/ring"))


async def ran_out(board: Board, call: Call) -> None:
    if board.calls.get(call.call) is call and not call.met:
        await nobody(board, call, port.NO_ANSWER)


async def nobody(board: Board, call: Call, cause: str) -> None:
    """The person rung did not come to the telephone; that ends the call."""
    board.told.append(port.Failed(call.call, call.number, cause))
    await board.over(call, "switch")
