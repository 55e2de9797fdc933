"""What is said to the outside party while nobody is in the talk with it.

A channel does one thing at a time: whatever is asked of one that plays a file waits for the end of the file, and so does
everybody else. So what is being said is cut before anything else is asked of the caller's channel.
"""

import uuid
from collections.abc import Sequence
from pathlib import Path

from liandong.telephony import port
from liandong.telephony.asterisk import legs
from liandong.telephony.asterisk.ari import Refused
from liandong.telephony.asterisk.board import Board
from liandong.telephony.asterisk.legs import Call


async def begin(board: Board, call: Call, sounds: Sequence[Path]) -> None:
    """On a channel that is not answered yet this is heard as early media, as a ringing tone is."""
    await cut(board, call)
    call.saying, call.sounds, call.played = f"{call.call.hex}-{uuid.uuid4().hex}", len(sounds), 0
    await note(board, call)
    if call.music:
        await board.quietly(board.ari.delete(f"channels/{call.caller}/moh"))
    files = [f"sound:{sound.with_suffix('')}" for sound in sounds]
    try:
        await board.ari.post(f"channels/{call.caller}/play/{call.saying}", {"media": files})
    except Refused:
        await ended(board, call)
        raise


async def cut(board: Board, call: Call) -> None:
    """Stop what is being said; whoever asks says what the caller hears instead."""
    if call.saying:
        playback = call.saying
        forget(board, call)
        await board.quietly(board.ari.delete(f"playbacks/{playback}"))
        await note(board, call)


async def stop(board: Board, call: Call) -> None:
    """Stop it; the ringing or the music comes again when it is over."""
    if call.saying:
        call.sounds = 0  # its end is not that of the last sound
        await board.quietly(board.ari.delete(f"playbacks/{call.saying}"))


def goes_on(board: Board, playback: str) -> None:
    """Asterisk says that one sound is over and the next begins."""
    for call in board.calls.values():
        if call.saying == playback and call.played is not None:
            call.played += 1


async def over(board: Board, playback: str, state: str) -> None:
    """Asterisk says that all has been played ("done", also when we stopped it) or could not be: of what was cut nobody knows any
    more."""
    for call in list(board.calls.values()):
        if call.saying == playback:
            if state == "done" and call.sounds and call.played is not None:
                call.played = call.sounds
            await ended(board, call)


def forget(board: Board, call: Call) -> None:
    """It is over; how much of it was heard is told, once."""
    if call.saying:
        board.told.append(port.Said(call.call, call.played))
    call.saying = ""


async def ended(board: Board, call: Call) -> None:
    """The caller hears again what was there before."""
    forget(board, call)
    await note(board, call)
    if not call.met:
        await board.quietly(board.ari.post(f"channels/{call.caller}/ring"))
    elif call.music:
        await board.quietly(board.ari.post(f"channels/{call.caller}/moh"))


async def note(board: Board, call: Call) -> None:
    """For the next process, which does not hear the end of what this one began."""
    await board.quietly(board.ari.post(f"channels/{call.caller}/variable", variable=legs.SAYING, value=call.saying))


async def find(board: Board, call: Call) -> None:
    """What was being said when nobody listened still is, or its end is made up for."""
    if not call.caller or (call.dialled and not call.met):
        return
    try:
        call.saying = (await board.ari.get(f"channels/{call.caller}/variable", variable=legs.SAYING))["value"]
        call.played = None
        if call.saying:
            await board.ari.get(f"playbacks/{call.saying}")
    except Refused:
        if call.saying:
            await ended(board, call)
