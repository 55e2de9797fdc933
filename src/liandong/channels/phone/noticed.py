"""Whether callers heard that the call is recorded: written down once for each call, when it is known (actions.notices)."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from liandong.actions import notices
from liandong.packs.opened import opened
from liandong.records.models import Matter
from liandong.rules import access, announcing
from liandong.telephony.port import Said, Talk


class Noticed:
    """`owed`: of each call to which the notice is being said, how many sounds it takes until it is heard; `played` what is
    known of that by now. `known`: calls of which it is written down, or of which nothing is to be. `late`: those that have gone on
    without a word of how much was said, which may only be on its way."""

    def __init__(self) -> None:
        self.owed: dict[UUID, int] = {}
        self.played: dict[UUID, int | None] = {}
        self.known: set[UUID] = set()
        self.late: set[UUID] = set()

    def begun(self, call: UUID, sounds: int) -> None:
        """It is said now, and heard after so many sounds."""
        self.owed[call] = sounds

    def found(self, calls: Iterable[UUID]) -> None:
        """Another process may have said it: nobody counted how much of it was heard."""
        for call in calls:
            self.owed[call], self.played[call] = 0, None

    def over(self, said: Said) -> None:
        """What was being said is over."""
        if said.call in self.owed:
            self.played.setdefault(said.call, said.played)

    def look(self, talks: dict[UUID, Talk], *, voice: bool) -> None:
        """Write down what is known by now. `voice`: whether there is anything to say it with."""
        self.known &= talks.keys()
        for call in self.owed.keys() | {call for call, talk in talks.items() if talk.line}:
            if call not in self.known and (how := self._how(call, talks.get(call), voice)):
                _write(call, how)
                self.known.add(call)
                self.owed.pop(call, None)
                self.played.pop(call, None)
                self.late.discard(call)

    def _how(self, call: UUID, talk: Talk | None, voice: bool) -> str:
        answered = talk is not None and bool(talk.extensions)
        if call not in self.owed:  # not begun
            return announcing.NO_VOICE if not voice else announcing.ANSWERED if answered else ""
        if call not in self.played and (answered or talk is None) and call not in self.late:
            self.late.add(call)
            return ""
        if call in self.played or answered or talk is None:
            return announcing.notice(
                self.played.get(call, 0), self.owed[call], answered=answered, here=talk is not None
            )
        return ""


def _write(call: UUID, how: str) -> None:
    first = Matter.objects.filter(contact__call=call).select_related("contact", "pack").defer("pack__files")
    matter = first.order_by("received_at", "number").first()
    if matter is not None and announcing.recorded(matter.contact.line, opened(matter.pack)):
        notices.heard(matter, how, by=access.system("switch", matter.city), at=timezone.now())
