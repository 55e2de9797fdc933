"""The hottest write: new matters with their contacts and first Events, decided in Python and written in one statement."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from liandong.actions.acting import Touched, then_also
from liandong.actions.chaining import next_event, topics_of
from liandong.records.models import Contact, DayNumber, Desk, Event, Matter, PackRelease, Seat
from liandong.rules import chain
from liandong.rules.access import Actor
from liandong.rules.wording import SPOKEN

_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letter that is heard or read as another

_WRITE = """
WITH came AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s::json) AS came (
        place_in_line int, contact uuid, channel text, line text, caller text, place text, accuracy_m int, came_from text, call uuid,
        rang_at timestamptz, no_call_back boolean, matter uuid, number text, query_code text, city text, state text, desk bigint,
        seat bigint, pack bigint, title text, said text, nature text, district text, district_chosen boolean, secret boolean,
        received_at timestamptz, due_at timestamptz, seq int, head text, year int, written boolean, events json)
), contact AS (
    INSERT INTO records_contact (id, channel, line, number, caller_name, place, accuracy_m, district, desk_id, seat_id,
                                 call, rang_at, answered_at, no_call_back)
    SELECT contact, channel, line, caller, '', place, accuracy_m, came_from, desk, seat, call, rang_at, NULL, no_call_back
      FROM came
), matter AS (
    INSERT INTO records_matter (id, number, query_code, city, state, holder_id, first_receiver_id, seat_id, contact_id,
        pack_id, title, said, answers, kind, item, nature, district, district_chosen, place, secret, source_hidden, danger, closing,
        answer, outcome, received_at, due_at, reminded, seq, head, year, written)
    SELECT matter, number, query_code, city, state, desk, desk, seat, contact,
        pack, title, said, '{}', '', '', nature, district, district_chosen, place, secret, false, 'none', '',
        '', '', received_at, due_at, 0, seq, head, year, written
      FROM came
)
INSERT INTO records_event (stream, seq, act, kind, at, matter_id, body, private, salt, before, digest, topics)
SELECT 'matter:' || matter, e.seq, e.act, e.kind, e.at, matter, e.body, e.private, e.salt, e.before, e.digest, e.topics
  FROM came, json_to_recordset(came.events) AS e (
        seq int, act uuid, kind text, at timestamptz, body text, private text, salt text, before text, digest text, topics text[])
 ORDER BY place_in_line, e.seq
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


@dataclass
class Opening:
    """A matter with its contact and first Event, decided and not written yet. `touched` stands behind its last Event."""

    touched: Touched
    events: list[Event]

    @property
    def matter(self) -> Matter:
        return self.touched.matter


def tell_too(came: Opening, kind: str, *, by: Actor, at: datetime, private: dict[str, Any], **facts: Any) -> None:
    """A further Event of a matter that is not written yet, to be written with it."""
    topics = topics_of(came.matter, by, ())
    came.events.append(next_event(then_also(came.touched), kind, by=by, at=at, topics=topics, private=private, **facts))


def opening(arrival: Arrival, number: str, *, desk: Desk, seat: Seat | None, release: PackRelease, due: datetime, by: Actor,
            at: datetime, no_call_back: bool = False, pk: uuid.UUID | None = None) -> Opening:  # fmt: skip
    """Contact, matter and `matter.opened` of one arrival, as they shall be written."""
    contact = Contact(
        channel=arrival.channel, line=arrival.line, number=arrival.number, place=arrival.place, desk=desk, seat=seat,
        accuracy_m=arrival.accuracy_m, district=arrival.district, call=arrival.call, rang_at=at, no_call_back=no_call_back,
    )  # fmt: skip
    matter = Matter(
        id=pk or uuid.uuid4(), number=number, query_code=query_code(), city=desk.city, state="receiving", holder=desk,
        first_receiver=desk, seat=seat, contact=contact, pack=release, said=arrival.said, district=arrival.district,
        place=arrival.place, received_at=at, due_at=due, year=timezone.localtime(at).year, written=arrival.channel not in SPOKEN,
    )  # fmt: skip
    touched = Touched(matter, 1, chain.GENESIS)
    topics = [f"matter:{matter.pk}", f"desk:{desk.code}"] + ([f"seat:{seat.pk}"] if seat else [])
    opened = next_event(touched, "matter.opened", by=by, at=at, topics=topics,
                        private={"number": arrival.number, "place": arrival.place} if arrival.number or arrival.place else None,
                        number=number, desk=desk.code, line=arrival.line, channel=arrival.channel,
                        seat=seat.number if seat else "", accuracy_m=arrival.accuracy_m)  # fmt: skip
    return Opening(touched, [opened])


def write(openings: Sequence[Opening]) -> list[Matter]:
    """Write them at once, in their order; returns the matters as they were written, without asking again."""
    if not openings:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE, [json.dumps([_row(n, one) for n, one in enumerate(openings)], ensure_ascii=False, default=str)]
        )
    for one in openings:
        for row in (one.matter.contact, one.matter, *one.events):
            row._state.adding, row._state.db = False, connection.alias
    return [one.matter for one in openings]


def _row(place: int, one: Opening) -> dict[str, Any]:
    m, c = one.matter, one.matter.contact
    m.seq, m.head = one.touched.written, one.touched.before
    return {
        "place_in_line": place, "contact": c.pk, "channel": c.channel, "line": c.line, "caller": c.number, "place": m.place,
        "accuracy_m": c.accuracy_m, "came_from": c.district, "call": c.call, "rang_at": c.rang_at, "no_call_back": c.no_call_back,
        "matter": m.pk, "number": m.number, "query_code": m.query_code, "city": m.city, "state": m.state, "desk": m.holder_id,
        "seat": m.seat_id, "pack": m.pack_id, "title": m.title, "said": m.said, "nature": m.nature, "district": m.district,
        "district_chosen": m.district_chosen, "secret": m.secret, "received_at": m.received_at, "due_at": m.due_at, "seq": m.seq,
        "head": m.head, "year": m.year, "written": m.written,
        "events": [{"seq": e.seq, "act": e.act, "kind": e.kind, "at": e.at, "body": e.body, "private": e.private, "salt": e.salt,
                    "before": e.before, "digest": e.digest, "topics": e.topics} for e in one.events],
    }  # fmt: skip


def query_code() -> str:
    """What the person asks by: long enough that nobody guesses one."""
    return "".join(secrets.choice(_READABLE) for _ in range(10))


_bases: dict[tuple[str, date], int] = {}


def next_number(city: str, day: date) -> str:
    """The next matter number of a city's day, "1118-0427": read aloud, no lock held. A lost transaction leaves a gap."""
    return next_numbers(city, day, 1)[0]


def next_numbers(city: str, day: date, many: int) -> list[str]:
    """As many, in order. The day's base is read before the first is drawn, so that every number of the day lies above it."""
    if (city, day) not in _bases:
        base = _base(city, day)
        transaction.on_commit(lambda: _keep(city, day, base))
    else:
        base = _bases[city, day]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('records_matter_number') FROM generate_series(1, %s)", [many])
        return [f"{day:%m%d}-{value - base:04d}" for (value,) in cursor.fetchall()]


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
