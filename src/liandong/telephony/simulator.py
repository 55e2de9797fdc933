"""An exchange without wires: honest about bridges, legs and ring timers; its only sound is two notes in its recordings.

It stands where a real exchange will stand, behind the same port, and nothing above can tell. Time is a clock given to
it (seconds, monotonic). Its calls live and die with its process.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from liandong.telephony.port import (
    BUSY,
    NO_ANSWER,
    TRUNK_DOWN,
    UNREGISTERED,
    Answered,
    Asked,
    Event,
    Failed,
    HungUp,
    Incoming,
    Left,
    NoSuchCall,
    Recorded,
    Ringing,
    Said,
    Talk,
)
from liandong.telephony.recorder import Recorder
from liandong.telephony.simulated import Bridge

PERSON_ANSWERS_AFTER = 1.0
"""Seconds until a simulated person picks up when rung back."""


class Simulator:
    """Satisfies telephony.port.Exchange. The methods below `events` are the people and the faults of a test or demo."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.bridges: dict[UUID, Bridge] = {}
        self.told: list[Event] = []
        self.unregistered: set[str] = set()
        self.trunk_down = False
        self.absent: set[str] = set()  # numbers nobody answers at
        self.recorder = Recorder(clock)
        self.answers_to_keys: list[tuple[str, bool]] = []  # what phones were told after their transfer key

    def ring(self, call: UUID, extension: str, seconds: float) -> None:
        bridge = self._bridge(call)
        if extension in bridge.inside or extension in bridge.ringing:
            return
        if cause := self._cause(call, extension):
            self.told.append(Failed(call, extension, cause))
            return
        bridge.ringing[extension] = self.clock() + seconds
        self.told.append(Ringing(call, extension))

    def stop_ringing(self, call: UUID, extension: str) -> None:
        self._bridge(call).ringing.pop(extension, None)

    def join(self, call: UUID, extension: str) -> None:
        bridge = self._bridge(call)
        bridge.ringing.pop(extension, None)
        bridge.listening.pop(extension, None)
        if extension in bridge.inside:
            return
        if cause := self._cause(call, extension):
            self.told.append(Failed(call, extension, cause))
            return
        self._cut(bridge)
        bridge.inside[extension] = False
        self.told.append(Answered(call, extension))

    def leave(self, call: UUID, extension: str) -> None:
        bridge = self._bridge(call)
        bridge.listening.pop(extension, None)
        if extension in bridge.asking:
            bridge.asking.remove(extension)
            self.answers_to_keys.append((extension, True))
        if bridge.inside.pop(extension, None) is not None:
            self.told.append(Left(call, extension))

    def listen(self, call: UUID, extension: str) -> None:
        bridge = self._bridge(call)
        if extension in bridge.inside or extension in bridge.listening:
            return
        if cause := self._cause(call, extension):
            self.told.append(Failed(call, extension, cause))
            return
        bridge.listening[extension] = None

    def refuse(self, call: UUID, extension: str) -> None:
        bridge = self._bridge(call)
        if extension in bridge.asking:
            bridge.asking.remove(extension)
            self.answers_to_keys.append((extension, False))

    def hold(self, call: UUID) -> None:
        self._bridge(call).held = True

    def unhold(self, call: UUID) -> None:
        self._bridge(call).held = False

    def mute(self, call: UUID, extension: str) -> None:
        self._silence(call, extension, True)

    def unmute(self, call: UUID, extension: str) -> None:
        self._silence(call, extension, False)

    def _silence(self, call: UUID, extension: str, silent: bool) -> None:
        inside = self._bridge(call).inside
        if extension in inside:
            inside[extension] = silent

    def dial_out(self, call: UUID, number: str, extension: str, seconds: float) -> None:
        if call in self.bridges:
            return
        if cause := TRUNK_DOWN if self.trunk_down else self._cause(call, extension):
            self.told += [Failed(call, number, cause), HungUp(call, "switch")]
            return
        now = self.clock()
        picks_up = now + (seconds + 1 if number in self.absent else PERSON_ANSWERS_AFTER)
        self.bridges[call] = Bridge(call, number, "", {extension: False}, dialled=(picks_up, now + seconds))
        self.told.append(Ringing(call, number))

    def hang_up(self, call: UUID, by: str = "switch") -> None:
        bridge = self._bridge(call)
        self._cut(bridge)
        del self.bridges[call]
        self.told.append(HungUp(call, by, tuple(bridge.inside)))
        self.told += [Recorded(call, recording) for recording in self.recorder.end(call)]

    def say(self, call: UUID, sounds: Sequence[Path]) -> None:
        bridge = self._bridge(call)
        if not bridge.inside and bridge.dialled is None:
            self._cut(bridge)
            bridge.said, bridge.said_since = tuple(sounds), self.clock()

    def hush(self, call: UUID) -> None:
        self._cut(self._bridge(call))

    def _cut(self, bridge: Bridge) -> None:
        if bridge.said_since is not None:
            played, _ = bridge.played(self.clock())
            bridge.said_since = None
            self.told.append(Said(bridge.call, played))

    def record(self, call: UUID, recording: UUID) -> None:
        self._bridge(call)
        self.recorder.begin(call, recording)

    def stop_recording(self, call: UUID, recording: UUID) -> None:
        if self.recorder.stop(recording):
            self.told.append(Recorded(call, recording))

    def recording(self, call: UUID, recording: UUID) -> Iterator[bytes]:
        return self.recorder.sound(recording)

    def forget_recording(self, call: UUID, recording: UUID) -> None:
        self.recorder.over.pop(recording, None)

    def talk(self, call: UUID) -> Talk:
        bridge = self._bridge(call)
        muted = tuple(name for name, silent in bridge.inside.items() if silent)
        return Talk(call, bridge.number, bridge.line, tuple(bridge.inside), tuple(bridge.ringing), bridge.held, muted,
                    tuple(bridge.listening), saying=bridge.said_since is not None and not bridge.played(self.clock())[1])  # fmt: skip

    def talks(self) -> tuple[Talk, ...]:
        return tuple(self.talk(call) for call in self.bridges)

    def events(self) -> list[Event]:
        now = self.clock()
        for bridge in list(self.bridges.values()):
            self._run_timers(bridge, now)
        told, self.told = self.told, []
        return told

    def here(self) -> bool:
        return True

    def close(self) -> None:
        """Its calls cannot go on without its process."""
        for call in list(self.bridges):
            self.hang_up(call)

    def _run_timers(self, bridge: Bridge, now: float) -> None:
        for extension in [name for name, until in bridge.ringing.items() if until <= now]:
            del bridge.ringing[extension]
            self.told.append(Failed(bridge.call, extension, NO_ANSWER))
        if bridge.said_since is not None and bridge.played(now)[1]:
            self._cut(bridge)
        if bridge.dialled is None or now < min(bridge.dialled):
            return
        picks_up, gives_up = bridge.dialled
        bridge.dialled = None
        if picks_up <= gives_up:
            self.told.append(Answered(bridge.call, bridge.number))
        else:
            self.told.append(Failed(bridge.call, bridge.number, NO_ANSWER))
            self.hang_up(bridge.call)

    def _bridge(self, call: UUID) -> Bridge:
        try:
            return self.bridges[call]
        except KeyError:
            raise NoSuchCall(str(call)) from None

    def _cause(self, call: UUID, extension: str) -> str:
        if extension in self.unregistered:
            return UNREGISTERED
        others = (bridge for bridge in self.bridges.values() if bridge.call != call)
        return BUSY if any(extension in (*bridge.inside, *bridge.listening) for bridge in others) else ""

    def dial_in(self, arriving: Incoming) -> None:
        """Somebody rings in. A call that is already there is left alone."""
        if arriving.call not in self.bridges:
            self.bridges[arriving.call] = Bridge(arriving.call, arriving.number, arriving.line)
            self.told.append(arriving)

    def phone_picks_up(self, extension: str) -> None:
        """The person at a ringing phone lifts it."""
        for bridge in list(self.bridges.values()):
            if extension in bridge.ringing:
                self.join(bridge.call, extension)

    def phone_asks(self, extension: str, target: str) -> None:
        """The person at a phone in a talk presses its transfer key and dials `target`."""
        for bridge in self.bridges.values():
            if extension in bridge.inside and extension not in bridge.asking:
                bridge.asking.add(extension)
                self.told.append(Asked(bridge.call, extension, target))
