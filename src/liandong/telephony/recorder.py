"""What the simulator records: as long as the talk was, and two notes in turn in the place of two voices."""

from collections.abc import Callable, Iterator
from uuid import UUID

from liandong.telephony import wav
from liandong.telephony.port import Away, NoSuchRecording

VOICES = (440, 550)
"""Hertz; each is heard for one second."""
LONGEST = 2 * 3600.0
"""Seconds that are kept of one recording at most; a clock that jumped must not fill a disk."""


class Recorder:
    """Recordings that go on, and those that are over. Time is the simulator's clock, seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.going_on: dict[UUID, tuple[UUID, float]] = {}  # recording -> its call, when it began
        self.over: dict[UUID, float] = {}  # recording -> seconds

    def begin(self, call: UUID, recording: UUID) -> None:
        if recording not in self.over:
            self.going_on.setdefault(recording, (call, self.clock()))

    def stop(self, recording: UUID) -> bool:
        """Whether it went on until now."""
        _, began = self.going_on.pop(recording, (None, None))
        if began is not None:
            self.over[recording] = min(self.clock() - began, LONGEST)
        return began is not None

    def end(self, call: UUID) -> list[UUID]:
        """The call is over; which recordings end with it."""
        return [name for name, (of, _) in list(self.going_on.items()) if of == call and self.stop(name)]

    def sound(self, recording: UUID) -> Iterator[bytes]:
        if recording in self.going_on:
            raise Away("it still goes on")
        if recording not in self.over:
            raise NoSuchRecording(str(recording))
        return _voices(self.over[recording])


def _voices(seconds: float) -> Iterator[bytes]:
    left = int(seconds * wav.RATE) * wav.WIDTH
    yield wav.head(left)
    notes, number = [wav.note(hertz) for hertz in VOICES], 0
    while left > 0:
        piece = notes[number % len(notes)][:left]
        yield piece
        left, number = left - len(piece), number + 1
