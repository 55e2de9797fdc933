"""What finding needs beside the matters: an index that may be late, the mark how far it is, and people's own views."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from liandong.records.columns import Lexemes, moment


class Finding(models.Model):
    """A matter as the index knows it: two-character pieces of its words, the ends of its number, its kind, district,
    state and whose sight it is in (`rules.grams`). Built after the act by the worker; never read without the matter."""

    matter = models.OneToOneField("records.Matter", models.CASCADE, primary_key=True, related_name="finding")
    city = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    due_at = moment(help_text="its own limit or its lead's, whichever runs out first; empty once the matter has ended")
    lexemes = Lexemes()

    class Meta:
        indexes = [
            GinIndex(fields=["lexemes"], name="finding_lexemes", gin_pending_list_limit=512),
            models.Index(fields=["city", "-received_at", "-matter"], name="finding_recent"),
            models.Index(fields=["city", "due_at", "matter"], condition=Q(due_at__isnull=False), name="finding_due"),
        ]


class FindingMark(models.Model):
    """How far the index and the days' counts are: every Event up to `upto` is in them. Events up to `ahead` are next, as
    soon as every transaction older than `transaction` has ended: none of them can then still bring a lower id. Matters
    from before counting began are counted up to `counted_upto`, and all of them once `all_counted`."""

    upto = models.BigIntegerField(default=0)
    ahead = models.BigIntegerField(default=0)
    transaction = models.BigIntegerField(default=0)
    counted_upto = models.UUIDField(null=True, blank=True)
    all_counted = models.BooleanField(default=False)


class SavedView(models.Model):
    """One person's own way of looking at the matters: a name and what is asked, as the page's address says it."""

    person = models.ForeignKey("records.Person", models.CASCADE, related_name="views")
    name = models.CharField(max_length=20)
    asked = models.CharField(max_length=600)
    place = models.PositiveSmallIntegerField(help_text="1 stands first")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_name_once")]


class Imported(models.Model):
    """A matter that was history before this system: which system told it, and under which number there. The same
    number again changes nothing."""

    matter = models.OneToOneField("records.Matter", models.PROTECT, primary_key=True, related_name="imported")
    city = models.CharField(max_length=40)
    source = models.CharField(max_length=40, help_text="the other system's name, as the column map says")
    their_id = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "source", "their_id"], name="imported_once")]
