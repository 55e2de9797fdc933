"""The desk as a place of work: shifts handed over, callers who harass."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import code, due_index, moment, state_is_known, text, waits_with_a_due_time


class Handover(models.Model):
    """交班: who goes lists what is open, who comes takes it. `matters` are the ids as they stood at the offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="handovers")
    from_person = models.ForeignKey("records.Person", models.PROTECT, related_name="+")
    to_person = models.ForeignKey("records.Person", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12)
    matters = models.JSONField(default=list)
    note = text()
    offered_at = models.DateTimeField()
    due_at = moment()
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("handover"),
            waits_with_a_due_time("handover"),
            models.UniqueConstraint(fields=["from_person"], condition=Q(state="offered"), name="handover_one_open"),
        ]
        indexes = [due_index("handover")]


class Nuisance(models.Model):
    """恶意骚扰号码: on the register only with evidence and approval, and only until a date. It never closes the line: a call
    from it rings as any other, later in the queue, and danger always passes (C三(二))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    city = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=12)
    evidence = text(help_text="the calls, by number and time, and what was said")
    proposed_by = models.ForeignKey("records.Person", models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("records.Person", models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    due_at = moment(help_text="while proposed: until when it must be decided; while active: its end")
    why = code(200)
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("nuisance"),
            waits_with_a_due_time("nuisance"),
            models.UniqueConstraint(
                fields=["city", "number"], condition=Q(state__in=["proposed", "active"]), name="nuisance_once"
            ),
        ]
        indexes = [due_index("nuisance")]
