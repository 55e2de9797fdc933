"""知识库: what a desk may answer at once, in words that may be told; each has an owner, a citation and a review date."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from liandong.records.columns import Lexemes, code, moment


class Article(models.Model):
    """One answer of a city. The text as it is now; what it was before stands in the Events of `article:<id>`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    city = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    body = models.TextField(help_text="plain paragraphs, as they may be told to the person")
    desk = models.ForeignKey("records.Desk", models.PROTECT, null=True, blank=True, help_text="the owner, or")
    unit = models.ForeignKey("records.Unit", models.PROTECT, null=True, blank=True, help_text="the owner")
    document = models.CharField(max_length=120, help_text="what it rests on: the document's name")
    document_number = code(60)
    document_on = models.DateField(null=True, blank=True)
    grade = models.CharField(max_length=16, default="published", help_text="published, or project-default: made up")
    review_on = models.DateField(help_text="from this day on somebody must say again that it is true")
    kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    words = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = code(20)
    withdrawn_at = moment(help_text="not shown and not proposed any more")
    lexemes = Lexemes()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(desk__isnull=True, unit__isnull=False) | Q(desk__isnull=False, unit__isnull=True),
                name="article_has_one_owner",
            ),
            models.CheckConstraint(condition=Q(grade__in=["published", "project-default"]), name="article_grade"),
        ]
        indexes = [
            GinIndex(fields=["lexemes"], name="article_lexemes"),
            models.Index(fields=["city", "review_on"], condition=Q(withdrawn_at=None), name="article_review"),
        ]
