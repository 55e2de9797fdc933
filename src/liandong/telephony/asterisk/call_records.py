"""What the exchange itself writes down of every channel, independent of us: began, answered, in which talk, ended.

One line an event, in a file of the day that Asterisk's own user writes. No number of anybody stands in it, but of a caller
whom no switch has taken: they are to be rung back, and nobody else knows of them. Files are kept for `KEPT`.
"""

import contextlib
import csv
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from liandong.telephony.asterisk.legs import PAGE, dialled

EVENTS = ("CHAN_START", "CHAN_END", "ANSWER", "BRIDGE_ENTER", "BRIDGE_EXIT")
FIELDS = ("${eventtype}", "${eventtime}", "${CHANNEL(exten)}", "${CHANNEL(channame)}", "${CHANNEL(uniqueid)}",
          "${CHANNEL(linkedid)}", "${CHANNEL(userfield)}", "${eventextra}")  # fmt: skip
BETWEEN = '","'
FOLDER, FILE = "cel-custom", "calls.csv"
MISSED = "missed"
"""First word written of a caller whom no switch has taken; the second is the number."""
KEPT = timedelta(days=7)


@dataclass
class Stay:
    """In one bridge; `left` is None while it lasts."""

    bridge: str
    came: datetime
    left: datetime | None = None


@dataclass
class Record:
    """One channel. `phone` is its extension, empty for the line to the outside; `line` the number that came in there.
    `linked` is the same for channels of one call; `written` what was put down with it: our call, or MISSED and a number;
    `last` the time of its last line."""

    channel: str
    linked: str
    phone: str
    began: datetime
    line: str = ""
    written: str = ""
    answered: datetime | None = None
    ended: datetime | None = None
    stays: list[Stay] = field(default_factory=list)
    last: datetime | None = None


def read(folder: Path, trunk: str = "carrier") -> list[Record]:
    """All channels there are, in the order they began. A line that cannot be read (torn by a full disk) is passed over."""
    return _records(_text(folder), trunk)


def missed(folder: Path, since: datetime | None = None, trunk: str = "carrier") -> list[Record]:
    """Callers whom no switch has taken, and the phones that talked with them: in the files of the days from `since` on, in
    all of them without it. A week of 5,000 calls a day takes a second."""
    oldest = _name(since.astimezone(UTC).date()) if since else ""
    lines = [line for line in _text(folder, oldest).splitlines(keepends=True) if line.count(BETWEEN) >= len(FIELDS) - 1]
    calls = {_linked(line) for line in lines if f'"{MISSED}' in line}
    return _records("".join(line for line in lines if _linked(line) in calls), trunk) if calls else []


def _linked(line: str) -> str:
    return line.split(BETWEEN)[5]


def _records(text: str, trunk: str) -> list[Record]:
    found: dict[str, Record] = {}
    for line in text.splitlines():
        with contextlib.suppress(ValueError, OverflowError, csv.Error):
            for row in csv.reader([line]):
                _take(found, row, trunk)
    return list(found.values())


def _take(found: dict[str, Record], row: list[str], trunk: str) -> None:
    kind, time, line, name, channel, linked, written, extra = row
    at = datetime.fromtimestamp(float(time), UTC)
    if channel not in found:
        phone = re.fullmatch(r"PJSIP/(.+)-[0-9a-f]+", name)
        if kind != "CHAN_START" or phone is None:
            return
        found[channel] = Record(
            channel, linked, "" if phone[1] == trunk else phone[1].removesuffix(PAGE), at, dialled(line)
        )
    record = found[channel]
    record.last = at
    record.linked, record.written = linked or record.linked, written or record.written
    bridge = re.search(r'"bridge_id":"([^"]+)"', extra)
    match kind:
        case "ANSWER" if record.answered is None:
            record.answered = at
        case "BRIDGE_ENTER" if bridge:
            record.stays.append(Stay(bridge[1], at))
        case "BRIDGE_EXIT" if record.stays:
            record.stays[-1].left = at
        case "CHAN_END":
            record.ended = at


def _text(folder: Path, oldest: str = "") -> str:
    """The lines of every file from `oldest` on, oldest file first. Their owner is Asterisk's user, who may not be ours: no link
    is followed."""
    text = []
    with contextlib.suppress(OSError):
        inside = _opened(folder)
        try:
            for name in [*(day for day in sorted(_days(inside)) if day >= oldest), FILE]:
                with contextlib.suppress(OSError):
                    number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
                    with open(number, errors="replace") as file:
                        text.append(file.read())
        finally:
            os.close(inside)
    return "".join(text).replace("\0", "")


def tidy(folder: Path, at: datetime) -> None:
    """A new file for a new day, and the files older than KEPT are gone. Asterisk opens the file anew for each line."""
    try:
        inside = _opened(folder)
    except OSError:
        return  # an exchange of somebody else's keeps its records itself
    try:
        with contextlib.suppress(FileNotFoundError):
            written = datetime.fromtimestamp(os.stat(FILE, dir_fd=inside, follow_symlinks=False).st_mtime, UTC).date()
            if written < at.astimezone(UTC).date():
                os.rename(FILE, _name(written), src_dir_fd=inside, dst_dir_fd=inside)
        oldest = _name((at - KEPT).astimezone(UTC).date())
        for name in _days(inside):
            if name < oldest:
                os.unlink(name, dir_fd=inside)
    finally:
        os.close(inside)


def _name(day: date) -> str:
    return f"calls-{day}.csv"


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def _days(inside: int) -> list[str]:
    return [name for name in os.listdir(inside) if re.fullmatch(r"calls-\d{4}-\d\d-\d\d\.csv", name)]
