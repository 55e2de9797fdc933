"""Desks, seats, units and the pack releases they come from."""

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment
from liandong.rules.presence import SILENT


class PackReleases(models.QuerySet):
    def in_force(self, city: str, on: date) -> "PackRelease | None":
        """The release that judges matters of `city` received on `on`; None before its first."""
        standing = self.filter(city=city, effective_on__lte=on, withdrawn_at=None)
        return standing.order_by("-effective_on", "-id").defer("files").first()


class PackRelease(models.Model):
    """One version of a city's pack as it was published: the files' own text, read again whenever a matter of its time
    is looked at. Its content is never changed, never deleted; what is planned and not yet in force may be withdrawn."""

    city = models.CharField(max_length=40)
    pack = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    effective_on = models.DateField()
    # Some 200 kB: whoever joins a release leaves it out (`defer`) and lets `packs.opened` ask for it once a process.
    files = models.JSONField(help_text="file name -> text, as read")
    note = code(200, db_default="", help_text="why, from its draft")
    published_at = models.DateTimeField()
    withdrawn_at = moment(help_text="taken back before its day came")
    settled_at = moment(help_text="when the desks and units became those of this release")

    objects = PackReleases.as_manager()

    class Meta:
        indexes = [models.Index(fields=["city", "-effective_on", "-id"], name="pack_in_force")]


class Desk(models.Model):
    """A desk that can hold matters; its row in the pack of its city says the same."""

    code = models.CharField(max_length=20, unique=True)
    city = models.CharField(max_length=40)
    platform = models.CharField(max_length=10)
    level = models.CharField(max_length=12)
    district = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    short = models.CharField(max_length=30)
    partner = models.ForeignKey("records.Partner", models.PROTECT, null=True, blank=True, related_name="desks",
                                help_text="at whose node it works")  # fmt: skip

    def __str__(self) -> str:
        return self.name


DUTY_HERE = Q(platform="duty", partner=None)
"""Of desks: a duty office at this node. The pack may name one that works at another organisation's."""


class Unit(models.Model):
    """A body that work orders go to."""

    code = models.CharField(max_length=60, unique=True)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=6, default="", blank=True)  # `code` is a column here
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=40)
    retired = models.BooleanField(default=False)
    contact = models.CharField(max_length=60, default="", blank=True)
    contact_phone = models.CharField(max_length=20, default="", blank=True)
    hours = models.CharField(max_length=60, default="", blank=True)
    linked = models.BooleanField(default=True, help_text="it reads its orders here; else a person is rung up")

    def __str__(self) -> str:
        return self.name


PRESENCES = ("off", "free", "ringing", "talking", "wrapping", "break")


class Seats(models.QuerySet):
    def heard(self, at: datetime) -> "Seats":
        """Those whose page was heard within the minute, whoever sits there."""
        return self.filter(seen_at__gt=at - SILENT)

    def there(self, at: datetime) -> "Seats":
        """Those where somebody sits: whose page was heard within the minute, and who has not gone off."""
        return self.heard(at).filter(person__isnull=False).exclude(presence="off")


class Seat(models.Model):
    """A place at a desk where calls ring. `person` is who sits there now."""

    desk = models.ForeignKey(Desk, models.PROTECT, related_name="seats")
    number = models.CharField(max_length=10)
    extension = code(20)
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    out_of_service = models.BooleanField(default=False)
    session = code(64, help_text="digest of the sign-in that sits here; empty while any of this person's may")
    person = models.OneToOneField("records.Person", models.SET_NULL, null=True, blank=True)
    presence = models.CharField(max_length=10, default="off")
    presence_at = moment()
    seen_at = moment(help_text="last sign of life of the seat's page")
    wrote_at = moment(help_text="when somebody last typed there while wrapping up")

    objects = Seats.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "number"], name="seat_number_once_per_desk"),
            models.CheckConstraint(condition=Q(presence__in=PRESENCES), name="seat_presence_is_known"),
        ]
        indexes = [models.Index(fields=["desk", "presence_at"], condition=Q(presence="free"), name="seat_free")]
