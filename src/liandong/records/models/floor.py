"""值班长 on the floor: listening to a talk of the own desk, never secretly (H4)."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import moment, text


class Listening(models.Model):
    """A leader listens to one talk of one seat. It ends when the leader ends it, or with the talk; there is no way to
    listen that the seat does not see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="listenings")
    call = models.UUIDField()
    desk = models.ForeignKey("records.Desk", models.PROTECT, related_name="+")
    seat = models.ForeignKey("records.Seat", models.PROTECT, related_name="listenings", help_text="who is listened to")
    leader_seat = models.ForeignKey("records.Seat", models.PROTECT, related_name="+")
    leader = models.ForeignKey("records.Person", models.PROTECT, related_name="+")
    why = text()
    began_at = models.DateTimeField()
    seen_at = moment(help_text="when the seat's page has shown it")
    ended_at = moment()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(ended_at__isnull=True), name="listening_one_a_call"),
            models.UniqueConstraint(fields=["leader_seat"], condition=Q(ended_at__isnull=True),
                                    name="listening_one_a_leader"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["matter"], condition=Q(ended_at__isnull=True), name="listening_open"),
        ]
