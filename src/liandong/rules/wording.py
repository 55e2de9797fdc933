"""What people type, made safe to keep, or refused with what to do about it."""

import re
import unicodedata

from liandong.rules.pack import Item, Kind, Pack
from liandong.rules.say import Invalid

LONGEST = 20_000
NATURES = ("inquiry", "help", "complaint", "report", "suggestion")
SATISFIED = ("", "satisfied", "fair", "dissatisfied")
"""三种满意度 of who was asked; empty: not asked."""
CALLED = ("phone", "imported")
"""Channels of a call to this very desk, or of another system's history."""
SPOKEN = (*CALLED, "duty")
"""Channels of a talk; whatever else comes was written."""
OUTCOMES = {
    "answered": "已当场答复",
    "redirected": "已告知受理渠道",
    "silent": "无声来电",
    "wrong_number": "误拨",
    "prank": "骚扰来电，已登记",
    "abandoned": "来电人先挂断",
    "handled": "已依法处置",
}
"""The releasable sentence of a closing; both platforms may read it (A2)."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"\+?\d{3,20}")


def keepable(value: str) -> str:
    """Without what no database holds and nobody reads: NUL, control characters, halves of a character (JSON and UTF-7 can
    name them)."""
    return _CONTROL.sub("", value)


def words(value: str, field: str, *, empty: bool = False) -> str:
    """Free words as they may be stored: NUL and control characters dropped, lines kept. Invalid when empty or longer
    than 20,000 characters; nothing is cut silently."""
    value = keepable(unicodedata.normalize("NFC", value.replace("\r\n", "\n"))).strip()
    if len(value) > LONGEST:
        raise Invalid("invalid.too_long", field, most=LONGEST, over=len(value) - LONGEST)
    if not value and not empty:
        raise Invalid("invalid.empty", field)
    return value


def line(value: str, field: str, largest: int) -> str:
    """One line of words; Invalid when longer than `largest`."""
    value = " ".join(words(value, field, empty=True).split())
    if len(value) > largest:
        raise Invalid("invalid.too_long", field, most=largest, over=len(value) - largest)
    return value


def reason(value: str) -> str:
    """Why, in one line of at most 80 characters. Invalid when empty."""
    return line(words(value, "why"), "why", 80)


def telephone(value: str, field: str) -> str:
    """A telephone number, digits only; empty is allowed (a caller may have none).

    Mainland mobile numbers have 11 digits, fixed lines 7–8 with or without area code. Invalid says what is missing.
    """
    digits = re.sub(r"[\s\-()（）]", "", unicodedata.normalize("NFKC", value))
    if not digits:
        return ""
    if not _NUMBER.fullmatch(digits):
        raise Invalid("invalid.number_length" if digits.lstrip("+").isdecimal() else "invalid.number", field)
    if re.match("1[3-9]", digits) and len(digits) < 11:
        raise Invalid("invalid.number_short", field, missing=11 - len(digits))
    return digits


def directory_number(value: str, pack: Pack) -> str:
    """A number the person may be guided to: one of the directory. Invalid otherwise."""
    value = telephone(value, "hotline")
    if not value or pack.line(value) is None:
        raise Invalid("invalid.hotline", "hotline", value=value)
    return value


MADE_UP = {True: "补录：系统没运行时接听的来电", False: "补录：系统没运行时没人接的来电"}
"""Title of a matter written down afterwards, by whether anybody answered."""


def title_of(said: str, pack: Pack, code: str) -> str:
    """A short title: the first clause of what is said, else the kind's own name."""
    first = re.split(r"[。，,；;！!？?\n]", said.strip(), maxsplit=1)[0][:24]
    row = pack.row(code) if code else None
    if len(first) >= 4 or row is None:
        return first
    return row.title if isinstance(row, Kind) else row.text[:24] if isinstance(row, Item) else first


def masked(number: str) -> str:
    """A number as others may see it: 138****2671."""
    return number if len(number) < 7 else f"{number[:3]}****{number[-4:]}"


def masked_name(name: str) -> str:
    """A name as others may see it: 林某; the first letter and 某 where it is not written in Chinese."""
    return f"{name.strip()[0]}某" if name.strip() else ""


NOT_TO_BE_RUNG = (
    "别回电", "不要回电", "别回拨", "不要回拨", "不便回拨", "别打回来", "不要打回来", "别打我电话", "不要打我电话",
)  # fmt: skip
"""How people ask not to be rung back: a telephone that rings may betray them (不便回拨)."""


def asks_not_to_be_rung(said: str) -> bool:
    """Whether the words ask not to be rung back. Only a person takes that back."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", said))
    return any(words in plain for words in NOT_TO_BE_RUNG)
