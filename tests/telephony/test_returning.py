"""A page loaded anew in mid-call, whatever of the two channels dies first. With sound: test_pages.py."""

import asyncio
import uuid

import pytest

from liandong.telephony import port
from liandong.telephony.asterisk import legs
from liandong.telephony.asterisk.board import Board
from liandong.telephony.asterisk.events import Events
from liandong.telephony.asterisk.legs import Call, Leg
from liandong.telephony.asterisk.recordings import Recordings

CALL = uuid.UUID(int=7)
CAME = {
    "type": "ContactStatusChange",
    "endpoint": {"resource": "8001.page"},
    "contact_info": {"contact_status": "NonQualified"},
}


class Obeys:
    """Does what it is asked, and remembers."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def post(self, path, body=None, **query):
        self.asked.append(f"{path} {query.get('endpoint', query.get('channel', ''))}".strip())

    async def delete(self, path, **query):
        self.asked.append(f"away {path}")

    async def get(self, path, **query):
        return {"state": "online"}


async def in_talk(**more) -> tuple[Events, Call, Leg]:
    """The caller and 8001, whose page has just been loaded anew."""
    board = Board("carrier")
    board.ari = Obeys()
    call, leg = Call(CALL, "13800002671", "12345", "caller", met=True), Leg("old", "8001", legs.RING, up=True, **more)
    await board.open(call)
    call.legs["8001"], board.channels["old"] = leg, (call, leg)
    events = Events(board, Recordings(board, "ws://127.0.0.1:9", "u", "p"), "532300")
    await events.handle(CAME)
    return events, call, leg


def test_it_is_called_and_takes_the_place_of_the_old_one_and_nobody_is_told_of_a_seat_that_left():
    async def scene():
        events, call, leg = await in_talk(muted=True)
        new, ari = leg.coming, events.board.ari
        assert "channels PJSIP/8001.page" in ari.asked and call.inside == ("8001",)
        await events.handle({"type": "StasisStart", "args": ["leg"], "channel": {"id": new}})
        assert (leg.channel, leg.coming, call.inside) == (new, "", ("8001",))
        assert ari.asked[-4:] == [f"channels/{new}/mute", f"channels/{new}/variable",
                                  f"bridges/{call.bridge}/addChannel {new}", "away channels/old"]  # fmt: skip
        assert list(events.board.told) == [port.Back("8001")]

    asyncio.run(scene())


@pytest.mark.parametrize("first", ["old", "new"])
def test_one_of_the_two_may_die_and_only_when_both_have_is_the_seat_lost(first):
    async def scene():
        events, call, leg = await in_talk()
        both = {"old": "old", "new": leg.coming}
        await events.ended(both.pop(first), 44)
        assert call.inside == ("8001",) and list(events.board.told) == [port.Back("8001")]
        await events.ended(*both.values(), 44)
        assert call.inside == ()
        assert list(events.board.told) == [port.Back("8001"), port.Left(CALL, "8001", lost=True)]

    asyncio.run(scene())


def test_a_page_that_is_loaded_anew_twice_is_called_twice_and_the_seat_stays():
    async def scene():
        events, call, leg = await in_talk()
        first = leg.coming
        await events.ended("old", 44)
        await events.handle(CAME)
        assert leg.coming not in ("", first) and call.inside == ("8001",)
        await events.ended(first, 16)
        await events.handle({"type": "StasisStart", "args": ["leg"], "channel": {"id": leg.coming}})
        assert call.inside == ("8001",) and set(events.board.told) == {port.Back("8001")}

    asyncio.run(scene())


def test_a_phone_on_a_desk_that_registers_again_is_of_no_interest():
    async def scene():
        events, _, _ = await in_talk()
        events.board.told.clear()
        await events.handle({"type": "ContactStatusChange", "endpoint": {"resource": "8001"},
                             "contact_info": {"contact_status": "NonQualified"}})  # fmt: skip
        assert not events.board.told

    asyncio.run(scene())
