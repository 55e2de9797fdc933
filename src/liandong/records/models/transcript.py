"""What an outside speech recogniser heard of a call: lines beside the form, outside the chain of Events, erasable."""

from django.db import models
from django.db.models import F, Q

from liandong.records.columns import moment, text
from liandong.rules.spoken import SPEAKERS


class Utterance(models.Model):
    """One stretch of speech. It may be said again with more or other words under the same name until it is `final`."""

    contact = models.ForeignKey("records.Contact", models.PROTECT, related_name="utterances")
    call = models.UUIDField(help_text="the exchange's id of the call it was said in: the first, or one that rang back")
    their_id = models.CharField(max_length=60, help_text="what the recogniser calls it; the same name is the same line")
    speaker = models.CharField(max_length=8)
    said_at = models.DateTimeField(help_text="when it began to be said")
    ended_at = moment()
    words = text()
    final = models.BooleanField(default=False)
    misheard_at = moment(help_text="听错了: a person who heard it says that this was not said; it counts for nothing")
    misheard_by = models.ForeignKey("records.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "their_id"], name="utterance_once"),
            models.CheckConstraint(condition=Q(speaker__in=SPEAKERS), name="utterance_speaker_is_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("said_at")), name="utterance_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["contact", "said_at", "id"], name="utterance_of_contact")]
