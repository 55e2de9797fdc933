"""协办 asked for by a unit."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import due_index, moment, state_is_known, text, waits_with_a_due_time


class Assistance(models.Model):
    """请协办: the lead's unit asks for another beside it; granted, `given` is that unit's own order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    order = models.ForeignKey("records.Order", models.PROTECT, related_name="assistances")
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="assistances")
    unit = models.ForeignKey("records.Unit", models.PROTECT, related_name="+")
    given = models.ForeignKey("records.Order", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12)
    why = text(help_text="what the other unit is needed for")
    asked_at = models.DateTimeField()
    due_at = moment()
    ended_at = moment()

    class Meta:
        constraints = [
            state_is_known("assistance"),
            waits_with_a_due_time("assistance"),
            models.UniqueConstraint(
                fields=["order", "unit"], condition=Q(state="asked"), name="assistance_asked_once_of_a_unit"
            ),
        ]
        indexes = [due_index("assistance")]
