"""What is said to callers nobody has answered yet: which sentence when is a rule (rules.announcing), how it sounds is the
voice's business, and this says it.

What a caller has been told is kept by this process alone. One that begins tells nobody again what comes first: who waited
already was told it, or is told their place.
"""

import contextlib
import time
from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from liandong.channels.phone.noticed import Noticed
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.queries import in_line
from liandong.records.calls import UNANSWERED
from liandong.records.models import Matter
from liandong.rules import announcing, turns
from liandong.rules.announcing import Told, Waiting
from liandong.rules.say import Say
from liandong.telephony import port
from liandong.telephony.port import Exchange, Talk
from liandong.telephony.voice import Recordings, Spoken, Synthesised, Voice, synthesiser
from liandong.words.announced import parts

EVERY = 0.5
"""Seconds between two looks at who waits."""
RECORDED = Say("recorded")
FIRST = (RECORDED, Say("next"), Say("in_danger"), *(Say("ahead", {"many": n}) for n in (1, 2, 3)))
"""What is sure to be said; the rest is made when it is first wanted, within a look or two."""


def city_voice() -> Voice:
    """The city's own recordings first, then a synthesiser; of neither without an exchange whose callers could hear it."""
    sources: list[Spoken] = []
    if settings.ARI_URL and settings.VOICE:
        sources.append(Recordings(settings.VOICE))
    if settings.ARI_URL and (program := synthesiser()):
        sources.append(Synthesised(program, settings.SPOKEN))
    return Voice(sources)


class Notices:
    """`clock`: steady seconds. `told`: of each call that waits, what its caller has been told."""

    def __init__(self, exchange: Exchange, voice: Voice, clock: Callable[[], float] = time.monotonic) -> None:
        self.exchange, self.voice, self.clock = exchange, voice, clock
        self.told: dict[UUID, Told] = {}
        self.heard = Noticed()
        self.looked = float("-inf")
        for said in FIRST:
            self.voice.files(parts(said))  # so that it is made before somebody waits for it

    def found(self, calls: Iterable[UUID]) -> None:
        """Calls that another process has spoken to, for all we know."""
        calls = tuple(calls)
        self.told |= dict.fromkeys(calls, Told(first=True, at=self.clock()))
        self.heard.found(calls)

    def look(self) -> None:
        """Say what is due."""
        if not (self.voice.sources or settings.ARI_URL) or self.clock() - self.looked < EVERY:
            return
        self.looked = self.clock()
        with contextlib.suppress(port.Away):
            talks = {talk.call: talk for talk in self.exchange.talks()}
            self.heard.look(talks, voice=bool(self.voice.sources))
            if not self.voice.sources:
                return
            waiting = {call: talk for call, talk in talks.items() if talk.line and not talk.extensions}
            self.told = {call: told for call, told in self.told.items() if call in waiting}
            for talk, matter, ahead in in_turn(waiting):
                if not talk.saying:
                    self._say(talk, matter, ahead)

    def _say(self, talk: Talk, matter: Matter, ahead: int) -> None:
        pack, seat = opened(matter.pack), matter.seat
        chosen = seat and seat.presence == "ringing"  # and perhaps not rung yet
        rings = talk.ringing or talk.joining or chosen
        at = matter.received_at
        workday = calendar.is_workday(timezone.localtime(at).date())
        first = announcing.first(talk.line, pack, at, workday, duty=bool(seat) and seat.desk.platform == "duty")
        call = Waiting(talk.line, None if rings else ahead, first)
        before = self.told.get(talk.call, Told())
        said, after = announcing.next_said(call, before, self.clock(), announcing.again(talk.line, pack))
        sounds = [self.voice.files(parts(one)) for one in said]
        if not all(sounds):
            return  # not made yet: at the next look
        if sounds:
            with contextlib.suppress(port.NoSuchCall):
                if RECORDED in said:
                    self.heard.begun(talk.call, sum(map(len, sounds[: said.index(RECORDED) + 1])))
                self.exchange.say(talk.call, [file for files in sounds for file in files])
        self.told[talk.call] = after


def in_turn(waiting: dict[UUID, Talk]) -> list[tuple[Talk, Matter, int]]:
    """The calls that nobody has answered, each with what it is about and how many its desk answers before it."""
    before: dict[int, int] = {}
    found = []
    rows = Matter.objects.filter(UNANSWERED, contact__call__in=waiting)
    for matter in (one.matter for one in in_line.in_turn(rows, turns.answered)):
        found.append((waiting[matter.contact.call], matter, before.get(matter.holder_id, 0)))
        before[matter.holder_id] = before.get(matter.holder_id, 0) + 1
    return found
