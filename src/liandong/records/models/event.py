"""Events: one fact, many readers. Append-only; a chain per stream."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from liandong.records.columns import text


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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_seq_once")]
        indexes = [models.Index(fields=["matter", "seq"], name="event_of_matter")]
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


class Act(models.Model):
    """A write that was asked for under a key: asked again, it is answered again, not done again; the same key with
    another content is refused."""

    key = models.CharField(max_length=80, primary_key=True)
    digest = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    at = models.DateTimeField()
