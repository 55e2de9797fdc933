"""Other organisations' nodes: who they are, the secrets shared with them, what they sent, and what was refused."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment, text


class Partner(models.Model):
    """A node of another organisation (X8). `city` is the city whose administrators keep it."""

    node = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    city = models.CharField(max_length=40)
    url = code(200, help_text="where its messages are posted; empty: it comes for them")
    added_at = models.DateTimeField()
    heard_at = moment(help_text="its last message that was taken")
    answered_at = moment(help_text="when it last answered a message of ours, or came for them")
    asked_at = moment(help_text="when it signed its last question; each must be later, so that a copy gets nothing")
    down_at = moment(help_text="since when it has been silent one way or the other; empty: the link stands")
    codes = models.JSONField(
        default=dict, db_default={}, help_text="section -> way -> code: its codes beside ours (rules.code_map)"
    )


class PartnerKey(models.Model):
    """A secret shared with a partner. Several may be good at once, so that keys rotate without a pause."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="keys")
    key = models.CharField(max_length=40)
    sealed = models.BinaryField(help_text="the secret under the node's own file key, never in the clear")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="partner_key_once"),
            models.CheckConstraint(condition=Q(until_at__gt=models.F("from_at")), name="partner_key_has_a_time"),
        ]


class InboxMessage(models.Model):
    """A message that came with a good signature: taken, or another body under a known id, refused and kept as it came."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="inbox")
    message_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the exact bytes")
    kind = code(40)
    body = text()
    received_at = models.DateTimeField()
    refused = code(30, help_text="a reason of rules.exchange; empty: taken")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "message_id"], condition=Q(refused=""), name="inbox_taken_once"),
            models.UniqueConstraint(fields=["partner", "message_id", "digest"], name="inbox_kept_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="inbox_only_grows", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class SharedMatter(models.Model):
    """A matter that stands at two nodes under one id. Both counts are of messages about it, so that each side takes the
    other's in the order they were said."""

    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="shared")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="shared")
    said = models.PositiveIntegerField(default=0, help_text="sequence of our last message")
    heard = models.PositiveIntegerField(default=0, help_text="sequence of theirs that was done last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "partner"], name="shared_once")]


WAITS = ("waiting", "dead")
"""States of a message that has not arrived: what follows it in its matter waits behind it."""


class OutboxMessage(models.Model):
    """A message to one partner, written in the transaction of the act it tells, and sent until the other side has it.
    `dead`: refused for what it says, shown to a person, tried again by the hour all the same; `given_up`: with a reason, and a
    `void` in its place so that what follows is not held up."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="outbox")
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="outbox")
    message_id = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    body = models.TextField(help_text="the exact bytes to sign and send")
    state = models.CharField(max_length=10, default="waiting")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="not tried before")
    tries = models.PositiveIntegerField(default=0)
    reason = code(30, help_text="of the last refusal, or why nobody answered")
    detail = code(200)
    by = code(40, help_text="who gave it up, or told it another way")
    why = code(200, help_text="their words")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "taken", "dead", "given_up"]), name="outbox_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["partner", "matter", "sequence"], condition=~Q(state="given_up"), name="outbox_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "next_at"], condition=Q(state__in=WAITS), name="outbox_due"),
            models.Index(fields=["partner", "matter", "sequence"], condition=Q(state__in=WAITS), name="outbox_behind"),
            BrinIndex(fields=["made_at"], name="outbox_made"),
        ]


class Reconciliation(models.Model):
    """对账 of one day with one partner: how many of its offers were compared with ours, and what differed twice."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="reconciliations")
    on = models.DateField()
    at = models.DateTimeField()
    offers = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list, help_text="[what, matter, offer, ours, theirs] each")
    fault = code(30, help_text="why nothing could be compared; empty: it was")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "on"], name="reconciled_once_a_day")]


class ExchangeRefusal(models.Model):
    """How often one thing was refused on one day, and the last of it. No partner: who it was is not known for sure."""

    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="refusals")
    reason = models.CharField(max_length=30)
    on = models.DateField()
    times = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    detail = code(200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "reason", "on"], name="refusal_a_day", nulls_distinct=False)
        ]
