"""Telling people: bodies without a technical link by telephone, every caller the answer, one call one answer."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import code, due_index, moment, state_is_known, text, waits_with_a_due_time


class Sheet(models.Model):
    """电话通报单: a numbered call sheet for a body without a technical link, or for another service (119, 120, a gas
    company): told by whom to whom when, confirmed, and later reconciled with the true times (P二(二), X6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=20)
    city = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="sheets")
    desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="sheets")
    demand = models.ForeignKey("records.Demand", models.PROTECT, null=True, blank=True, related_name="sheets")
    body = models.CharField(max_length=80, help_text="whom it is for")
    line = code(40, help_text="the number that is rung")
    state = models.CharField(max_length=12)
    ask = text()
    written_at = models.DateTimeField()
    due_at = moment()
    reminded = models.PositiveSmallIntegerField(default=0)
    told_at = moment(help_text="the true time, as the teller says")
    told_to = code(60)
    told_by = code(60)
    confirmed_at = moment()
    confirmed_by = code(60)
    arrived_at = moment(help_text="true times, filled in at reconciliation")
    finished_at = moment()
    result = text()
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("sheet"),
            waits_with_a_due_time("sheet"),
            models.UniqueConstraint(fields=["city", "year", "number"], name="sheet_number_once_a_year"),
        ]
        indexes = [due_index("sheet")]


class Informing(models.Model):
    """险情报总值班室: a desk told the duty office `desk` of danger; `seen` when somebody there had it on the screen. Not seen
    in time it is told by telephone (P二(三))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="informings")
    demand = models.ForeignKey("records.Demand", models.PROTECT, null=True, blank=True, related_name="informings")
    desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="informings")
    told_by = models.ForeignKey("records.Desk", models.PROTECT, related_name="+")
    seat_no = code(20, help_text="the seat that ticked it")
    state = models.CharField(max_length=12)
    told_at = models.DateTimeField()
    due_at = moment()
    seen_at = moment()
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("informing"),
            waits_with_a_due_time("informing"),
            models.UniqueConstraint(fields=["matter"], condition=Q(state="told"), name="informing_one_open"),
        ]
        indexes = [due_index("informing")]


class Delivery(models.Model):
    """答复送达: one caller who is owed the answer. A matter has one for each of its callers, those merged into it too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="deliveries")
    contact = models.ForeignKey("records.Contact", models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=12)
    words = text(help_text="as they are to be told")
    how = code(12)
    tries = models.PositiveSmallIntegerField(default=0)
    prepared_at = models.DateTimeField()
    due_at = moment()
    reminded = models.PositiveSmallIntegerField(default=0)
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("delivery"),
            waits_with_a_due_time("delivery"),
            models.UniqueConstraint(
                fields=["matter", "contact"], condition=Q(state="due"), name="delivery_one_due_per_caller"
            ),
        ]
        indexes = [due_index("delivery")]


class Reply(models.Model):
    """一并答复: the one answer to a call that was taken apart, owed by one desk; `matter` is the part the call began with.
    It gathers until every part is known or its limit comes; one call may need several, one after the other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="replies")
    desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="replies")
    state = models.CharField(max_length=12)
    how = code(12)
    tries = models.PositiveSmallIntegerField(default=0, help_text="rung and not reached: to tell, then to ask")
    gathered_at = models.DateTimeField()
    due_at = moment()
    reminded = models.PositiveSmallIntegerField(default=0)
    told_at = moment()
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("reply"),
            waits_with_a_due_time("reply"),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(state__in=["gathering", "due"]), name="reply_one_open_per_call"
            ),
        ]
        indexes = [due_index("reply")]


class ReplyPart(models.Model):
    """What one answer said of one part: its sentence, or, `under_way`, that it is still being handled."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="parts")
    part = models.ForeignKey("records.Matter", models.PROTECT, related_name="told_in")
    under_way = models.BooleanField(default=False)
    words = text(help_text="as they were told")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "part"], name="reply_part_once")]
