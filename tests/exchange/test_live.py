"""The event stream: who hears what, who is refused, who is dropped, and what a lost database does to it."""

import asyncio
import json
import socket

import psycopg
import pytest

from liandong.exchange.relay import messages, standing
from liandong.web import live, tickets

HEAD = "GET {} HTTP/1.1\r\nHost: 127.0.0.1:8001\r\n{}\r\n"


def ask(path, *headers, method="GET"):
    return live.respond(HEAD.format(path, "".join(f"{line}\r\n" for line in headers)).replace("GET", method, 1))


def test_a_ticket_opens_the_stream_for_its_topics():
    status, headers, body, topics = ask(f"/live/?ticket={tickets.issue(['desk:b', 'desk:a'])}")
    assert (status, body, topics) == ("200 OK", "retry: 1000\n\n", ["desk:a", "desk:b"])
    assert "Content-Type: text/event-stream" in headers
    assert "X-Accel-Buffering: no" in headers


@pytest.mark.parametrize("ticket", ["", "made-up", "a:b:c", "cut short", "%00", "长"])
def test_without_a_good_ticket_nothing_is_heard(ticket):
    ticket = tickets.issue(["desk:a"])[:-1] if ticket == "cut short" else ticket
    assert ask(f"/live/?ticket={ticket}")[0].startswith("403")


def test_a_ticket_ends_with_the_shift(monkeypatch):
    ticket = tickets.issue(["desk:a"])
    assert tickets.read(ticket) == ["desk:a"]
    monkeypatch.setattr(tickets, "SHIFT", -1)
    assert tickets.read(ticket) is None


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/healthz", "GET", "200"), ("/", "GET", "404"), ("/live/", "POST", "405"), ("/healthz", "HEAD", "200")],
)
def test_other_addresses_have_plain_answers(path, method, status):
    assert ask(path, method=method)[0].startswith(status)


def test_a_host_that_is_not_ours_is_refused():
    assert live.respond("GET /healthz HTTP/1.1\r\nHost: example.org\r\n\r\n")[0].startswith("400")
    assert live.respond("rubbish\r\n\r\n")[0].startswith("400")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.0.0.1:9999", False),
        ("http://example.org:8000", False),
        ("http://127.0.0.1:no", False),
        ("null", False),
    ],
)
def test_only_the_pages_of_the_same_host_may_read_the_stream(origin, allowed):
    headers = ask(f"/live/?ticket={tickets.issue(['desk:a'])}", f"Origin: {origin}")[1]
    assert (f"Access-Control-Allow-Origin: {origin}" in headers) is allowed


class Served:
    """The server in this process, and clients of it."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.stop = asyncio.Event()
        self.writers = []

    async def __aenter__(self):
        self.task = asyncio.create_task(live.serve("127.0.0.1", self.port, self.stop))
        for _ in range(100):
            try:
                (await self.get("/healthz"))[1].close()
                break
            except OSError:
                await asyncio.sleep(0.02)
        return self

    async def __aexit__(self, *_):
        self.stop.set()
        await asyncio.wait_for(self.task, 5)
        for writer in self.writers:
            writer.close()

    async def get(self, path):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(HEAD.format(path, "").encode())
        return reader, writer

    async def stream(self, *topics):
        reader, _ = await self.get(f"/live/?ticket={tickets.issue(list(topics))}")
        await reader.readuntil(b"retry: 1000\n\n")
        return reader


async def heard(reader, event=b"wake", within=5):
    async with asyncio.timeout(within):
        while True:
            said = await reader.readuntil(b"\n\n")
            if said.startswith(b"event: " + event):
                return json.loads(said.partition(b"data: ")[2])


def notify(url, *rows):
    with psycopg.connect(url, autocommit=True) as connection:
        for message in messages(rows):
            connection.execute("SELECT pg_notify('liandong_live', %s)", [message])


async def until_listening(url):
    """The server listens before anything is notified; a notice nobody listens to is gone."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(250):
            sql = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
            if connection.execute(sql).fetchone()[0]:
                return
            await asyncio.sleep(0.02)
    raise AssertionError("nobody listens")


class Page:
    """What was written to one page."""

    def __init__(self):
        self.said, self.transport = [], self

    def get_extra_info(self, _):
        return self

    def setsockopt(self, *_):
        pass

    def get_write_buffer_size(self):
        return 0

    def is_closing(self):
        return False

    def write(self, text):
        self.said.append(text.decode())


