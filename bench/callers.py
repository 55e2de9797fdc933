"""What callers and people at seats do in the city of bench.voice."""

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bench.city import BARE, Running, until
from bench.seated import HERE, THERE, Page
from bench.talks import CALLER, Talk
from bench.talks import HERE as HERE_SAYS
from bench.talks import THERE as THERE_SAYS

SAID = "想请派出所来看看，楼下有人摆摊卖假药，生意还挺好。"


class Refused(Exception):
    """A press that was not done, with what the page said."""


@dataclass(eq=False)
class Call:
    """One caller and who has to do with them. `ring`: the telephone that is to ring next."""

    number: str
    caller: Talk
    matter: str = ""
    operator: Page | None = None
    here: Talk | None = None
    there: Talk | None = None
    conference: str = ""
    ring: asyncio.Future = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def party(self) -> tuple[tuple[Talk, int], ...]:
        """Who talks, and which tone is theirs."""
        return ((self.caller, CALLER), (self.here, HERE_SAYS), (self.there, THERE_SAYS))


class City(Running):
    """People who answer what rings, and press what they are told to."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.by_number: dict[str, Call] = {}
        self.waiting: dict[str, Talk] = {}
        self.matters: dict[str, str] = {}

    def rung(self, talk: Talk) -> None:
        """A telephone rings, or comes up by itself."""
        if talk.caller == BARE:
            super().rung(talk)
            return
        call, page = self.by_number[talk.caller], self.at[talk.user]
        if page.desk == THERE:
            call.there = talk
            if not call.ring.done():
                call.ring.set_result(talk)
            return
        call.here, call.operator = talk, page
        if talk.state == "ringing":
            self.waiting[talk.user] = talk
            self._answer(page)

    async def told(self, page: Page, matter: str, kind: str) -> None:
        if page.desk == HERE and kind in ("matter.opened", "contact.rang"):
            self.matters[page.extension] = matter
            self._answer(page)

    def _answer(self, page: Page) -> None:
        """It rings, and the page shows for what: the key is pressed."""
        if page.extension in self.waiting and page.extension in self.matters:
            call = self.by_number[self.waiting.pop(page.extension).caller]
            call.matter = self.matters.pop(page.extension)
            page.begin(self._press(page, f"/matters/{call.matter}/answering/"))

    async def _press(self, page: Page, path: str, **form: str) -> str:
        status, body = await page.press(path, **form)
        if status not in (200, 204):
            words = re.sub(r"<[^>]+>|\s+", " ", body)[:300]
            raise Refused(f"{path}: {status} {words}")
        return body

    def listen(self, on: bool) -> None:
        """All telephones keep what they hear, from now; or no longer."""
        for phones in (self.callers, self.here, self.there):
            phones.listen(on)

    def dials(self) -> Call:
        number = f"138{len(self.by_number):08d}"
        call = self.by_number[number] = Call(number, self.callers.dial(number, "12345"))
        return call

    async def comes(self) -> Call:
        """A caller is answered by a seat of 12345."""
        call = self.dials()
        await until(lambda: call.caller.state == "up" and call.here.state == "up", 15)
        return call

    async def transfer(self, call: Call) -> float:
        """When the key was pressed."""
        call.ring, pressed = asyncio.get_running_loop().create_future(), time.perf_counter()
        await self._press(call.operator, f"/matters/{call.matter}/transfers/", to_desk=THERE, said=SAID, answers="{}",
                                 consent="1")  # fmt: skip
        return pressed

    async def recall(self, call: Call) -> None:
        """Whatever offer of it is open, also one whose press was not answered in time."""
        open_now = "SELECT id FROM records_transfer WHERE matter_id = %s AND state IN ('offered', 'led')"
        for (offer,) in await asyncio.to_thread(self.read, open_now, call.matter):
            with suppress(Refused):  # run out meanwhile
                await self._press(call.operator, f"/transfers/{offer}/recall/")
        await until(lambda: call.there is None or call.there.state == "over", 30)

    async def all_free(self) -> None:
        """Until no seat of 110 is kept by an offer that is over, and what came of it has been done."""
        busy = "SELECT count(*) FROM records_seat WHERE extension = ANY(%s) AND presence <> 'free'"
        seats = [name for name, page in self.at.items() if page.desk == THERE]
        end = time.monotonic() + 60
        while (await asyncio.to_thread(self.read, busy, seats))[0][0]:
            if time.monotonic() > end:
                raise TimeoutError("seats that are not free again")
            await asyncio.sleep(0.5)
        await asyncio.sleep(2)

    async def three_way(self, call: Call) -> float:
        """When the key was pressed."""
        call.ring, pressed = asyncio.get_running_loop().create_future(), time.perf_counter()
        await self._press(
            call.operator, f"/matters/{call.matter}/conferences/", with_desk=THERE, said=SAID, answers="{}"
        )
        return pressed

    async def join(self, call: Call) -> float:
        """When the key was pressed, at the seat that rings."""
        page = self.at[call.there.user]
        _, shown = await page.ask("GET", f"/matters/{call.matter}/call/")
        call.conference = re.search(r"/conferences/([0-9a-f-]+)/", shown)[1]
        self.listen(True)
        pressed = time.perf_counter()
        await self._press(page, f"/conferences/{call.conference}/joining/")
        return pressed

    async def all_hear(self, call: Call, since: float) -> float:
        """The moment from which everybody in the talk has heard both others."""

        def moment(talk: Talk, own: int) -> float:
            times, both = talk.both(own)
            return float(min(times[both & (times > since)], default=0.0))

        found: list[float] = []

        def everybody() -> bool:
            found[:] = [moment(talk, own) for talk, own in call.party]
            return all(found)

        await until(everybody, 8)
        return max(found)

    async def part(self, call: Call) -> None:
        """Settled: 12345 keeps it, and the other seat is free again."""
        page = self.at[call.there.user]
        await self._press(call.operator, f"/conferences/{call.conference}/settlement/", taker=HERE, why="")
        await until(lambda: call.there.state == "over")
        await self._press(page, f"/seats/{page.seat}/presence/", presence="free")
        self.listen(False)
