"""A page that was loaded anew, or whose network was gone, is a new phone at its old extension: what the extension was in is
brought to it. The leg stays in the talk meanwhile, so that nobody is told of a seat that left and came."""

import time
import uuid

from liandong.telephony import port
from liandong.telephony.asterisk import legs
from liandong.telephony.asterisk.ari import Refused
from liandong.telephony.asterisk.board import Board, fresh
from liandong.telephony.asterisk.commands import COMES_UP_WITHIN
from liandong.telephony.asterisk.legs import Call, Leg

ARRIVED = ("Created", "NonQualified", "Reachable")
"""How Asterisk calls a contact that was not there before."""


async def contact(board: Board, endpoint: str, status: str) -> None:
    """A phone has come, or gone; only one in a page is of interest, for only that one may leave its talk without a word."""
    name = endpoint.removesuffix(legs.PAGE)
    if name == endpoint or status not in ARRIVED:
        return
    board.told.append(port.Back(name))
    for call in list(board.calls.values()):
        leg = call.legs.get(name)
        if leg is None:
            continue
        if leg.up:
            await bring(board, call, leg)
        else:  # it was being rung, at a page that is gone
            await board.drop(call, leg)
            await board.call_phone(call, fresh(name, leg.kind, leg.left))


async def bring(board: Board, call: Call, leg: Leg) -> None:
    """Call the new page beside the old channel, which may be dead already or still carries sound."""
    if leg.coming:  # told twice, or loaded anew twice
        board.channels.pop(leg.coming, None)
        await board.quietly(board.ari.delete(f"channels/{leg.coming}"))
    if leg.kind == legs.RING:
        leg.kind = legs.JOIN  # answered long ago
    leg.coming, leg.until = f"liandong-{uuid.uuid4().hex}", time.time() + COMES_UP_WITHIN
    board.channels[leg.coming] = (call, leg)
    board.later(COMES_UP_WITHIN, give_up, board, call, leg, leg.coming)
    try:
        await board.invite(call, leg, leg.coming)
    except Refused:
        await give_up(board, call, leg, leg.coming)


async def is_back(board: Board, call: Call, leg: Leg) -> None:
    """The new page has come up: into the bridge as the old one was, which is let go after it."""
    old, leg.channel, leg.coming, leg.asks = leg.channel, leg.coming, "", False
    if leg.muted or leg.kind == legs.LISTEN:
        await board.quietly(board.ari.post(f"channels/{leg.channel}/mute", direction="in"))
    if leg.muted:
        await board.quietly(board.ari.post(f"channels/{leg.channel}/variable", variable=legs.MUTED, value="1"))
    await board.quietly(board.ari.post(f"bridges/{call.bridge}/addChannel", channel=leg.channel))
    if old:
        board.channels.pop(old, None)
        await board.quietly(board.ari.delete(f"channels/{old}"))
    await board.place_caller(call)


def half_gone(board: Board, leg: Leg, channel: str) -> bool:
    """One of the two channels is gone: whether the other still stands for the leg."""
    board.channels.pop(channel, None)
    if channel == leg.coming:
        leg.coming = ""
    else:
        leg.channel = ""
    return bool(leg.channel or leg.coming)


async def give_up(board: Board, call: Call, leg: Leg, channel: str) -> None:
    """The new page did not come up: what there was goes on, or has left."""
    if leg.coming != channel:
        return
    await board.quietly(board.ari.delete(f"channels/{channel}"))
    if not half_gone(board, leg, channel):
        board.forget(call, leg)
        board.told.append(port.Left(call.call, leg.name, lost=True))
        if call.dialled and not call.inside:
            await board.over(call, "switch")
        await board.place_caller(call)