def test_how_the_links_stand_is_told_to_who_shows_it_in_its_language_and_once():
    town, pages = live.Live(), [Page() for _ in range(4)]
    shown = (
        "marks:532300:operator:12345:zh-hans",
        "marks:532300:operator:12345:en",
        "marks:510400:operator:12345:zh-hans",
    )
    for page, topic in zip(pages, shown, strict=False):
        town.add(page, [topic])
    stands = {"police": 9, "up": 9, "down": [], "hotline": True, "duty": False, "cut": ["姚安县公安局"]}
    for _ in range(2):
        town.wake(standing("532300", stands))
    assert [len(page.said) for page in pages] == [1, 1, 0, 0]
    marks = [json.loads(page.said[0].partition("data: ")[2]) for page in pages[:2]]
    assert marks[0] == [["cut", "chain", "姚安县公安局 断了，打电话", True], ["police", "chain", "110 全通", False],
                        ["office", "building", "总值班室没人", True]]  # fmt: skip
    assert [mark[0] for mark in marks[1]] == ["cut", "police", "office"] and marks[1][1][2] != "110 全通"
    town.add(pages[3], ["desk:12345:532300", shown[0]])
    assert pages[3].said == pages[0].said, "who comes later is told at once"
    town.wake(standing("532300", stands | {"duty": True}))
    assert [len(page.said) for page in pages] == [2, 2, 0, 2]


@pytest.mark.slow
def test_three_hundred_pages_are_woken_each_with_its_own_only(own_database):
    async def scene():
        async with Served() as served:
            await until_listening(own_database)
            readers = await asyncio.gather(*(served.stream("desk:all", f"seat:{n}") for n in range(300)))
            notify(own_database, (1, None, "seat.freed", ["desk:all", "seat:7"]), (2, None, "secret", ["desk:other"]))
            said = await asyncio.gather(*(heard(reader) for reader in readers))
            with psycopg.connect(own_database, autocommit=True) as relay:
                relay.execute("SELECT pg_notify('liandong_live', '')")  # its sign of life
            assert await heard(readers[5], b"here") == {}
        assert said[7] == {"among": 300, "topics": ["desk:all", "seat:7"], "events": [[None, "seat.freed", 1]]}
        assert all(
            one == {"among": 300, "topics": ["desk:all"], "events": [[None, "seat.freed", 1]]} for one in said[8:]
        )

    asyncio.run(scene())


@pytest.mark.slow
def test_a_page_that_does_not_read_is_dropped_and_the_others_hear_everything(own_database, monkeypatch):
    monkeypatch.setattr(live, "MOST_UNREAD", 32 * 1024)

    async def scene():
        async with Served() as served:
            await until_listening(own_database)
            deaf, alive = await served.stream("desk:a"), await served.stream("desk:a")
            deaf._transport.pause_reading()
            rows = [(n, None, "k" * 40, ["desk:a"]) for n in range(40_000)]
            hearing = asyncio.create_task(last_event(alive, 39_999))
            await asyncio.to_thread(notify, own_database, *rows)
            assert await hearing == 39_999
            deaf._transport.resume_reading()
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await last_event(deaf, 39_999)

    asyncio.run(scene())


async def last_event(reader, number):
    while True:
        said = await heard(reader, within=20)
        if said["events"][-1][2] == number:
            return number


def test_what_is_no_notice_of_the_relay_harms_nobody(own_database):
    async def scene():
        async with Served() as served:
            await until_listening(own_database)
            reader = await served.stream("desk:a")
            with psycopg.connect(own_database, autocommit=True) as connection:
                connection.execute("NOTIFY liandong_live, 'rubbish'")
                connection.execute("NOTIFY liandong_live, '[]'")
            notify(own_database, (5, None, "seat.freed", ["desk:a"]))
            assert (await heard(reader))["events"] == [[None, "seat.freed", 5]]

    asyncio.run(scene())


@pytest.mark.slow
def test_after_a_lost_database_every_page_is_told_to_look_again(own_database):
    async def scene():
        async with Served() as served:
            await until_listening(own_database)
            reader = await served.stream("desk:a")
            with psycopg.connect(own_database, autocommit=True) as connection:
                connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            assert await heard(reader, b"again") == {}
            await until_listening(own_database)
            notify(own_database, (5, None, "seat.freed", ["desk:a"]))
            assert (await heard(reader))["events"] == [[None, "seat.freed", 5]]

    asyncio.run(scene())
