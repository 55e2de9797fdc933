"""A line of a transcript as an outside speech recogniser sends it: what it must say, and what may be believed of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from liandong.rules.say import Invalid

CALLER, SEAT, UNKNOWN = "caller", "seat", "unknown"
SPEAKERS = (CALLER, SEAT, UNKNOWN)
LONGEST, LONGEST_NAME = 2000, 60
"""Characters of one line, and of the name it is sent under."""
_KNOWN = {"id", "call", "extension", "speaker", "from", "to", "text", "final"}


@dataclass(frozen=True, slots=True)
class Said:
    """`call` is the exchange's id of it; where a recogniser does not know that, `extension` is a seat's whose talk it
    hears. `speaker` is the side; of "unknown" it may be the caller, so that no danger is passed over."""

    id: str
    speaker: str
    began: datetime
    text: str
    final: bool = True
    ended: datetime | None = None
    call: UUID | None = None
    extension: str = ""


def _wrong(field: str) -> Invalid:
    return Invalid("invalid.transcript", field, what=field)


def said(message: Any) -> Said:
    """The line a message says. Raises Invalid, naming the field, for one that is not as docs/reference/transcripts.md has it."""
    if not isinstance(message, Mapping):
        raise _wrong("message")
    foreign = sorted(set(map(str, message)) - _KNOWN)
    if foreign:
        raise _wrong(str(foreign[0])[:LONGEST_NAME])
    call, extension = message.get("call", ""), message.get("extension", "")
    if not isinstance(call, str) or not isinstance(extension, str) or bool(call) == bool(extension):
        raise _wrong("call")
    speaker, final = message.get("speaker", UNKNOWN), message.get("final", True)
    if speaker not in SPEAKERS:
        raise _wrong("speaker")
    if not isinstance(final, bool):
        raise _wrong("final")
    began = _moment(message, "from")
    ended = _moment(message, "to") if message.get("to") is not None else None
    if ended and ended < began:
        raise _wrong("to")
    return Said(_short(message, "id", LONGEST_NAME), speaker, began, _short(message, "text", LONGEST), final, ended,
                _call(call), extension[:LONGEST_NAME])  # fmt: skip


def _short(message: Mapping, name: str, most: int) -> str:
    value = message.get(name)
    clean = " ".join(value.split()) if isinstance(value, str) else ""
    if not 0 < len(clean) <= most or not clean.isprintable():
        raise _wrong(name)
    return clean


def _moment(message: Mapping, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(message[name])
    except (KeyError, TypeError, ValueError):
        raise _wrong(name) from None
    if at.tzinfo is None:
        raise _wrong(name)
    return at


def _call(named: str) -> UUID | None:
    try:
        return UUID(named) if named else None
    except ValueError:
        raise _wrong("call") from None


def counts(speaker: str, *, misheard: bool) -> bool:
    """Whether a line is read for what it asks for: what the seat itself says is a question, not a fact."""
    return speaker != SEAT and not misheard
