"""The hottest write: a new matter with its contact and first Event, decided in Python and written in one statement."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from liandong.actions.acting import event_body
from liandong.records.models import Contact, DayNumber, Desk, Matter, PackRelease, Seat
from liandong.rules import chain
from liandong.rules.access import Actor
from liandong.rules.wording import SPOKEN

_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letter that is heard or read as another

_WRITE = """
WITH contact AS (
    INSERT INTO records_contact (id, channel, line, number, caller_name, place, accuracy_m, district, desk_id, seat_id,
                                 call, rang_at, answered_at, no_call_back)
    VALUES (%(contact)s, %(channel)s, %(line)s, %(caller)s, '', %(place)s, %(accuracy)s, %(district)s, %(desk)s,
            %(seat)s, %(call)s, %(at)s, NULL, false)
), matter AS (
    INSERT INTO records_matter (id, number, query_code, city, state, holder_id, first_receiver_id, seat_id, contact_id,
        pack_id, title, said, answers, kind, item, nature, district, place, secret, source_hidden, danger, closing, answer, outcome,
        received_at, due_at, reminded, seq, head, year, written)
    VALUES (%(matter)s, %(number)s, %(query)s, %(city)s, 'receiving', %(desk)s, %(desk)s, %(seat)s, %(contact)s,
        %(pack)s, '', %(said)s, '{}', '', '', 'help', %(district)s, %(place)s, false, false, 'none', '', '', '',
        %(at)s, %(due)s, 0, 1, %(digest)s, %(year)s, %(written)s)
)
INSERT INTO records_event (stream, seq, act, kind, at, matter_id, body, private, salt, before, digest, topics)
VALUES (%(stream)s, 1, %(act)s, 'matter.opened', %(at)s, %(matter)s, %(body)s, %(private)s, %(salt)s, %(genesis)s,
        %(digest)s, %(topics)s)
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known as somebody reaches a platform, before anybody has answered."""

    channel: str
    line: str
    number: str = ""
    place: str = ""
    accuracy_m: int | None = None
    district: str = ""
    said: str = ""
    call: uuid.UUID | None = None


def write(arrival: Arrival, *, desk: Desk, seat: Seat | None, release: PackRelease, due: datetime, by: Actor,
          at: datetime) -> Matter:  # fmt: skip
    """Write contact, matter and `matter.opened` at once; returns the matter as it was written, without asking again."""
    pk, act, day = uuid.uuid4(), uuid.uuid4(), timezone.localtime(at).date()
    number = next_number(desk.city, day)
    named = arrival.number or arrival.place
    hidden = chain.canonical({"number": arrival.number, "place": arrival.place}) if named else ""
    salt = secrets.token_hex(16) if hidden else ""
    body = event_body(
        "matter.opened", by=by, at=at, act=act, seq=1, pack=release.version,
        sealed=chain.sealed(hidden, salt) if hidden else "",
        facts={"number": number, "desk": desk.code, "line": arrival.line, "channel": arrival.channel,
               "seat": seat.number if seat else "", "accuracy_m": arrival.accuracy_m},
    )  # fmt: skip
    contact = Contact(
        channel=arrival.channel, line=arrival.line, number=arrival.number, place=arrival.place, desk=desk, seat=seat,
        accuracy_m=arrival.accuracy_m, district=arrival.district, call=arrival.call, rang_at=at,
    )  # fmt: skip
    matter = Matter(
        id=pk, number=number, query_code=query_code(), city=desk.city,
        state="receiving", holder=desk, first_receiver=desk, seat=seat, contact=contact, pack=release,
        said=arrival.said, district=arrival.district, place=arrival.place, received_at=at, due_at=due, seq=1,
        head=chain.digest(chain.GENESIS, body), year=day.year,
        written=arrival.channel not in SPOKEN,
    )  # fmt: skip
    topics = [f"matter:{pk}", f"desk:{desk.code}"] + ([f"seat:{seat.pk}"] if seat else [])
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {
            "contact": contact.pk, "channel": contact.channel, "line": contact.line, "caller": contact.number,
            "place": contact.place, "accuracy": contact.accuracy_m, "district": contact.district, "desk": desk.pk,
            "seat": seat.pk if seat else None, "call": contact.call, "at": at, "matter": pk, "number": number,
            "query": matter.query_code, "city": desk.city, "pack": release.pk, "said": matter.said, "due": due,
            "digest": matter.head, "year": day.year, "written": matter.written, "stream": f"matter:{pk}", "act": act, "body": body,
            "private": hidden, "salt": salt, "genesis": chain.GENESIS, "topics": topics,
        })  # fmt: skip
    for row in (contact, matter):
        row._state.adding, row._state.db = False, connection.alias
    return matter


def query_code() -> str:
    """What the person asks by: long enough that nobody guesses one."""
    return "".join(secrets.choice(_READABLE) for _ in range(10))


_bases: dict[tuple[str, date], int] = {}


def next_number(city: str, day: date) -> str:
    """The next matter number of a city's day, "1118-0427": read aloud, no lock held. A lost transaction leaves a gap.

    The day's base is read before the number is drawn, so that every number of the day lies above it.
    """
    if (city, day) not in _bases:
        base = _base(city, day)
        transaction.on_commit(lambda: _keep(city, day, base))
    else:
        base = _bases[city, day]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('records_matter_number')")
        value = cursor.fetchone()[0]
    return f"{day:%m%d}-{value - base:04d}"


def _keep(city: str, day: date, base: int) -> None:
    """Remember a base once its row is committed: one that was taken back with a transaction would stay in this process
    alone, and its numbers would meet those of the next."""
    if (city, day) not in _bases:
        _bases.clear()
        _bases[city, day] = base


def _base(city: str, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM records_matter_number")
        last = cursor.fetchone()[0]
    DayNumber.objects.bulk_create([DayNumber(city=city, day=day, base=last)], ignore_conflicts=True)
    return DayNumber.objects.get(city=city, day=day).base
