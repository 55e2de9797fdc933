"""Recordings of calls: begun and ended as the records say who may (rules.recording), and brought from the exchange.

A row is there before the exchange is asked, and ends before it is told to stop: a switch that is killed between the two does
the rest when it begins again. The exchange keeps a sound until its row says that it is kept here, sealed.
"""

import contextlib
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from liandong.actions import recordings as acts
from liandong.channels.phone.phones import Phones
from liandong.exchange.listening import DATABASE_LOST
from liandong.records.models import Desk, Matter, Recording, VoiceOrder
from liandong.rules import access, recording
from liandong.rules.say import Conflict
from liandong.telephony import port
from liandong.telephony.port import Exchange, Talk

EVERY = 0.5
"""Seconds between two looks who holds what; who comes into a talk or leaves it is seen at once."""
FETCHED_EVERY = 1.0
"""Seconds between two looks for sounds that are to be brought here."""
LATEST = timedelta(days=3)
"""An exchange that has not given a sound by then does not give it any more."""

_log = logging.getLogger(__name__)


class Recordings:
    """Which recordings go on. `asked`: of which this process knows that the exchange was asked for them."""

    def __init__(self, exchange: Exchange, phones: Phones) -> None:
        self.exchange, self.phones = exchange, phones
        self.asked: set[UUID] = set()
        self.seen: dict[UUID, tuple[str, ...]] = {}
        self.looked, self.some = 0.0, True  # some: at the last look there was something to look at

    def look(self, at: datetime) -> None:
        """Make what is recorded what should be."""
        try:
            talks = {talk.call: talk for talk in self.exchange.talks()}
        except port.Away:
            return
        seen = {call: talk.extensions for call, talk in talks.items()}
        if seen == self.seen and time.monotonic() - self.looked < EVERY:
            return
        self.seen, self.looked = seen, time.monotonic()
        if not self.some and not any(seen.values()):
            return
        on = list(Recording.objects.filter(ended_at=None).select_related("desk", "matter"))
        self.some = bool(on) or any(seen.values())
        inside = self._desks(talks.values())
        matters = matters_of(talks.values())
        wanted = {
            call: recording.wanted(inside[call], {m.holder.code for m in matters.get(call, ())}) for call in talks
        }
        for row in on:
            if row.desk.code in wanted.get(row.call, ()):
                wanted[row.call] -= {row.desk.code}
                self._begin(row)
            else:
                why = recording.because(row.desk.code, inside.get(row.call, ()), row.call in talks)
                self._end(row, why, at)
        for call, codes in wanted.items():
            for desk in Desk.objects.filter(code__in=codes).exclude(recording__in=_failed(call)):
                first = min(matters[call], key=lambda matter: matter.received_at)
                with contextlib.suppress(Conflict):
                    self._begin(acts.begin(first, desk, call, by=_switch(first), at=at))

    def over(self, event: port.Recorded, at: datetime) -> None:
        """The exchange says that one is over: by itself while we thought it goes on, or it keeps what is kept here."""
        row = Recording.objects.select_related("desk", "matter").filter(pk=event.recording).first()
        if row is None:
            _log.warning("the exchange has a recording that no record knows: %s", event.recording)
        elif row.file_id or row.lost_at:
            self.exchange.forget_recording(event.call, event.recording)
        elif row.ended_at is None:
            alive = any(talk.call == row.call for talk in self.exchange.talks())
            self._end(row, "failed" if alive else "over", at)

    def _begin(self, row: Recording) -> None:
        if row.pk in self.asked:
            return
        with contextlib.suppress(port.Away, port.NoSuchCall):  # asked again at the next look
            self.exchange.record(row.call, row.pk)
            self.asked.add(row.pk)

    def _end(self, row: Recording, why: str, at: datetime) -> None:
        with contextlib.suppress(Conflict):
            acts.end(row, why, by=_switch(row.matter), at=at)
        self.asked.discard(row.pk)
        with contextlib.suppress(port.Away):  # the one that fetches it stops it first
            self.exchange.stop_recording(row.call, row.pk)

    def _desks(self, talks: Iterable[Talk]) -> dict[UUID, set[str]]:
        """The desks with a seat in each talk, by code."""
        seats = {talk.call: self.phones.seats_of(talk.extensions) for talk in talks}
        codes = dict(Desk.objects.filter(seats__in={s for all_of in seats.values() for s in all_of})
                     .values_list("seats", "code"))  # fmt: skip
        return {call: {codes[seat] for seat in all_of if seat in codes} for call, all_of in seats.items()}


class Fetching:
    """Brings what is over from the exchange, in a thread of its own: a long talk takes seconds to seal, and no call waits."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="recordings", daemon=True)

    def stop(self) -> None:
        """What is being fetched is finished."""
        self.stopping.set()
        if self.thread.is_alive():
            self.thread.join()

    def _run(self) -> None:
        while not self.stopping.wait(FETCHED_EVERY):
            try:
                self.look(timezone.now())
            except DATABASE_LOST:
                with contextlib.suppress(Exception):
                    connection.close()
            except Exception:
                _log.exception("recordings")
        connection.close()

    def look(self, at: datetime) -> None:
        """Bring what there is; what the exchange does not give now is asked for again."""
        rows = Recording.objects.filter(file=None, lost_at=None, ended_at__isnull=False)
        for row in rows.select_related("desk", "matter").order_by("ended_at"):
            by = _switch(row.matter)
            try:
                self.exchange.stop_recording(row.call, row.pk)
                acts.keep(row, acts.sealed(self.exchange.recording(row.call, row.pk), at=at), by=by, at=at)
                self.exchange.forget_recording(row.call, row.pk)
            except port.NoSuchRecording:
                acts.lose(row, "missing", by=by, at=at)
            except port.Away:
                if at - row.ended_at > LATEST:
                    acts.lose(row, "late", by=by, at=at)
            except OSError:  # the folder is full or gone: the exchange keeps it until there is room
                _log.exception("recording %s is not kept", row.pk)


def matters_of(talks: Iterable[Talk]) -> dict[UUID, list[Matter]]:
    """What each call is about: the matters that came with it, or the one somebody is rung back about, once they have picked
    up."""
    calls = [talk.call for talk in talks]
    found: dict[UUID, list[Matter]] = defaultdict(list)
    for matter in Matter.objects.filter(contact__call__in=calls).select_related("holder", "contact").defer("answers"):
        found[matter.contact.call].append(matter)
    rung = VoiceOrder.objects.filter(kind="call_back", result="answered", call__in=calls)
    about = {UUID(detail["matter"]): call for call, detail in rung.values_list("call", "detail")}
    for matter in Matter.objects.filter(pk__in=about).select_related("holder"):
        found[about[matter.pk]].append(matter)
    return dict(found)


def _failed(call: UUID):
    """Those of a call that the exchange ended by itself: not begun again and again, on a disk that is full."""
    return Recording.objects.filter(call=call, because="failed")


def _switch(matter: Matter) -> access.Actor:
    return access.system("switch", matter.city)
