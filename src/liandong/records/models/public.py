"""What the public pages remember of who comes: how often, never who."""

from django.db import models

from liandong.records.columns import code


class Knock(models.Model):
    """How often one thing was tried from one place within a stretch of time that began at `since_at`. `who` is a keyed
    digest of an address, or of an address with a telephone number, or a system's number; rows older than two days are deleted.
    An unlogged table."""

    what = code(20)
    who = models.CharField(max_length=64)
    since_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who", "since_at"], name="knock_once_a_stretch")]
        indexes = [models.Index(fields=["since_at"], name="knock_old")]
