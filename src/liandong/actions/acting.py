"""What every act shares: one transaction, the heads of the matters locked in id order, states changed by compare-and-set,
one Event per matter touched, and an answer that is the same when the same key asks again."""

import functools
import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from liandong.actions import keyed
from liandong.actions.chaining import event_body, next_event, topics_of
from liandong.actions.deadlocks import again_after_deadlock
from liandong.exchange import telling
from liandong.packs import calendar
from liandong.packs.opened import opened
from liandong.records.joined import Joined
from liandong.records.models import Event, Matter, Transfer
from liandong.rules import access, chain, flows, reminders
from liandong.rules.access import Actor
from liandong.rules.pack import Pack
from liandong.rules.say import Conflict
from liandong.rules.steps.step import Step
from liandong.rules.workdays import due_at

_APPEND = """
    WITH head AS (UPDATE records_matter SET head = %(digest)s, seq = %(seq)s WHERE id = %(matter)s)
    INSERT INTO records_event (stream, seq, act, kind, at, matter_id, body, private, salt, before, digest, topics)
    VALUES (%(stream)s, %(seq)s, %(act)s, %(kind)s, %(at)s, %(matter)s, %(body)s, %(private)s, %(salt)s, %(before)s, %(digest)s, %(topics)s)
    RETURNING id
"""
"""Event and head at once, written out: every act does it, and composing two statements anew cost more than carrying them out."""


def action(do: Callable) -> Callable:
    """Make a function an action: keyword-only `by=` and `at=`, one transaction, and `key=` for idempotency.

    Asked again under a known key it returns the first answer and does nothing; another content under that key is a
    Conflict. After kill -9 of a page the client may therefore simply ask again. An act that the database ended because
    two waited for each other is begun again by itself: nothing of it had happened.
    """

    def once(*args: Any, by: Actor, at: datetime, key: str, **more: Any) -> Any:
        with transaction.atomic():
            if not key:
                return do(*args, by=by, at=at, **more)
            content = keyed.content(do.__name__, args, more, by)
            if not keyed.claim({key: content}, at=at):
                return keyed.first_answer(key, content)
            result = do(*args, by=by, at=at, **more)
            if isinstance(result, models.Model):
                keyed.keep({key: result})
            return result

    @functools.wraps(do)
    def act(*args: Any, by: Actor, at: datetime, key: str = "", **more: Any) -> Any:
        return again_after_deadlock(lambda: once(*args, by=by, at=at, key=key, **more))

    return act


@dataclass
class Touched:
    """A matter whose head this act holds: `matter` as it is now, `seq` the number of the Event to come."""

    matter: Matter
    seq: int
    before: str
    act: uuid.UUID = field(default_factory=uuid.uuid4)
    written: int = 0
    """The number of the last Event that this act has written; 0 before the first."""

    @functools.cached_property
    def pack(self) -> Pack:
        """The pack that judges this matter: the one in force at its receipt."""
        return opened(self.matter.pack)

    def due(self, limit: str, start: datetime) -> datetime:
        """When a limit of this matter's pack runs out for a wait that begins at `start`."""
        return due_at(self.pack.limit(limit), timezone.localtime(start), calendar.is_workday)


_AFRESH = Joined(Matter, ("holder", "first_receiver", "contact", "pack", "seat"), but={"pack": ("files",)})


@contextmanager
def touching(matter: Matter | uuid.UUID) -> Iterator[Touched]:
    """Lock one matter's head and read it afresh. Whoever comes second sees what the first left. An act that finds nothing
    to do, and writes no Event, takes no number."""
    pk = matter.pk if isinstance(matter, Matter) else matter
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("UPDATE records_matter SET seq = seq + 1 WHERE id = %s RETURNING seq, head", [pk])
        row = cursor.fetchone()
        if row is None:
            raise Conflict("conflict.matter_gone")
        touched = Touched(_AFRESH.get(pk), row[0], row[1])
        yield touched
        if touched.before == row[1]:  # nothing was to be told: the number goes back, or the chain would have a gap
            cursor.execute("UPDATE records_matter SET seq = seq - 1 WHERE id = %s AND head = %s", [pk, row[1]])


def refuse_unless(touched: Touched, states: tuple[str, ...], verb: str) -> None:
    """Conflict when the matter no longer stands in one of these states: somebody closed or merged it meanwhile."""
    if touched.matter.state not in states:
        raise Conflict("conflict.matter", state=touched.matter.state, verb=verb)


