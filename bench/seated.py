"""People at seats of their own with a telephone each, for bench.voice: what a page of theirs does, without a browser.

`python -m bench.seated 60` writes as many at 12345 and at a county's 110 into the database of `LIANDONG_HOME`, signed in and free, and
prints them as JSON; `leave` in the place of the number lets them go. A page hears its event stream and does at once what live.js and
desk.js do when something is about its own seat; what colleagues' boards ask for within the next seconds is left to bench.desks."""

import asyncio
import contextlib
import json
import re
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from bench.others import SIGN_OF_LIFE, TOKEN, sign_in

DESKS = {"12345:532300": "operator", "110:532301": "dispatcher"}
HERE, THERE = DESKS
NAMED = "voice"
FIRST_EXTENSION = {HERE: 8100, THERE: 9100}


def make(many: int) -> list[dict]:
    """`many` people at each desk."""
    import django

    django.setup()
    from django.utils import timezone

    from liandong.records.models import Desk, Person, Post, Seat
    from liandong.web import tickets

    now, made = timezone.now(), []
    Seat.objects.filter(desk__code__in=DESKS).exclude(presence="off").update(presence="break")
    for code, role in DESKS.items():
        desk = Desk.objects.get(code=code)
        for number in range(many):
            extension = str(FIRST_EXTENSION[code] + number)
            person = Person.objects.create(
                username=f"{NAMED}{extension}", name="话务", work_no=f"V{extension}", password="!"
            )
            post = Post.objects.create(person=person, role=role, city=desk.city, desk=desk)
            seat = Seat.objects.create(desk=desk, number=extension, extension=extension, person=person, presence="free",
                                       presence_at=now, seen_at=now)  # fmt: skip
            ticket = tickets.issue([f"desk:{code}", f"seat:{seat.pk}"])
            session = sign_in(person, post, now)
            made.append({"desk": code, "seat": seat.pk, "extension": extension, "session": session, "ticket": ticket})
    return made


def leave() -> None:
    """Nobody sits at these seats any more."""
    import django

    django.setup()
    from liandong.records.models import Seat

    Seat.objects.filter(person__username__startswith=NAMED).update(person=None, presence="off")


class Page:
    """The page of one seat. `told(page, matter, kind)` is awaited for each Event that is about this seat; `seen_at`: when its seat
    last gave a sign of life."""

    def __init__(self, made: dict, web: int, live: int, told: Callable[["Page", str, str], Awaitable[None]]) -> None:
        self.desk, self.seat, self.extension = made["desk"], made["seat"], made["extension"]
        self.session, self.ticket, self.web, self.live, self.told = made["session"], made["ticket"], web, live, told
        self.offers: dict[str, str] = {}
        """The open offer to this seat, by matter."""
        self.receipt_at: dict[str, float] = {}
        """When the page said that it has the record of a matter, by time.perf_counter."""
        self.running: set[asyncio.Task] = set()

    async def press(self, path: str, **form: str) -> tuple[int, str]:
        return await self.ask("POST", path, urlencode(form | {"csrfmiddlewaretoken": TOKEN}))

    async def ask(self, method: str, path: str, form: str = "") -> tuple[int, str]:
        """Status and body; 0: no answer came, as when the web process was started anew meanwhile."""
        try:
            return await self._ask(method, path, form)
        except (OSError, IndexError):
            return 0, ""

    async def _ask(self, method: str, path: str, form: str) -> tuple[int, str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.web)
        head = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(form)}",
                "Content-Type: application/x-www-form-urlencoded", f"X-CSRFToken: {TOKEN}", "HX-Request: true", "X-Mode: write",
                f"Idempotency-Key: {uuid.uuid4().hex}", f"Cookie: sessionid={self.session}; csrftoken={TOKEN}"]  # fmt: skip
        writer.write(("\r\n".join(head) + "\r\n\r\n" + form).encode())
        status = int((await reader.readline()).split()[1])
        answer = await reader.read()
        writer.close()
        return status, answer.partition(b"\r\n\r\n")[2].decode(errors="replace")

    async def listen(self) -> None:
        """Until cancelled: the stream, and a sign of life as a page gives it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.live)
        writer.write(f"GET /live/?ticket={self.ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        due = time.monotonic() + SIGN_OF_LIFE * (self.seat % 10) / 10
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    line = await asyncio.wait_for(reader.readline(), max(0.001, due - time.monotonic()))
                    if not line:
                        raise RuntimeError("stream ended")
                    if line.startswith(b"event: wake"):
                        self._heard(json.loads((await reader.readline()).removeprefix(b"data: ")))
                if time.monotonic() >= due:
                    due = time.monotonic() + SIGN_OF_LIFE
                    self.begin(self.press("/desk/pulse/", matter=""))
        finally:
            writer.close()

    def _heard(self, said: dict) -> None:
        if f"seat:{self.seat}" not in said["topics"]:
            return
        for matter, kind, _ in said["events"]:
            self.begin(self._look(matter, kind))

    def begin(self, doing: Awaitable) -> None:
        """Do it beside everything else."""
        task = asyncio.ensure_future(doing)
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def _look(self, matter: str, kind: str) -> None:
        if kind == "transfer.offered":
            self.begin(self.press("/desk/pulse/", matter=""))  # beside the page of the matter, as live.js asks
            _, page = await self.ask("GET", f"/matters/{matter}/call/")
            if offer := re.search(r'data-offer="([^"]+)"', page):
                self.offers[matter] = offer[1]
                self.receipt_at[matter] = time.perf_counter()
                for what in ("delivered", "seen"):
                    await self.press(f"/transfers/{offer[1]}/receipts/", what=what)
        await self.told(self, matter, kind)


if __name__ == "__main__":
    if sys.argv[1] == "leave":
        leave()
    else:
        print(json.dumps(make(int(sys.argv[1]))))
