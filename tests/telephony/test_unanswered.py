"""An exchange that answers late, wrongly or not at all: nothing stays for ever, and the line is not torn down all the time."""

import asyncio
import contextlib
import time
import uuid

import pytest
from websockets.asyncio.server import serve

from liandong.telephony import port
from liandong.telephony.asterisk import legs
from liandong.telephony.asterisk.ari import Ari
from liandong.telephony.asterisk.board import Board, fresh
from liandong.telephony.asterisk.commands import ring_person
from liandong.telephony.asterisk.legs import Call

CALL = uuid.UUID(int=7)


class Mute:
    """Takes requests and answers none that makes a channel."""

    async def post(self, path, body=None, **query):
        if path == "channels":
            raise port.Away("no answer")

    async def get(self, path, **query):
        return {"state": "offline"}

    async def delete(self, path, **query):
        pass


@pytest.fixture
def board():
    board = Board("carrier")
    board.ari = Mute()
    return board


async def told(board, n):
    deadline = time.monotonic() + 5
    while len(board.told) < n and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    return list(board.told)


@pytest.mark.parametrize("kind", [legs.RING, legs.JOIN, legs.LISTEN])
def test_a_phone_nobody_knows_the_ringing_of_fails_when_its_time_is_over(board, kind):
    async def scene():
        call = Call(CALL, "13800002671", "12345", "caller", met=True)
        await board.open(call)
        with pytest.raises(port.Away):
            await board.call_phone(call, fresh("8001", kind, 0.05))
        assert await told(board, 1) == [port.Failed(CALL, "8001", port.NO_ANSWER)]
        assert (call.legs, list(board.channels)) == ({}, ["caller"])

    asyncio.run(scene())


def test_a_call_dialled_from_a_phone_nobody_knows_the_ringing_of_ends(board):
    async def scene():
        call = Call(CALL, "13800002671", "", "", dialled=True, until=time.time() + 20)
        await board.open(call)
        with pytest.raises(port.Away):
            await board.call_phone(call, fresh("8001", legs.DIAL, 0.05))
        assert [type(event) for event in await told(board, 2)] == [port.Failed, port.HungUp]
        assert (board.calls, board.channels) == ({}, {})

    asyncio.run(scene())


def test_a_person_nobody_knows_the_ringing_of_has_not_answered_when_their_time_is_over(board):
    async def scene():
        call = Call(CALL, "13800002671", "", "", dialled=True, until=time.time())
        await board.open(call)
        with pytest.raises(port.Away):
            await ring_person(board, call)
        assert (await told(board, 2))[0] == port.Failed(CALL, call.number, port.NO_ANSWER)
        assert (board.calls, board.channels) == ({}, {})

    asyncio.run(scene())


@contextlib.asynccontextmanager
async def line_to(greet, connected):
    """A line to a server that greets each connection; yields the times at which one was made, and the line's task."""
    made = []

    async def handler(connection):
        made.append(time.monotonic())
        await greet(connection, len(made))
        await connection.wait_closed()

    async with serve(handler, "127.0.0.1", 0) as server:
        where = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        task = asyncio.create_task(Ari(where, "u", "p", "app", lambda said: None, connected).run())
        yield made, task
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def nothing(*_words):
    pass


def test_what_cannot_be_found_is_looked_for_less_and_less_often():
    async def connected():
        raise port.Away("changed under our hands")

    async def scene():
        async with line_to(nothing, connected) as (made, _):
            await asyncio.sleep(1.0)
            assert 2 <= len(made) <= 4  # after 0.1, 0.2, 0.5 s

    asyncio.run(scene())


def test_a_line_that_was_good_is_made_again_at_once():
    async def greet(connection, n):
        await asyncio.sleep(0.05)
        if n < 5:
            await connection.close()

    async def scene():
        async with line_to(greet, nothing) as (made, _):
            deadline = time.monotonic() + 10
            while len(made) < 5:
                assert time.monotonic() < deadline, made
                await asyncio.sleep(0.02)
            assert made[4] - made[3] < 1.0  # the fourth pause in a row would be a second

    asyncio.run(scene())


@pytest.mark.parametrize("said", ["{half", "[]", '{"type": "RESTResponse"}'])
def test_an_answer_that_cannot_be_read_is_logged_and_the_line_made_anew(said, caplog):
    async def greet(connection, n):
        if n == 1:
            await connection.send(said)

    async def scene():
        async with line_to(greet, nothing) as (made, task):
            deadline = time.monotonic() + 5
            while len(made) < 2 and not task.done():
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
            assert not task.done()

    asyncio.run(scene())
    assert "what the exchange said" in caplog.text
