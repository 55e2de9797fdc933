"""材料: photos, recordings and documents of a matter or of one order. The file itself lies sealed in the storage."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment


class EvidenceFile(models.Model):
    """One file. `stored` is its name in the storage, empty once it is gone; the digest stays, here and in the chain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="files")
    order = models.ForeignKey("records.Order", models.PROTECT, null=True, blank=True, related_name="files")
    name = code(80, help_text="made safe; may name a person, so it is erased with the file")
    sort = models.CharField(max_length=8, help_text="by content: rules.files.SORTS")
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was given")
    stored = code(100)
    sealed_under = code(8, help_text="id of the secret, so that secrets can change")
    desk = models.ForeignKey("records.Desk", models.PROTECT, null=True, blank=True, help_text="brought at a desk, or")
    unit = models.ForeignKey("records.Unit", models.PROTECT, null=True, blank=True, help_text="by a unit")
    person = models.ForeignKey("records.Person", models.PROTECT, null=True, blank=True, related_name="+",
                               help_text="empty: it came with a message, or is a recording")  # fmt: skip
    kept_to_desk = models.BooleanField(
        default=False, db_default=False, help_text="its recording of a call: nobody else opens it"
    )
    added_at = models.DateTimeField()
    gone_at = moment()
    gone_by = code(10, help_text="removed, erased or expired")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(gone_at__isnull=True, gone_by="", stored__gt="") | Q(gone_at__isnull=False, stored=""),
                name="evidence_there_or_gone",
            ),
            models.UniqueConstraint(fields=["stored"], condition=~Q(stored=""), name="evidence_stored_once"),
        ]
        indexes = [models.Index(fields=["matter", "added_at"], name="evidence_of_matter")]
