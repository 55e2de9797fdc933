"""Events: one fact, many readers. Append-only; a chain per stream."""

import uuid
from collections.abc import Iterator

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import connection, models, transaction
from django.db.models import Q

from liandong.records.columns import text

OF_A_SEAT = (
    "contact.answered", "matter.recorded", "matter.closed", "transfer.offered", "transfer.accepted", "order.assigned",
    "matter.answered", "matter.archived", "dispatch.sent", "dispatch.done", "conference.settled",
)  # fmt: skip
"""Kinds that a seat's own day is told from; intake's is not among them, so that its one statement stays as light."""
CHUNK = 2000
"""Rows read at once where a whole chain, or all of them, are read."""

_HEADS = """
    SELECT DISTINCT ON (stream COLLATE "C") stream, seq, digest FROM records_event
     WHERE id > %s AND id <= %s ORDER BY stream COLLATE "C", seq DESC
"""


class Events(models.QuerySet):
    def heads(self, after: int, last: int) -> Iterator[tuple[str, int, str]]:
        """(stream, seq, digest) of each stream's last Event with an id above `after` and up to `last`, by stream; read
        through a server-side cursor."""
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(_HEADS, [after, last])
            while rows := cursor.fetchmany(CHUNK):
                yield from rows


class Event(models.Model):
    """One fact. `body` is the stored text the chain covers; `private` (names, numbers, free words) is outside it and may
    be blanked by law; `topics` names the desks, units and seats whose pages must look again."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=60, help_text="matter:<uuid>, pack:<city>, seat:<id>, sign-in:<person>")
    seq = models.PositiveIntegerField()
    act = models.UUIDField(default=uuid.uuid4, help_text="one act may touch several matters")
    kind = models.CharField(max_length=40, help_text="past tense, dotted: transfer.offered")
    at = models.DateTimeField()
    matter = models.ForeignKey("records.Matter", models.PROTECT, null=True, blank=True, related_name="events")
    body = models.TextField()
    private = text()
    salt = models.CharField(max_length=32, default="", blank=True)
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    topics = ArrayField(models.CharField(max_length=80), default=list)

    objects = Events.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_seq_once")]
        indexes = [
            models.Index(fields=["matter", "seq"], name="event_of_matter"),
            BrinIndex(fields=["at"], pages_per_range=32, name="event_of_day"),
            GinIndex(fields=["topics"], condition=Q(kind__in=OF_A_SEAT), name="event_of_seat"),
            models.Index(fields=["at"], condition=Q(kind="danger.lowered"), name="event_lowered"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_erased",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NEW.private = '' AND NEW.salt = '' AND
                       (to_jsonb(NEW) - 'private' - 'salt') = (to_jsonb(OLD) - 'private' - 'salt') THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'Events are append-only; only the private part may be blanked';
                """,
            ),
        ]


class Seal(models.Model):
    """The hourly seal over all chains: which Events stood at the end of the hour, chained to the seal before it. It
    finds what no single chain can: the last rows of a stream taken away, or a whole stream."""

    until = models.DateTimeField(unique=True, help_text="the full hour that it closes")
    last_event = models.BigIntegerField(help_text="id of the last Event it covers; the seal before says the first")
    events = models.PositiveIntegerField()
    streams = models.PositiveIntegerField()
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="seal_stands", operation=pgtrigger.Delete | pgtrigger.Update),
        ]


class Act(models.Model):
    """A write that was asked for under a key: asked again, it is answered again, not done again; the same key with
    another content is refused."""

    key = models.CharField(max_length=80, primary_key=True)
    digest = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    at = models.DateTimeField()
