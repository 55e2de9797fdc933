"""Events are told once they are committed, in whatever order that happens, and in notices that fit."""

import json
import threading
import time
import uuid

import psycopg
import pytest
from django.utils import timezone

from liandong.actions.acting import stream_event
from liandong.exchange import relay as room
from liandong.exchange.listening import Wakeups, parameters
from liandong.exchange.relay import LARGEST, Relay, messages
from liandong.rules import access

WRITE = """
    INSERT INTO records_event (stream, seq, act, kind, at, body, private, salt, before, digest, topics)
    VALUES (%s, 1, gen_random_uuid(), 'seat.freed', now(), '{}', '', '', '', '', '{desk:a}') RETURNING id
"""


def write(connection) -> int:
    return connection.execute(WRITE, [f"seat:{uuid.uuid4()}"]).fetchone()[0]


@pytest.fixture
def connect(own_database):
    """Connections of their own to this test's database."""
    opened = []

    def connection(autocommit=True):
        opened.append(psycopg.connect(own_database, autocommit=autocommit))
        return opened[-1]

    yield connection
    for one in opened:
        one.close()


def test_an_event_is_told_once(connect):
    reader, writer, relay = connect(), connect(), Relay()
    assert relay.read(reader) == []
    number = write(writer)
    assert [row[0] for row in relay.read(reader)] == [number]
    assert relay.read(reader) == []


def test_an_event_committed_late_is_told_although_a_later_one_was_told_before(connect):
    reader, quick, slow, relay = connect(), connect(), connect(autocommit=False), Relay()
    relay.read(reader)
    late, early = write(slow), write(quick)
    assert late < early
    assert [row[0] for row in relay.read(reader)] == [early]
    slow.commit()
    assert [row[0] for row in relay.read(reader)] == [late]
    assert relay.read(reader) == []


def test_an_event_that_never_came_is_not_looked_for_for_ever(connect, monkeypatch):
    reader, writer, given_up, relay = connect(), connect(), connect(autocommit=False), Relay()
    write(writer)  # where this database's ids begin is the template's affair
    relay.read(reader)
    relay.missing.clear()
    write(given_up)
    given_up.rollback()
    write(writer)
    relay.read(reader)
    assert len(relay.missing) == 1
    monkeypatch.setattr(room, "MISSING_FOR", 0.0)
    relay.read(reader)
    assert relay.missing == {}


def test_a_relay_that_starts_again_tells_what_was_written_meanwhile(connect):
    reader, writer = connect(), connect()
    number = write(writer)
    assert [row[0] for row in Relay().read(reader)] == [number]


def test_a_commit_is_heard_within_a_tenth_of_a_second(own_database):
    stop, relay = threading.Event(), Relay()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    try:
        with psycopg.connect(**parameters(), autocommit=True) as listener:
            listener.execute("LISTEN liandong_live")
            deadline = time.monotonic() + 5
            while relay.highest is None and time.monotonic() < deadline:
                time.sleep(0.01)
            waits = []
            for _ in range(10):
                stream_event("seat:1", "seat.freed", by=access.system("test"), at=timezone.now(), topics=("desk:a",))
                began = time.monotonic()
                notice = next(said for said in listener.notifies(timeout=5) if said.payload)
                waits.append(time.monotonic() - began)
            assert json.loads(notice.payload)["topics"] == ["desk:a"]
            assert sorted(waits)[5] < 0.1
    finally:
        stop.set()
        thread.join(5)


def test_a_relay_with_nothing_to_tell_gives_a_sign_of_life_every_two_seconds(connect, monkeypatch):
    reader, listener, relay = connect(), connect(), Relay()
    listener.execute("LISTEN liandong_live")
    signs = []
    for now in (0.0, 100.0, 101.9, 102.1):
        monkeypatch.setattr(room.time, "monotonic", lambda now=now: now)
        relay.once(reader)
        signs.append(sum(not said.payload for said in listener.notifies(timeout=0.2)))
    assert signs[1:] == [1, 0, 1]


def test_what_belongs_together_is_one_notice_and_says_which_topics_are_whose():
    matter = uuid.uuid4()
    rows = [(1, matter, "matter.opened", ["desk:a", "seat:1"]), (2, None, "seat.freed", ["desk:b", "desk:a"])]
    (notice,) = messages(rows)
    assert json.loads(notice) == {
        "topics": ["desk:a", "seat:1", "desk:b"],
        "events": [[str(matter), "matter.opened", 1, [0, 1]], [None, "seat.freed", 2, [2, 0]]],
    }


@pytest.mark.parametrize("each", [1, 8, 60])
def test_no_notice_is_larger_than_postgresql_takes_and_none_is_lost(each):
    rows = [(n, uuid.uuid4(), "k" * 40, [f"{n}-{place}-".ljust(80, "x") for place in range(each)]) for n in range(300)]
    told = [json.loads(notice) for notice in messages(rows) if len(notice.encode()) <= LARGEST]
    seen = {(event[2], said["topics"][place]) for said in told for event in said["events"] for place in event[3]}
    assert seen == {(number, topic) for number, _, _, topics in rows for topic in topics}


def test_no_events_are_no_notice():
    assert list(messages([])) == []


def test_who_listens_is_woken_and_connects_again_after_a_loss(own_database):
    wakeups = Wakeups("liandong_test")
    wakeups.wait(0)
    with psycopg.connect(own_database, autocommit=True) as other:
        began = time.monotonic()
        threading.Timer(0.1, other.execute, ["NOTIFY liandong_test"]).start()
        wakeups.wait(5)
        assert time.monotonic() - began < 2
        pid = wakeups.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        with pytest.raises(psycopg.OperationalError):
            for _ in range(20):
                wakeups.wait(0.1)
        wakeups.wait(0)
        assert wakeups.connection.info.backend_pid != pid
    wakeups.close()
