"""录音: what was said in a call, as one desk recorded it. The sound itself is an EvidenceFile that only this desk may open."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment


class Recording(models.Model):
    """One recording. It goes on until `ended_at`, is then fetched from the exchange into `file`, or is lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, help_text="its name at the exchange as well")
    call = models.UUIDField(help_text="the exchange's id of the call")
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="recordings")
    desk = models.ForeignKey("records.Desk", models.PROTECT, help_text="whose it is: 12345's own, 110's own")
    began_at = models.DateTimeField()
    ended_at = moment()
    because = code(12, help_text="why it ended: rules.recording.ENDINGS")
    file = models.OneToOneField("records.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="recording")
    lost_at = moment()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "desk"], condition=Q(ended_at=None), name="recording_one_at_a_time"),
            models.CheckConstraint(condition=Q(file=None) | Q(lost_at=None, ended_at__isnull=False), name="recording_kept_or_lost"),
            models.CheckConstraint(condition=Q(ended_at__isnull=True, because="") | Q(ended_at__isnull=False, because__gt=""),
                                   name="recording_ended_because"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["ended_at"], condition=Q(file=None, lost_at=None), name="recording_not_kept"),
            models.Index(fields=["matter", "began_at"], name="recording_of_matter"),
        ]