def write_event(
    touched: Touched,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    topics: tuple[str, ...] = (),
    private: dict[str, Any] | None = None,
    offer: Transfer | None = None,
    quietly: bool = False,
    **facts: Any,
) -> Event:
    """Append the act's one Event for this matter and move the matter's head to it. `offer`: the one it is about, as it is now
    with its desks, where the act has it: whoever is told of it elsewhere then need not read it again. `quietly`: only pages that
    have the matter open look again; nothing of it shows on a list."""
    matter = touched.matter
    words = {name: facts.pop(name) for name in chain.FREE_WORDS if facts.get(name)} | (private or {})
    sealed = bool(facts.get("in_confidence"))
    looks_again = [f"matter:{matter.pk}"] if quietly else topics_of(matter, by, topics, sealed=sealed)
    event = next_event(touched, kind, by=by, at=at, topics=looks_again, private=words, **facts)
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, {
            "stream": event.stream, "seq": event.seq, "act": event.act, "kind": kind, "at": at, "matter": matter.pk, "body": event.body,
            "private": event.private, "salt": event.salt, "before": event.before, "digest": event.digest, "topics": event.topics,
        })  # fmt: skip
        event.pk = cursor.fetchone()[0]
    event._state.adding, event._state.db = False, connection.alias
    if settings.NODE and kind in telling.KINDS:
        telling.tell(matter, kind, facts, by=by, at=at, offer=offer)
    return event


def then_also(touched: Touched) -> Touched:
    """A further act on the same matter within the transaction (the machine following a person): its own Event. The number
    that is there already is taken first, or the chain would have a gap."""
    if touched.written == touched.seq:
        touched.seq += 1
    return touched


def advance(record: models.Model, verb: str, *, by: Actor, **changes: Any) -> Step:
    """Take a verb of the table on a record by compare-and-set, refreshing it in place.

    Forbidden when the role may not; Conflict when the record no longer stands in a state the verb leaves from.
    """
    machine = record._meta.model_name
    row = _step(record, verb, by, changes)
    moved = type(record).objects.filter(pk=record.pk, state__in=row.sources).update(**changes)
    if moved != 1:
        now = type(record).objects.filter(pk=record.pk).values_list("state", flat=True).first()
        raise Conflict(f"conflict.{machine}", verb=verb, state=now or "")
    for name, value in changes.items():
        setattr(record, name, value)
    if machine == "order" and record.part == "lead":
        _lead_runs_to(record)
    return row


def become(record: models.Model, verb: str, *, by: Actor, **changes: Any) -> Step:
    """As `advance`, of a record that this act is about to write: there is nobody to race with."""
    machine, row = record._meta.model_name, _step(record, verb, by, changes)
    if record.state not in row.sources:
        raise Conflict(f"conflict.{machine}", verb=verb, state=record.state)
    for name, value in changes.items():
        setattr(record, name, value)
    return row


def _step(record: models.Model, verb: str, by: Actor, changes: dict[str, Any]) -> Step:
    """The row of the table for this verb; puts the state it leads to, and no due time at an end, among the changes."""
    row = access.require(by, record._meta.model_name, verb)
    changes["state"] = row.target or record.state
    if changes["state"] in flows.ENDS[record._meta.model_name]:
        changes["due_at"] = None
    if "due_at" in changes and isinstance(record, Matter):
        changes.setdefault("late_at", None)  # another wait begins
    return row


def _lead_runs_to(order: models.Model) -> None:
    """The matter carries its lead's limit: a desk's board is sorted by whichever of the two runs out first."""
    limit = reminders.runs_to(order.state, order.sign_due_at, order.answer_due_at, order.suspended_until_at)
    Matter.objects.filter(pk=order.matter_id).update(lead_due_at=limit)


def one_at_a_time(of: str) -> None:
    """Until this act ends, another about the same waits for it."""
    lock = int.from_bytes(hashlib.sha256(of.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def stream_event(
    stream: str, kind: str, *, by: Actor, at: datetime, topics: tuple[str, ...] = (),
    private: dict[str, Any] | None = None, **facts: Any,
) -> Event:  # fmt: skip
    """Append an Event to a stream that is not a matter's (seats, packs, sign-ins), chained the same way. Pages that show what
    the stream is about are woken by its own name; a seat's name wakes the seat itself, so that it is named where it should."""
    hidden = chain.canonical(private) if private else ""
    salt = secrets.token_hex(16) if hidden else ""
    with transaction.atomic():
        one_at_a_time(stream)
        last = Event.objects.filter(stream=stream).order_by("-seq").first()
        seq, before = (last.seq + 1, last.digest) if last else (1, chain.GENESIS)
        act = uuid.uuid4()
        body = event_body(kind, by=by, at=at, act=act, seq=seq, facts=facts,
                          sealed=chain.sealed(hidden, salt) if hidden else "")  # fmt: skip
        return Event.objects.create(stream=stream, seq=seq, act=act, kind=kind, at=at, body=body, before=before,
                                    private=hidden, salt=salt,
                                    digest=chain.digest(before, body),
                                    topics=sorted({*topics, *([] if stream.startswith("seat:") else [stream])}))  # fmt: skip
