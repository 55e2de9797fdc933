"""The exchange's own call records against ours: what one side has and the other has not, and times that lie apart.

The exchange writes by itself (`telephony.asterisk.call_records`), so that neither side is checked by its own word.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from liandong.channels.phone.phones import Phones
from liandong.records.models import Call, Contact, Event, Seat
from liandong.telephony.asterisk.call_records import MISSED, Record
from liandong.telephony.asterisk.legs import clean

ANSWERED_WITHIN = timedelta(seconds=15)
"""A phone has this long to come up after its person has answered on the screen."""
ENDED_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True)
class Difference:
    """`code` says what; `number`, `line` of the call; `seconds` that lie between; `phone` the extension it is about."""

    code: str
    at: datetime
    call: UUID | None = None
    number: str = ""
    line: str = ""
    phone: str = ""
    seconds: int = 0


@dataclass
class Talk:
    """One call as the exchange wrote it down."""

    outside: Record | None = None
    inside: dict[str, datetime] = field(default_factory=dict)  # extension -> when it first came into the talk


def differences(records: list[Record], since: datetime, until: datetime) -> list[Difference]:
    """What differs of the calls that began in [since, until), by time. Calls from before the exchange's first line are
    nobody's difference."""
    since = max(since, records[0].began) if records else since
    talks = talks_of(records)
    contacts = Contact.objects.filter(call__isnull=False, rang_at__gte=since, rang_at__lt=until).select_related(
        "seat__desk"
    )
    ours = {contact.call: contact for contact in contacts}
    rows = {row.pk: row for row in Call.objects.filter(began_at__gte=since, began_at__lt=until)}
    phones, known = Phones(), seats_of(ours)
    found = [one for call, contact in ours.items() for one in _contact(contact, talks.get(call), known[call], phones)]
    found += [Difference("unheard", row.began_at, row.pk, row.number, row.line)
              for row in rows.values() if row.pk not in talks and row.pk not in ours]  # fmt: skip
    for call, talk in talks.items():
        outside = talk.outside
        if outside and since <= outside.began < until and call not in ours and call not in rows:
            code, number = ("missed", number_of(outside)) if outside.written.startswith(MISSED) else ("unrecorded", "")
            found.append(Difference(code, outside.began, call, number, outside.line, min(talk.inside, default="")))
    return sorted(found, key=lambda one: one.at)


def talks_of(records: Iterable[Record]) -> dict[UUID, Talk]:
    """By our id of the call: what was written with a channel, and the bridges it was in."""
    talks: dict[UUID, Talk] = defaultdict(Talk)
    direct: dict[str, UUID] = {}  # bridges of callers whom no switch has taken
    for one in records:
        if not one.phone and (call := call_of(one)):
            talks[call].outside = one
            direct |= {stay.bridge: call for stay in one.stays if one.written.startswith(MISSED)}
    for one in records:
        if not one.phone:
            continue
        call = call_of(one)
        if call:
            _ = talks[call]  # a phone that was to ring somebody out, and nobody came
        for stay in one.stays:
            if (call and stay.bridge == call.hex) or stay.bridge in direct:
                talks[call or direct[stay.bridge]].inside.setdefault(one.phone, stay.came)
    return dict(talks)


def call_of(one: Record) -> UUID | None:
    """Ours as it was put down with the channel; of a caller whom no switch has taken the same one whenever it is asked."""
    if one.written.startswith(MISSED):
        return uuid.uuid5(uuid.NAMESPACE_OID, f"missed:{one.channel}:{one.began.timestamp()}")
    try:
        return UUID(one.written)
    except ValueError:
        return None


def number_of(one: Record) -> str:
    """Of a caller whom no switch has taken; empty when the line gave none."""
    return clean(one.written.partition(" ")[2])


def answered_by(one: Record, records: Iterable[Record]) -> str:
    """The phone that talked with a caller whom no switch has taken; empty when nobody did."""
    bridges = {stay.bridge for stay in one.stays}
    with_them = (other for other in records if other.phone and any(stay.bridge in bridges for stay in other.stays))
    return next((other.phone for other in with_them), "")


def seats_of(ours: dict[UUID, Contact]) -> dict[UUID, set[str]]:
    """By call: the seats that our Events name, as numbers of seats."""
    known: dict[UUID, set[str]] = defaultdict(set)
    events = Event.objects.filter(matter__contact__call__in=ours).values_list("matter__contact__call", "body")
    for call, body in events.iterator():
        said = json.loads(body)
        named = (said.get("seat"), said.get("with_seat"), said["by"].get("seat"))
        known[call].update(name for name in named if isinstance(name, str))
    return known


def _contact(contact: Contact, talk: Talk | None, known: set[str], phones: Phones) -> Iterable[Difference]:
    def differs(code: str, at: datetime, phone: str = "", seconds: float = 0) -> Difference:
        return Difference(code, at, contact.call, contact.number, contact.line, phone, round(abs(seconds)))

    if talk is None or talk.outside is None:
        yield differs("unheard", contact.rang_at)
        return
    first = min(talk.inside, key=talk.inside.__getitem__, default="")
    if first and contact.answered_at is None:
        yield differs("answered_there", talk.inside[first], first)
    elif contact.answered_at and not first:
        yield differs("answered_here", contact.answered_at)
    elif contact.answered_at and (apart := talk.inside[first] - contact.answered_at) and abs(apart) > ANSWERED_WITHIN:
        yield differs("answer_apart", contact.answered_at, first, apart.total_seconds())
    for phone, came in talk.inside.items():
        seat = Seat.objects.filter(pk=phones.seat(phone)).first()
        if seat is None or seat.number not in known:
            yield differs("seat_unknown", came, phone)
    theirs = talk.outside.ended
    if contact.ended_at and theirs is None:
        yield differs("open_there", contact.ended_at)
    elif theirs and contact.ended_at is None:
        yield differs("open_here", theirs)
    elif theirs and abs(theirs - contact.ended_at) > ENDED_WITHIN:
        yield differs("end_apart", contact.ended_at, "", (theirs - contact.ended_at).total_seconds())
