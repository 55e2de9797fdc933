"""A form comes in: counted softly, given to the city's 12345, and answered with the code to ask by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from liandong.actions import knocks, letters, rating
from liandong.actions.intake import Arrival
from liandong.channels.address import digest
from liandong.channels.form.sent import Sent, check
from liandong.channels.measures import MESSAGES
from liandong.queries.public import track
from liandong.queries.public.cities import LINE, hotline, pack_of
from liandong.records.models import Act, Matter
from liandong.rules import access
from liandong.rules.say import Conflict, Invalid
from liandong.triage import read

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FROM_ONE_ADDRESS = 60
"""Forms an hour: a family, an office or a mobile network shares one address."""
FROM_ONE_PERSON = 8
"""Forms a day that name one telephone number from one address. The number alone would let a stranger shut somebody out."""
WRONG_CODES = 12
"""Wrong codes from one address in ten minutes until the page says to wait. A right code always opens."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person is given: the number to read aloud, the code to ask by, and whether the words hold danger.
    `earlier`: under this key other words had come before, and only those were taken."""

    number: str
    code: str
    danger: bool
    earlier: bool = False


def take(city: str, fields: dict[str, str], *, address: str, key: str, at: datetime) -> Receipt:
    """Take a form in. Sent again under its key it is the same matter. Words with danger are never counted away.

    Raises Invalid by the field, or `form.trap` (somebody filled what people do not see), `form.too_many`.
    """
    pack = pack_of(city, at)
    if fields.get("website"):
        raise Invalid("form.trap", "website")
    sent = check(fields, pack)
    danger = bool(read(sent.said, pack, district=sent.district).danger)
    if _too_many(city, sent, address, at=at) and not danger:
        raise Conflict("form.too_many", number=LINE)
    try:
        return _receipt(_take(city, sent, key, at=at), danger)
    except Conflict as known:
        if known.say.code != "conflict.key_reused":
            raise
    # The answer to the first sending was lost on the way, and the words were changed before the second.
    first = Act.objects.get(key=f"form:{key}")
    return _receipt(Matter.objects.get(pk=first.result["pk"]), danger, earlier=True)


def _receipt(matter: Matter, danger: bool, *, earlier: bool = False) -> Receipt:
    return Receipt(matter.number, track.shown_code(matter.query_code), danger, earlier)


def _take(city: str, sent: Sent, key: str, *, at: datetime) -> Matter:
    MESSAGES.labels("form", "in", "taken").inc()
    arrival = Arrival("form", LINE, sent.number, sent.place, None, sent.district, sent.as_written)
    return letters.take_in(arrival, hotline(city), by=access.system("form", city), at=at, key=f"form:{key}" if key else "",
                           no_call_back=sent.answer_by == "web", in_secret=sent.in_secret)  # fmt: skip


def _too_many(city: str, sent: Sent, address: str, *, at: datetime) -> bool:
    here = knocks.knock("form", _digest(address), HOUR, at=at)
    person = knocks.knock("form.person", _digest(f"{address} {sent.number}"), DAY, at=at) if sent.number else 0
    return here > FROM_ONE_ADDRESS or person > FROM_ONE_PERSON


def wrong_code(address: str, *, at: datetime) -> bool:
    """Somebody typed a code that opens nothing; True when it is time to wait before the next."""
    return knocks.knock("code", _digest(address), timedelta(minutes=10), at=at) > WRONG_CODES


def add(matter: Matter, said: str, *, address: str, key: str, at: datetime) -> Matter:
    """Further words of the person whose matter it is."""
    if knocks.knock("add", _digest(address), HOUR, at=at) > FROM_ONE_ADDRESS:
        raise Conflict("form.too_many", number=LINE)
    return letters.add(matter, said, by=access.citizen(matter.city), at=at, key=f"form:{key}" if key else "")


def rate(
    matter: Matter, *, solved: bool | None, satisfied: str, manner: str, note: str, key: str, at: datetime
) -> Matter:
    """The person says on the page what a call-back would have asked."""
    return rating.rate(matter, by=access.citizen(matter.city), at=at, solved=solved, satisfied=satisfied, manner=manner,
                       note=note, key=f"form:{key}" if key else "")  # fmt: skip


def _digest(who: str) -> str:
    return digest(who, "form")
