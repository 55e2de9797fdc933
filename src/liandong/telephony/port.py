"""The port to a telephone exchange: what the product asks of one, and what it is told.

The caller lives in a bridge from the first ring to the hang-up; a transfer only changes who else is in it. No command
that fails changes who talks with whom, so on any error the caller stays with the first seat (custody, X4). Two
extensions in one bridge are the three-way talk. Extensions and calls are the only names: who sits where is not the
exchange's business.

An exchange outlives the process that uses it. Whoever begins to use one is told again what it carries: Incoming of every
call somebody dialled in, Answered of everybody who is in a talk, Recorded of every recording it still keeps. What is told
twice must do nothing twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import UUID

BUSY, NO_ANSWER, UNREGISTERED, TRUNK_DOWN = "busy", "no_answer", "unregistered", "trunk_down"
CAUSES = (BUSY, NO_ANSWER, UNREGISTERED, TRUNK_DOWN)


class NoSuchCall(LookupError):
    """The call is over, or never was; what was asked for it has not been done."""


class NoSuchRecording(LookupError):
    """The exchange has no sound of that name: never begun, lost with the exchange, or forgotten."""


class Away(ConnectionError):
    """The exchange does not answer, or is not known yet; nothing has been done that anybody knows of: ask again."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Somebody dialled `line`. `place` and `accuracy_m` (metres) as the network gives them; empty and None: unknown."""

    call: UUID
    number: str
    line: str
    place: str = ""
    accuracy_m: int | None = None
    district: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Ringing:
    """The phone at `extension` rings for this call."""

    call: UUID
    extension: str


@dataclass(frozen=True, slots=True)
class Answered:
    """`extension` is in the talk. For a call the exchange dialled itself: the person has picked up."""

    call: UUID
    extension: str


@dataclass(frozen=True, slots=True)
class Left:
    """`extension` is no longer in the talk; the caller and whoever else is there talk on. `lost`: nobody put it down or
    took it out; its phone or its network died, or nobody heard how it went."""

    call: UUID
    extension: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over. `by`: "caller", "seat" or "switch". `extensions` were in the talk at that moment."""

    call: UUID
    by: str
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """`extension` could not be brought into the talk (`cause` is one of CAUSES); the talk is as it was."""

    call: UUID
    extension: str
    cause: str


@dataclass(frozen=True, slots=True)
class Back:
    """The phone of `extension` has come, or come again: a page that was opened or loaded anew. What it was in and has not
    left is brought to it without a word; from what it was `lost` it stays away until somebody joins it."""

    extension: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording is over, because it was stopped, its call ended, or it failed: `recording` gives its sound, or says that
    there is none."""

    call: UUID
    recording: UUID


