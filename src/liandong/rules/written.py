"""What comes and goes in writing: which desk is meant, what belongs together, how often is tried, when it has failed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

SAME = timedelta(minutes=10)
"""The same words of the same sender within this time are the same message: a gateway says again what it saw no answer to."""
COUNT_ANEW, SAME_COUNT = ("alarm",), timedelta(hours=24)
"""Channels whose senders count their messages by themselves, and how long a number is the same one: who was begun anew counts
from the start, and an alarm that was taken for an old one would be lost."""
TOGETHER = timedelta(hours=72)
"""Further words of a sender join what is open since then (repeats of one caller come within 8 minutes to 72 hours)."""
PARTS_WAIT = timedelta(seconds=20)
"""A long message whose parts have not all come by then is taken without them: somebody may be in danger."""
GIVES_UP = timedelta(hours=24)
"""What could not be sent by then is not sent any more; the desk is told and rings."""
NO_RECEIPT = timedelta(hours=48)
"""A gateway that has not said by then whether it arrived will not say it."""
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
"""Before each further try of what the other side refused for the moment; the last one again and again."""
TRIES = 3
"""How often something is sent that the other side refuses for what it says."""
NO_WORDS = "（没有文字）"
REDIRECTED = "这件事请打 {}，那边受理。"
"""What is written to somebody whose matter belongs to another line (T6)."""
NOT_ARRIVED = "答复没有送到本人，请打电话或另想办法告诉。"
"""Why a matter that was put away is the desk's again."""
_MISSING = "（中间第 {} 段没有收到）"


def line_of(to: str, lines: Mapping[str, str]) -> str:
    """The service number that is meant. Gateways put digits of their own before it and extensions behind it; what is no one's
    is the first listed, for nobody who writes may be lost. `lines` is number -> desk, not empty."""
    if to in lines:
        return to
    around = [number for number in lines if to.startswith(number) or to.endswith(number)]
    return max(around, key=len) if around else next(iter(lines))


def desk_of(to: str, lines: Mapping[str, str]) -> str:
    """The desk of a service number."""
    return lines[line_of(to, lines)]


def written_from(kept: str, lines: Mapping[str, str], most: int) -> str:
    """The service number to answer from, of what is kept of it: its last `most` digits."""
    return next((number for number in lines if number[-most:] == kept), "") or line_of(kept, lines)


def pieces(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters; nothing is cut off."""
    return [text[n : n + most] for n in range(0, len(text), most)]


def missing(got: Mapping[int, object], total: int) -> list[int]:
    """Numbers of the parts that have not come, the first is 1."""
    return [number for number in range(1, total + 1) if number not in got]


def gap(number: int) -> str:
    """What stands in the place of a part that did not come."""
    return _MISSING.format(number)


def pause(tries: int) -> timedelta:
    """Until the try after `tries` of them."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def too_late(made_at: datetime, at: datetime) -> bool:
    return at - made_at > GIVES_UP


def own_number(address: str) -> str:
    """A sender's address as a telephone number is written at home: without the country before a mobile number."""
    digits = address.removeprefix("+")
    return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits
