"""`liandong live`: tells open pages to look again, over server-sent events.

A page asks `GET /live/?ticket=…` and hears `event: wake` with {"topics": […], "events": [[matter, kind, id]…]} of its
own topics and "among": how many pages share the widest of them, so that these spread their looks; `event: again` when
something may have been missed; `event: marks` with how the links stand, as this page shows them and in its language;
and `event: here` every two seconds while everything on the way from the database to it works. One process, one LISTEN,
no state but how the links stand, which the worker tells again: a page that is cut off comes back by itself (`retry`),
and polls whenever it hears nothing.
"""

import asyncio
import json
import logging
import resource
import signal
import socket
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import psycopg
import uvloop
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from psycopg import sql

from liandong.channels.measures import DROPPED, STREAMS, WAKES
from liandong.channels.phone import recogniser
from liandong.channels.phone.recogniser import Recognisers
from liandong.exchange.listening import DATABASE_FAULT, parameters, pause_before
from liandong.exchange.relay import CHANNEL
from liandong.queries.links import Links
from liandong.web import tickets
from liandong.web.face import links as line
from liandong.web.line import Lines, allow, caller_of

HEARTBEAT = 15.0
"""Seconds between two comments, so that nothing on the way thinks the stream is dead."""
LARGEST_REQUEST = 16 * 1024
SLOWEST_REQUEST = 10.0
"""Seconds in which a request must have come."""
MOST_UNREAD = 256 * 1024
"""Bytes a client may leave unread; then it is dropped, and comes back by itself."""

_log = logging.getLogger("liandong.live")


class Live:
    """The open streams by topic. Writing never waits: what a client does not read is its own loss."""

    def __init__(self) -> None:
        self.streams: dict[asyncio.StreamWriter, frozenset[str]] = {}
        self.by_topic: dict[str, set[asyncio.StreamWriter]] = defaultdict(set)
        self.standing: dict[str, Links] = {}
        """How each city's links stand, as far as was told."""
        self.lines = Lines()
        self.recognisers = Recognisers()

    def add(self, writer: asyncio.StreamWriter, topics: list[str]) -> None:
        # without a bound the kernel would keep megabytes for a client that is asleep
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_UNREAD // 4)
        self.streams[writer] = frozenset(topics)
        STREAMS.set(len(self.streams))
        for topic in topics:
            self.by_topic[topic].add(writer)
            if topic.startswith(line.PREFIX) and (links := self.standing.get(topic.split(":")[1])):
                self.write(writer, _marks(topic, links))

    def remove(self, writer: asyncio.StreamWriter) -> None:
        for topic in self.streams.pop(writer, ()):
            self.by_topic[topic].discard(writer)
            if not self.by_topic[topic]:
                del self.by_topic[topic]
        STREAMS.set(len(self.streams))

    def write(self, writer: asyncio.StreamWriter, text: str) -> None:
        if writer.transport.get_write_buffer_size() > MOST_UNREAD:
            self.remove(writer)
            DROPPED.inc()
            writer.transport.abort()
        elif not writer.transport.is_closing():
            writer.write(text.encode())

    def tell_all(self, text: str) -> None:
        for writer in list(self.streams):
            self.write(writer, text)

    def wake(self, notice: str) -> None:
        """Pass a notice of the relay on to whom it concerns, to each only what is of its own topics; an empty one is the
        relay's sign of life, for everybody."""
        if not notice:
            self.tell_all("event: here\ndata: {}\n\n")
            return
        try:
            said = json.loads(notice)
            if "links" in said:
                self.stand(said["city"], Links(**said["links"] | {n: tuple(said["links"][n]) for n in ("down", "cut")}))
                return
            topics, events = said["topics"], said["events"]
        except (ValueError, KeyError, TypeError):
            _log.warning("not a notice of the relay: %.200s", notice)
            return
        concerned = set().union(*(self.by_topic.get(topic, ()) for topic in topics))
        WAKES.inc(len(concerned))
        for writer in concerned:
            mine = self.streams[writer]
            places = {place for place, topic in enumerate(topics) if topic in mine}
            part = {
                "among": max(len(self.by_topic[topics[place]]) for place in places),
                "topics": [topics[place] for place in sorted(places)],
                "events": [event[:3] for event in events if not places.isdisjoint(event[3])],
            }
            self.write(writer, f"event: wake\ndata: {json.dumps(part, separators=(',', ':'))}\n\n")

    def stand(self, city: str, links: Links) -> None:
        """How a city's links stand: to every page that shows it, when it has changed."""
        if links == self.standing.get(city):
            return
        self.standing[city] = links
        for topic in [t for t in self.by_topic if t.startswith(f"{line.PREFIX}{city}:")]:
            text = _marks(topic, links)
            for writer in list(self.by_topic[topic]):
                self.write(writer, text)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, one answer; a stream stays open until the client goes."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SLOWEST_REQUEST)
            if user := caller_of(head.decode("latin-1")):
                await self.lines.serve(user, head, reader, writer)
                return
            if recogniser.asks(head.decode("latin-1")):
                await self.recognisers.serve(head, reader, writer)
                return
            status, headers, body, topics = respond(head.decode("latin-1"))
            writer.write(f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n{body}".encode())
            if topics is not None:
                self.add(writer, topics)
                while await reader.read(1024):  # what a client says now is of no interest; its going is
                    pass
            else:
                await writer.drain()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass
        finally:
            self.remove(writer)
            writer.close()

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            self.tell_all(": here\n\n")

    async def listen(self) -> None:
        """Notices of the relay, for ever. After a break every page looks again: nobody knows what was missed."""
        failed, first = 0, True
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**parameters(), autocommit=True) as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    if not first:
                        self.tell_all("event: again\ndata: {}\n\n")
                    failed, first = 0, False
                    while True:
                        async for notice in connection.notifies(timeout=HEARTBEAT):
                            self.wake(notice.payload)
                        await connection.execute("SELECT 1")  # a server that went away without a word
            except DATABASE_FAULT as error:
                failed += 1
                _log.warning("listening: %s", str(error).strip() or type(error).__name__)
                await asyncio.sleep(pause_before(failed))