@dataclass(frozen=True, slots=True)
class Said:
    """What was to be said to the outside party is over: `played` of the sounds were heard to their end, and then somebody came
    into the talk, it was stopped, the call ended, or a sound could not be played. None: another process began it, and nobody
    counted."""

    call: UUID
    played: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whoever is at `extension` pressed the transfer key of the phone itself and dialled `target`. The talk is as it was,
    and the phone waits for `leave` (it came about) or `refuse`."""

    call: UUID
    extension: str
    target: str


Event = Incoming | Ringing | Answered | Left | HungUp | Failed | Back | Recorded | Said | Asked


@dataclass(frozen=True, slots=True)
class Talk:
    """A call as it stands: extensions in the talk, extensions that ring, what the caller hears, and who only listens.
    `joining`: asked into the talk, and their phone has not come up yet. `saying`: something is being said to the caller, which
    changes nothing of how the call stands."""

    call: UUID
    number: str
    line: str
    extensions: tuple[str, ...] = ()
    ringing: tuple[str, ...] = ()
    held: bool = False
    muted: tuple[str, ...] = ()
    listening: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    saying: bool = field(default=False, compare=False)


class Exchange(Protocol):
    """Every command but `dial_out` raises NoSuchCall for a call that is over, and Away while the exchange does not answer.
    Repeating a command changes nothing. Commands return before phones have moved; what became of them is told."""

    def ring(self, call: UUID, extension: str, seconds: float) -> None:
        """Ring a phone for at most `seconds`. Ringing follows, then Answered or Failed; at once Failed when the phone
        is in another talk, not there, or not reachable."""

    def stop_ringing(self, call: UUID, extension: str) -> None:
        """Stop a phone that rings; one that does not ring is left alone."""

    def join(self, call: UUID, extension: str) -> None:
        """Bring an extension into the talk at once, its phone coming up by itself (its person has accepted on the screen).
        It is `joining` until Answered or Failed."""

    def leave(self, call: UUID, extension: str) -> None:
        """Take an extension out of the talk. The caller stays, even alone. Left."""

    def refuse(self, call: UUID, extension: str) -> None:
        """What the phone's own transfer key asked for does not come about: the phone is told, the talk is as it was. One
        that asked for nothing is left alone."""

    def hold(self, call: UUID) -> None:
        """The caller hears music; nobody leaves."""

    def unhold(self, call: UUID) -> None:
        """The caller is back in the talk."""

    def mute(self, call: UUID, extension: str) -> None:
        """The others no longer hear this extension."""

    def unmute(self, call: UUID, extension: str) -> None:
        """The others hear this extension again."""

    def listen(self, call: UUID, extension: str) -> None:
        """Let an extension hear the talk without being heard (a leader, by an act its seat sees). Nothing is told but
        Failed; `talk` says who listens. `leave` ends it, and so does the end of the call. One that is in the talk
        already is left alone."""

    def dial_out(self, call: UUID, number: str, extension: str, seconds: float) -> None:
        """Ring a person from an extension, which is in the talk from the start. Ringing with the number, then Answered
        with the number, or Failed with the number and after it HungUp by "switch". A known `call` is left alone."""

    def hang_up(self, call: UUID, by: str = "switch") -> None:
        """End the call for everybody. One HungUp."""

    def say(self, call: UUID, sounds: Sequence[Path]) -> None:
        """Play files to the outside party alone, once and one after the other, in the place of the ringing or the music, which
        come again afterwards: WAV of 16 bits, 8 kHz, one channel, where the exchange finds them under the same name. What was
        being said stops. While anybody is in the talk nothing is said, and whoever comes into it ends what is: nobody is
        covered, and nobody waits. A call that rings on has not been answered by it. Said, once it is over."""

    def hush(self, call: UUID) -> None:
        """Stop what is being said; with nothing said, nothing changes."""

    def record(self, call: UUID, recording: UUID) -> None:
        """Keep what is said in the talk from now on, until `stop_recording` or the call's end, under a name of its own;
        music on hold is not part of it. Several of one call go on beside each other. Recorded, once it is over."""

    def stop_recording(self, call: UUID, recording: UUID) -> None:
        """End a recording; the call goes on. One that is over, or whose call is, is left alone. Raises no NoSuchCall."""

    def recording(self, call: UUID, recording: UUID) -> Iterator[bytes]:
        """The sound of a recording that is over, piece by piece: a WAV file of 16 bits, 8 kHz, one channel. Whether there is
        any is known before the first piece. Raises NoSuchRecording; Away also while it still goes on."""

    def forget_recording(self, call: UUID, recording: UUID) -> None:
        """The sound is kept elsewhere now: the exchange keeps it no longer. One that it does not have is left alone."""

    def talk(self, call: UUID) -> Talk:
        """The call as it stands now."""

    def talks(self) -> tuple[Talk, ...]:
        """Every call that is not over, oldest first. Away before the exchange has been heard of at all."""

    def events(self) -> list[Event]:
        """What has happened since this was last asked, oldest first; each event is given once."""

    def here(self) -> bool:
        """Whether the exchange answers now."""

    def close(self) -> None:
        """This process lets go of the exchange. Calls that need no process of ours go on without us."""
