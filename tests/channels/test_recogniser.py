"""The recogniser's door, by a real WebSocket on a real server: what is kept before it is answered, and what is refused."""

import asyncio
import json
import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from liandong.actions import keys
from liandong.records.models import Call, Utterance
from liandong.rules.access import Actor
from liandong.web import live
from tests.cast import CHUXIONG, assemble

pytestmark = pytest.mark.slow


@pytest.fixture
def door(own_database):
    """The event stream's server on a port of its own; `door.url`, `door.cast`, a key, and the call of 林晓."""
    cast = assemble()

    class Door:
        pass

    one, ready, stop = Door(), threading.Event(), None
    one.cast, one.talk = cast, cast.call(cast.lin, call=True)
    boss = Actor("administrator", cast.lin.person, work_no="8001", city=CHUXIONG)
    now = timezone.now()
    ends = (now + timedelta(days=300)).date()
    one.key = keys.make("听写平台", ("transcripts",), ends, by=boss, at=now).secret
    one.row = keys.known(one.key, at=now)
    one.other = keys.make("别的", ("triage",), ends, by=boss, at=now).secret
    Call.objects.update(state="talking", seats=[cast.lin.seat])

    async def serve():
        nonlocal stop
        stop = asyncio.Event()
        stood = live.Live()
        server = await asyncio.start_server(stood.answer, "127.0.0.1", 0)
        one.loop, one.url = asyncio.get_running_loop(), f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await stop.wait()
        server.close()
        stood.recognisers.close()

    running = threading.Thread(target=asyncio.run, args=(serve(),))
    running.start()
    ready.wait(10)
    yield one
    one.loop.call_soon_threadsafe(stop.set)
    running.join(10)


def opens(door, key=None):
    return connect(
        f"{door.url}/transcripts/", additional_headers={"Authorization": f"Bearer {key or door.key}"}, proxy=None
    )


def says(line, **what):
    line.send(
        json.dumps({"id": "1", "speaker": "caller", "from": "2026-11-18T14:32:07+08:00", "text": "路灯坏了"} | what)
    )
    return json.loads(line.recv(timeout=10))


def test_a_line_is_on_the_disk_when_it_is_answered_and_every_other_message_is_answered_too(door):
    call = str(door.talk.contact.call)
    with opens(door) as line:
        assert says(line, call=call) == {"id": "1", "heard": True}
        assert Utterance.objects.get().words == "路灯坏了"
        assert says(line, extension=f"seat-{door.cast.lin.seat}", id="2")["heard"] is True
        assert says(line, extension="9999", id="3")["code"] == "conflict.no_talk"
        assert says(line, call=call, id="4", text="")["what"] == "text"
        line.send("not json")
        assert json.loads(line.recv(timeout=10))["code"] == "invalid.api_json"
        line.send([json.dumps({"id": "5", "call": call, "from": "2026-11-18T14:32:09+08:00", "text": "在团"})[:30],
                   json.dumps({"id": "5", "call": call, "from": "2026-11-18T14:32:09+08:00", "text": "在团"})[30:]])  # fmt: skip
        assert json.loads(line.recv(timeout=10))["heard"] is True
        keys.revoke(
            door.row, "试完了", by=Actor("administrator", door.cast.lin.person, city=CHUXIONG), at=timezone.now()
        )
        refused = says(line, call=call, id="6")
        assert refused["code"] == "forbidden.api_key" and refused["title"] and refused["detail"]
    assert Utterance.objects.count() == 3


def test_who_guesses_keys_at_this_door_waits_and_a_right_key_from_there_does_not(door, monkeypatch):
    monkeypatch.setattr(keys, "WRONG", 2)
    answered = []
    for _ in range(4):
        with pytest.raises(InvalidStatus) as refused, opens(door, "ld_guess"):
            pass
        answered.append(refused.value.response.status_code)
    assert answered == [401, 401, 429, 429]
    with opens(door) as line:
        assert says(line, call=str(door.talk.contact.call))["heard"]


def test_without_a_key_for_it_the_door_stays_shut_and_a_message_that_is_too_long_ends_the_line_alone(door):
    for key in ("ld_made_up", door.other):
        with pytest.raises(InvalidStatus) as refused, opens(door, key):
            pass
        assert refused.value.response.status_code == 401
    call = str(door.talk.contact.call)
    with opens(door) as line:
        assert says(line, call=call)["heard"]
        line.send("x" * 20_000)
        with pytest.raises(Exception, match="1009|too big|close"):
            line.recv(timeout=10)
    with opens(door) as line:
        assert says(line, call=call)["heard"]
    assert Utterance.objects.count() == 1
