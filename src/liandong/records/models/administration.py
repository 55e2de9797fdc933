"""What administrators keep: keys of other systems, and versions of a pack that are not published yet."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment
from liandong.rules import access
from liandong.rules.access import Actor


class SystemKey(models.Model):
    """The key by which another system asks this one. Only its digest is kept; the key itself is shown once."""

    city = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    begins = models.CharField(max_length=12, help_text="first letters, by which people tell keys apart")
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    made_by = models.ForeignKey("records.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = moment()
    used_at = moment()
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="rotations",
                             help_text="the first key of the same system, by which it is known; empty for that key itself")  # fmt: skip
    desk = models.ForeignKey("records.Desk", models.PROTECT, null=True, blank=True, related_name="+",
                             help_text="for which it acts: that desk's own system")  # fmt: skip
    unit = models.ForeignKey("records.Unit", models.PROTECT, null=True, blank=True, related_name="+",
                             help_text="for which it acts: that unit's own system")  # fmt: skip
    replaced_at = moment(help_text="when the next key of the same system was made; this one ends soon after")

    class Meta:
        indexes = [models.Index(fields=["city", "-made_at"], name="key_of_city")]

    @property
    def system(self) -> int:
        """The system behind this key: the same number whatever key it uses."""
        return self.root_id or self.pk

    @property
    def actor(self) -> Actor:
        """The system as this key lets it act."""
        return access.machine(self.system, self.name, self.city, self.scopes, desk=self.desk.code if self.desk else "",
                              unit=self.unit.code if self.unit else "")  # fmt: skip


class Sent(models.Model):
    """A matter that another system sent: which system (the first of its keys), and its own number for it. The same
    number is taken once."""

    matter = models.OneToOneField("records.Matter", models.PROTECT, primary_key=True, related_name="sent")
    system = models.ForeignKey(SystemKey, models.PROTECT, related_name="sent")
    their_id = code(80)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "their_id"], condition=~Q(their_id=""), name="sent_once"),
        ]
        indexes = [models.Index(fields=["system", "-received_at", "-matter"], name="sent_recent")]


class PackDraft(models.Model):
    """A version that was brought in and read without a fault, waiting to be compared and published."""

    city = models.CharField(max_length=40)
    pack = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    effective_on = models.DateField()
    files = models.JSONField(help_text="file name -> text, as read")
    note = code(200)
    made_by = models.ForeignKey("records.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "digest"], name="draft_once_per_city")]
