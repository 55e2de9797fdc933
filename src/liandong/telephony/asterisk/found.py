"""What Asterisk carries when we connect, compared with what we knew: at a first start nothing, after a lost connection all.

A channel says by its note what it is. What belongs to no call any more is hung up, and no bridge of ours is left over.
"""

import time
from dataclasses import dataclass
from uuid import UUID

from liandong.telephony import port
from liandong.telephony.asterisk import legs, saying
from liandong.telephony.asterisk.ari import Refused
from liandong.telephony.asterisk.board import Board
from liandong.telephony.asterisk.commands import ran_out
from liandong.telephony.asterisk.events import QUEUES_AFTER, Events
from liandong.telephony.asterisk.legs import Call, Leg


@dataclass(frozen=True)
class Seen:
    """A channel of ours: its name, the words of its note, whether it is up, mute, and in which bridge."""

    channel: dict
    note: list[str]
    up: bool
    muted: bool
    bridge: str

    @property
    def with_us(self) -> bool:
        """In our application; else it waits for us to take it, and will be told."""
        return self.channel["dialplan"].get("app_name") == "Stasis"

    @property
    def name(self) -> str:
        return self.channel["id"]


async def find(board: Board, events: Events) -> None:
    """Make the switchboard true. Told as by the port: who was there before is told again, who is gone has left."""
    seen = await look(board)
    here = {one.name for one in seen}
    for call in list(board.calls.values()):
        await compare(board, events, call, here)
    for one in sorted(seen, key=lambda one: one.channel["creationtime"]):
        if one.name not in board.channels and one.note[0] in ("caller", "person", "new"):
            await adopt_party(board, events, one)
    for call in list(board.calls.values()):  # before anything is asked of a channel that may be playing
        await saying.find(board, call)
    for one in sorted(
        seen, key=lambda one: one.channel["creationtime"], reverse=True
    ):  # of two, that of the newer page
        if one.name not in board.channels and one.note[0] == "leg":
            await adopt_leg(board, events, one)
    for one in seen:
        ours = board.channels.get(one.name, (None, None))[1] is not None
        if ours and one.up and not one.bridge and one.with_us:
            await events.came_up(one.name)  # picked up while nobody heard
    for call in list(board.calls.values()):
        if call.dialled and not call.inside:
            await board.over(call, "switch")
        else:
            await board.place_caller(call)
    await sweep(board)


async def look(board: Board) -> list[Seen]:
    bridges = {channel: bridge["id"] for bridge in await board.ari.get("bridges") for channel in bridge["channels"]}
    found = []
    for channel in await board.ari.get("channels"):
        note = await variable(board, channel["id"], legs.NOTE)
        if not note and channel["dialplan"].get("app_name") == "Stasis" and channel["state"] == "Ring":
            note = "new"
        if note:
            muted = bool(await variable(board, channel["id"], legs.MUTED))
            found.append(Seen(channel, note.split(), channel["state"] == "Up", muted, bridges.get(channel["id"], "")))
    return found


async def variable(board: Board, channel: str, name: str) -> str:
    try:
        return (await board.ari.get(f"channels/{channel}/variable", variable=name))["value"]
    except Refused:
        return ""


async def compare(board: Board, events: Events, call: Call, here: set[str]) -> None:
    """One call we knew: who of it is gone."""
    parties = {name for leg in call.legs.values() for name in (leg.channel, leg.coming)} | {call.caller}
    if not parties & here:
        await board.over(call, "switch")
        return
    for leg in list(call.legs.values()):
        for name in {leg.channel, leg.coming} - here:
            await events.ended(name, 38)
    if call.caller and call.caller not in here:
        await events.ended(call.caller, 16)


async def adopt_party(board: Board, events: Events, one: Seen) -> None:
    """The outside party of a call that is new to us."""
    if one.note[0] == "new":
        await events.came_in(one.channel)
        return
    kind, call, line, number, until = one.note
    line, number = line.replace("-", ""), number.replace("-", "")
    now = Call(UUID(call), number, line, one.name, kind == "person", float(until), rang=True, met=one.up,
               music=one.up and not one.bridge)  # fmt: skip
    board.calls[now.call] = now
    board.channels[one.name] = (now, None)
    if not now.dialled:
        events.tell_incoming(now)
        if not now.met:
            board.later(QUEUES_AFTER, events.queue, now)
    elif now.met:
        board.told.append(port.Answered(now.call, now.number))
    else:
        board.later(max(now.until - time.time(), 0), ran_out, board, now)


async def adopt_leg(board: Board, events: Events, one: Seen) -> None:
    """A phone of a call we know by now; of another it is an orphan."""
    _, call, kind, name, until = one.note
    now = board.calls.get(UUID(call))
    if now is None or name in now.legs:
        await board.quietly(board.ari.delete(f"channels/{one.name}"))
        return
    leg = Leg(one.name, name, kind, float(until), up=one.bridge == now.bridge, rang=True, muted=one.muted)
    now.legs[name] = leg
    board.channels[one.name] = (now, leg)
    if not leg.up and not one.up:
        board.later(leg.left, board.ran_out, now, leg)
    elif leg.up and kind not in (legs.LISTEN, legs.DIAL):
        board.told.append(port.Answered(now.call, name))
    now.held = now.music and bool(now.inside)


async def sweep(board: Board) -> None:
    """No bridge of ours without its call."""
    known = {call.bridge for call in board.calls.values()}
    for bridge in await board.ari.get("bridges"):
        if bridge["name"] == "liandong" and bridge["id"] not in known:
            await board.quietly(board.ari.delete(f"bridges/{bridge['id']}"))