def _marks(topic: str, links: Links) -> str:
    with translation.override(topic.rpartition(":")[2]):
        drawn = [mark.told for mark in line.of_topic(topic, links)]
    return f"event: marks\ndata: {json.dumps(drawn, ensure_ascii=False, separators=(',', ':'))}\n\n"


def respond(head: str) -> tuple[str, str, str, list[str] | None]:
    """Status line, headers, body, and for an accepted stream its topics (None: the answer is complete)."""
    request, *lines = head.rstrip("\r\n").split("\r\n")
    method, _, rest = request.partition(" ")
    target = urlsplit(rest.rpartition(" ")[0])
    said = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    host, _ = split_domain_port(said.get("host", ""))
    if not validate_host(host, settings.ALLOWED_HOSTS):
        return _short("400 Bad Request", "unknown host\n")
    if method not in ("GET", "HEAD"):
        return _short("405 Method Not Allowed", "")
    if target.path == "/healthz":
        return _short("200 OK", "ok\n" if method == "GET" else "")
    if target.path != "/live/" or method != "GET":
        return _short("404 Not Found", "")
    topics = tickets.read(parse_qs(target.query).get("ticket", [""])[0])
    if topics is None:
        return _short("403 Forbidden", "this ticket is not valid any more; load the page again\n", allow(said, host))
    headers = ["Content-Type: text/event-stream; charset=utf-8", "Cache-Control: no-store", "X-Accel-Buffering: no",
               "Connection: close", *allow(said, host)]  # fmt: skip
    return "200 OK", "\r\n".join(headers), "retry: 1000\n\n", topics


def _short(status: str, body: str, more: Sequence[str] = ()) -> tuple[str, str, str, None]:
    headers = ["Content-Type: text/plain; charset=utf-8", f"Content-Length: {len(body)}", "Connection: close", *more]
    return status, "\r\n".join(headers), body, None


async def serve(host: str, port: int, stop: asyncio.Event) -> None:
    """Serve until `stop` is set."""
    live = Live()
    server = await asyncio.start_server(live.answer, host, port, limit=LARGEST_REQUEST, backlog=1024)
    tasks = [asyncio.create_task(live.listen()), asyncio.create_task(live.beat())]
    watch = asyncio.create_task(stop.wait())
    await asyncio.wait([watch, *tasks], return_when=asyncio.FIRST_COMPLETED)
    server.close()
    for writer in list(live.streams):
        writer.transport.abort()
    live.recognisers.close()
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


async def _until_signalled() -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await serve("127.0.0.1", settings.LIVE_PORT, stop)


def main(argv: Sequence[str]) -> int:
    """Run until SIGTERM; 0."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a stream is a file; the usual 1,024 are soon gone
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_signalled())
    return 0
