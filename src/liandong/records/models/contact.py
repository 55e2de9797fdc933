"""A person reaching a platform: one call, one letter. Everything that names them lives here, erasable."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment, text


class Contact(models.Model):
    """One call or message. `number`, `address`, `caller_name` and `place` name a person and stay outside the chain of Events."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    channel = models.CharField(max_length=12, default="phone")
    line = models.CharField(max_length=12, help_text="the number that was dialled")
    number = code(40)
    address = code(
        120, db_default="", help_text="where the person is written to on this channel: as the channel has it"
    )
    caller_name = code(60)
    place = code(120)
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    district = code(6)
    desk = models.ForeignKey("records.Desk", models.PROTECT)
    seat = models.ForeignKey("records.Seat", models.PROTECT, null=True, blank=True)
    call = models.UUIDField(null=True, blank=True, unique=True, help_text="the exchange's id of the call")
    rang_at = models.DateTimeField()
    answered_at = moment()
    ended_at = moment()
    no_call_back = models.BooleanField(default=False, help_text="不便回拨: never ring back")

    class Meta:
        indexes = [
            models.Index(fields=["number", "-rang_at"], condition=~Q(number=""), name="contact_number"),
            models.Index(fields=["channel", "address", "-rang_at"], condition=~Q(address=""), name="contact_address"),
            models.Index(fields=["id"], condition=Q(answered_at__isnull=True), name="contact_unanswered"),
        ]


class Draft(models.Model):
    """What is being typed, saved within 2 s; not an act. One per matter and person."""

    matter = models.ForeignKey("records.Matter", models.CASCADE)
    person = models.ForeignKey("records.Person", models.CASCADE)
    body = text()
    answers = models.JSONField(default=dict)
    facts = models.JSONField(default=dict, help_text="what stands in the fields below the words: place, name, number …")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "person"], name="draft_one_per_person")]
