"""办 and 复: work orders of units, 110's demands and dispatches, the call-back to the person."""

import uuid

from django.db import models
from django.db.models import F, Q

from liandong.records.columns import code, due_index, moment, state_is_known, text, waits_with_a_due_time
from liandong.rules import flows

ENDED_LATE = Q(state="resolved", ended_at__gt=F("answer_due_at"))
SIGNED, SIGNED_LATE = Q(signed_at__lte=F("sign_due_at")), Q(signed_at__gt=F("sign_due_at"))
WATCHED = ENDED_LATE | Q(supervised_at__isnull=False) | Q(state="handed_back")
"""Orders that a month's circular tells of, whatever the clock says."""
REPORTED = Q(state__in=["assigned", "signed"], reported_at__isnull=False)
"""Orders that run and that the duty office was told of."""
STANDING = Q(state="open") | Q(state="met", why="")
"""Of demands: nobody was sent yet, or whoever was sent has not said that it is over."""


class Order(models.Model):
    """工单. Its clock runs from its own dispatch, never from signing; it never moves the holder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="orders")
    unit = models.ForeignKey("records.Unit", models.PROTECT, related_name="orders")
    part = models.CharField(max_length=6, default="lead", help_text="lead or assist")
    state = models.CharField(max_length=12)
    ask = text(help_text="what the unit is asked to do")
    again_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    assigned_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    due_at = moment(help_text="the nearer of the two that still runs")
    signed_at = moment()
    contacted_at = moment()
    contact_note = code(200)
    ended_at = moment()
    reminded = models.PositiveSmallIntegerField(default=0)
    findings = text()
    answer = text(help_text="words for the person, as they will be told")
    hand_back_cause = code(40)
    proposed_owner = code(80)
    designated = models.BooleanField(default=False, help_text="named by the duty office: cannot be handed back again")
    suspended_until_at = moment()
    suspend_why = code(200)
    supervised_at = moment(help_text="督办: a leader watches it")
    reported_at = moment(help_text="报总值班室: past its limit, told to the duty office")
    reported_by = code(40, db_default="", help_text="the desk or the unit that told it")
    reported_seat = code(20, db_default="")

    class Meta:
        constraints = [
            state_is_known("order"),
            waits_with_a_due_time("order"),
            models.CheckConstraint(condition=Q(part__in=["lead", "assist"]), name="order_lead_or_assist"),
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(state__in=["assigned", "signed"], part="lead"),
                name="order_one_open_lead",
            ),
        ]
        indexes = [
            due_index("order"),
            models.Index(fields=["unit", "due_at"], condition=Q(state__in=["assigned", "signed"]), name="order_open"),
            models.Index(
                fields=["unit", "due_at"], condition=Q(state__in=flows.waiting("order")), name="order_of_unit"
            ),
            models.Index(fields=["answer_due_at"], condition=Q(state__in=["assigned", "signed"]), name="order_answers"),
            models.Index(fields=["sign_due_at"], condition=Q(state="assigned"), name="order_unsigned"),
            models.Index(fields=["answer_due_at"], condition=WATCHED, name="order_watched"),
            models.Index(fields=["reported_at"], condition=REPORTED, name="order_reported"),
        ]


class Extension(models.Model):
    """延期: asked by the unit with a reason, decided by the desk; not decided in time it is not granted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    order = models.ForeignKey(Order, models.PROTECT, related_name="extensions")
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="extensions")
    state = models.CharField(max_length=12)
    days = models.PositiveSmallIntegerField(help_text="working days beyond the present limit")
    why = text()
    asked_at = models.DateTimeField()
    due_at = moment()
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("extension"),
            waits_with_a_due_time("extension"),
            models.UniqueConstraint(fields=["order"], condition=Q(state="asked"), name="extension_one_open"),
        ]
        indexes = [due_index("extension")]


class Demand(models.Model):
    """紧急推110: danger was raised, and a 110 seat must send people. Runs beside transfer and orders; open until 110 has
    sent, or a slip is undone within seconds, or a named dispatcher lowers it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="demands")
    desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="demands")
    raised_by_desk = models.ForeignKey("records.Desk", models.PROTECT, null=True, blank=True, related_name="+")
    raised_by_unit = models.ForeignKey("records.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12)
    means = code(200, help_text="what the danger is, in the words that led to it")
    also = models.JSONField(default=list, help_text="119, 120, 122 … asked for with it")
    opened_at = models.DateTimeField()
    due_at = moment()
    level = models.PositiveSmallIntegerField(default=0, help_text="0 seats, 1 leader, 2 prefecture; then reminders")
    ended_at = moment()
    why = text()

    class Meta:
        constraints = [
            state_is_known("demand"),
            waits_with_a_due_time("demand"),
            models.UniqueConstraint(fields=["matter"], condition=Q(state="open"), name="demand_one_open"),
        ]
        indexes = [
            due_index("demand"),
            models.Index(fields=["desk"], condition=Q(state="open"), name="demand_open_at_desk"),
        ]


class Dispatch(models.Model):
    """派警: one crew of 110 on its way. The kind at intake and the final kind are both kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="dispatches")
    desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="dispatches")
    crew = models.CharField(max_length=60)
    state = models.CharField(max_length=12)
    sent_at = models.DateTimeField()
    signed_at = moment()
    left_at = moment()
    arrived_at = moment()
    cleared_at = moment()
    ended_at = moment()
    due_at = moment()
    reminded = models.PositiveSmallIntegerField(default=0)
    first_kind = code(20)
    final_kind = code(20)
    findings = text()
    no_offence = models.BooleanField(
        null=True, blank=True, help_text="C附件二(七): neither criminal nor public-order case"
    )

    class Meta:
        constraints = [state_is_known("dispatch"), waits_with_a_due_time("dispatch")]
        indexes = [due_index("dispatch")]


class FollowUp(models.Model):
    """回访: the person was asked. Result, unit and operator are judged apart; never asked of victims or informants."""

    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="follow_ups")
    at = models.DateTimeField()
    reached = models.BooleanField()
    solved = models.BooleanField(null=True, blank=True)
    satisfied = models.CharField(max_length=12, default="", blank=True, help_text="satisfied, fair, dissatisfied")
    manner = models.CharField(max_length=12, default="", blank=True, help_text="the same about the people they met")
    note = text()
