"""What may move the holder: a transfer, a conference, a designation."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import code, due_index, moment, state_is_known, text, waits_with_a_due_time
from liandong.rules import flows


class Transfer(models.Model):
    """一键转接: an offer from the holder to another desk. Three receipts are kept apart: delivered (a machine has it),
    seen (a person has it on the screen), accepted (a person has taken it). Only the last moves the holder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="transfers")
    from_desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="offers_made")
    to_desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="offers")
    from_seat = models.ForeignKey("records.Seat", models.PROTECT, null=True, blank=True, related_name="offers_made")
    to_seat = models.ForeignKey("records.Seat", models.PROTECT, null=True, blank=True, related_name="offers")
    state = models.CharField(max_length=12)
    with_voice = models.BooleanField(default=True)
    consent = models.BooleanField(default=False)
    kind = code(20)
    reason = code(200, help_text="why, in the decision's own words")
    clause = code(200)
    offered_at = models.DateTimeField()
    delivered_at = moment()
    seen_at = moment()
    rang_at = moment()
    ended_at = moment()
    due_at = moment()
    rings = models.PositiveSmallIntegerField(default=1, help_text="seats of the desk rung so far")
    decline_code = code(20)
    decline_note = text()
    proposed_owner = code(60)

    class Meta:
        constraints = [
            state_is_known("transfer"),
            waits_with_a_due_time("transfer"),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(state__in=flows.waiting("transfer")), name="transfer_one_open_offer"
            ),
            models.CheckConstraint(condition=~Q(from_desk=models.F("to_desk")), name="transfer_to_another_desk"),
        ]
        indexes = [
            due_index("transfer"),
            models.Index(
                fields=["to_desk"], condition=Q(state__in=flows.waiting("transfer")), name="transfer_open_to_desk"
            ),
            models.Index(fields=["offered_at"], name="transfer_offered"),
        ]


class Conference(models.Model):
    """三方通话 and 协商: caller and two desks on one record, to settle who takes it. Not settled in time: the pack's rule
    (first receiver, or duty office)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="conferences")
    from_desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="+")
    with_desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="conferences")
    from_seat = models.ForeignKey("records.Seat", models.PROTECT, null=True, blank=True, related_name="+")
    with_seat = models.ForeignKey("records.Seat", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    joined_at = moment()
    ended_at = moment()
    due_at = moment()
    proposal = code(20, help_text="desk code that from_desk proposes as taker")
    counter = code(20, help_text="desk code that with_desk proposes")
    parts = models.JSONField(default=dict, blank=True, help_text="kind → {first, other}: desk each side names")
    why = text()

    class Meta:
        constraints = [
            state_is_known("conference"),
            waits_with_a_due_time("conference"),
            models.UniqueConstraint(fields=["matter"], condition=Q(state="open"), name="conference_one_open"),
        ]
        indexes = [due_index("conference")]


class Joining(models.Model):
    """并案商请: one desk asks another to let its matter be merged into ours. Agreed, that matter's custody comes over and it
    is merged; until then both go on as they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="joinings", help_text="to be merged")
    into = models.ForeignKey("records.Matter", models.PROTECT, related_name="joinings_asked")
    asked_by = models.ForeignKey("records.Desk", models.PROTECT, related_name="+")
    asked_of = models.ForeignKey("records.Desk", models.PROTECT, related_name="joinings")
    state = models.CharField(max_length=12)
    why = code(200)
    asked_at = models.DateTimeField()
    due_at = moment()
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("joining"),
            waits_with_a_due_time("joining"),
            models.UniqueConstraint(fields=["matter"], condition=Q(state="asked"), name="joining_one_open"),
        ]
        indexes = [due_index("joining")]


class Designation(models.Model):
    """指定: a task for the duty office (or the leader the pack names) to say whose a matter is. The holder stays until
    then; a designation cannot be refused (P二(三))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="designations")
    asked_desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="designations")
    state = models.CharField(max_length=12)
    cause = code(40)
    asked_at = models.DateTimeField()
    due_at = moment()
    reminded = models.PositiveSmallIntegerField(default=0)
    decided_at = moment()
    chosen = code(60, help_text="desk code, or unit code where the question was whose order it is")
    why = text()

    class Meta:
        constraints = [
            state_is_known("designation"),
            waits_with_a_due_time("designation"),
            models.UniqueConstraint(fields=["matter"], condition=Q(state="asked"), name="designation_one_open"),
        ]
        indexes = [due_index("designation")]
