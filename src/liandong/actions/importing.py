"""Old records of another system become history here: archived, without clocks, rings or answers owed."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import AutoField, Field, JSONField, Model
from django.utils import timezone
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from liandong.actions.acting import action, stream_event
from liandong.actions.chaining import event_body
from liandong.actions.intake import _READABLE
from liandong.records.models import Contact, Desk, Event, Imported, Matter, PackRelease
from liandong.rules import chain
from liandong.rules.access import Actor
from liandong.rules.old_records import OldMatter
from liandong.rules.say import Forbidden, Invalid

_LOCK = 0x01D


def refuse_unless_administrator(by: Actor, desk: Desk) -> None:
    """Forbidden for anybody but an administrator of the desk's city."""
    if by.role != "administrator" or by.city != desk.city:
        raise Forbidden("forbidden.import")


@action
def keep(rows: Sequence[OldMatter], source: str, desk: Desk, *, by: Actor, at: datetime) -> int:
    """Keep rows of another system, each with its one Event; returns how many were new. Their number is known to us for
    good: the same row again changes nothing."""
    refuse_unless_administrator(by, desk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        mine = Imported.objects.filter(city=desk.city, source=source, their_id__in=[r.their_id for r in rows])
        known = set(mine.values_list("their_id", flat=True))
        new = [row for row in rows if row.their_id not in known]
        cursor.execute("SELECT nextval('records_imported_number') FROM generate_series(1, %s)", [len(new)])
        numbers = [row[0] for row in cursor.fetchall()]
        releases = list(PackRelease.objects.filter(city=desk.city).order_by("effective_on", "id").defer("files"))
        if not releases:
            raise Invalid("invalid.no_pack")
        made = [_made(row, number, source, desk, releases, by, at) for row, number in zip(new, numbers, strict=True)]
        for model, index in ((Contact, 0), (Matter, 1), (Event, 2), (Imported, 3)):
            _copy(cursor, model, [parts[index] for parts in made])
    return len(new)


def _copy(cursor: CursorWrapper, model: type[Model], rows: Sequence[Model]) -> None:
    """Insert rows by COPY: history comes by the hundred thousand, and a statement with every value quoted takes twice as long."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    names = SQL(", ").join(Identifier(field.column) for field in fields)
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(model._meta.db_table), names)
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_copied(field, row) for field in fields])


def _copied(field: Field, row: Model) -> object:
    value = getattr(row, field.attname)
    return Jsonb(value) if isinstance(field, JSONField) and value is not None else value


def told(source: str, desk: Desk, *, rows: int, kept: int, bad: int, by: Actor, at: datetime) -> Event:
    """A whole file was brought in: who, from which system, how many rows, how many new, how many left out."""
    return stream_event(f"import:{desk.city}", "matters.imported", by=by, at=at, source=source, rows=rows, kept=kept,
                        bad=bad)  # fmt: skip


def _made(row: OldMatter, number: int, source: str, desk: Desk, releases: list[PackRelease], by: Actor,
          at: datetime) -> tuple[Contact, Matter, Event, Imported]:  # fmt: skip
    day = timezone.localtime(row.received_at).date()
    release = next((r for r in reversed(releases) if r.effective_on <= day), releases[0])
    readable = f"旧{day:%m%d}-{number:04d}"
    contact = Contact(channel="imported", line="", number=row.number, caller_name=row.caller_name, place=row.place,
                      district=row.district, desk=desk, rang_at=row.received_at, ended_at=row.received_at)  # fmt: skip
    pk = uuid.uuid4()
    act, salt = uuid.uuid4(), secrets.token_hex(16)
    hidden = chain.canonical({"number": row.number, "their_id": row.their_id})
    body = event_body("matter.imported", by=by, at=at, act=act, seq=1, pack=release.version,
                      facts={"number": readable, "source": source, "desk": desk.code}, sealed=chain.sealed(hidden, salt))  # fmt: skip
    digest = chain.digest(chain.GENESIS, body)
    matter = Matter(
        id=pk, number=readable, query_code="".join(secrets.choice(_READABLE) for _ in range(10)), city=desk.city,
        state="archived", holder=desk, first_receiver=desk, contact=contact, pack=release, title=row.title, said=row.said,
        kind=row.kind, nature=row.nature, district=row.district, place=row.place, answer=row.answer,
        secret=row.nature == "report", received_at=row.received_at, archived_at=row.archived_at, seq=1, head=digest,
        year=day.year,
    )  # fmt: skip
    event = Event(stream=f"matter:{pk}", seq=1, act=act, kind="matter.imported", at=at, matter=matter, body=body,
                  private=hidden, salt=salt, before=chain.GENESIS, digest=digest, topics=[])  # fmt: skip
    return contact, matter, event, Imported(matter=matter, city=desk.city, source=source, their_id=row.their_id, at=at)
