"""Where another system is told by itself what happened, and what it was told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment


class Webhook(models.Model):
    """An address of another system that Events are posted to. `after` is how far the Events have been written out for it.
    `paused` keeps its place: nothing is lost until it goes on; `ended` is for good."""

    system = models.ForeignKey("records.SystemKey", models.PROTECT, related_name="webhooks",
                               help_text="the first key of the system")  # fmt: skip
    city = models.CharField(max_length=40)
    url = models.CharField(max_length=300)
    kinds = ArrayField(models.CharField(max_length=40))
    state = models.CharField(max_length=10, default="on")
    after = models.BigIntegerField(help_text="id of the last Event that was looked at")
    made_at = models.DateTimeField()
    place = models.UUIDField(unique=True, help_text="what its secrets are bound to")
    sealed = models.BinaryField(help_text="its secret under the node's own file key")
    sealed_before = models.BinaryField(null=True, blank=True, help_text="the secret before, which signs too until then")
    before_until = moment()
    answered_at = moment(help_text="when it last took something")
    failing_at = moment(help_text="since when it takes nothing; empty: it does")
    fails = models.PositiveIntegerField(default=0, help_text="tries since then")
    next_at = moment(help_text="not tried before")
    reason = code(30, help_text="of the last failure, or why it was paused")
    detail = code(200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["on", "paused", "ended"]), name="webhook_state_is_known")
        ]
        indexes = [models.Index(fields=["system"], condition=~Q(state="ended"), name="webhook_of_system")]


class WebhookMessage(models.Model):
    """One Event for one webhook, written from the Events that are final and posted until it is taken. `dead`: refused for
    what it says, before a person; it holds up nothing. `given_up`: with a reason. `dropped`: it may be told no more."""

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="messages")
    event = models.ForeignKey("records.Event", models.PROTECT, related_name="+")
    matter = models.ForeignKey("records.Matter", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    body = models.TextField(help_text="the exact bytes to sign and send")
    state = models.CharField(max_length=10, default="waiting")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="not tried before")
    tries = models.PositiveIntegerField(default=0)
    taken_at = moment()
    reason = code(30, help_text="of the last refusal")
    by = code(40, help_text="who gave it up")
    why = code(200, help_text="their words")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "taken", "dead", "given_up", "dropped"]),
                name="webhook_message_state_is_known",
            ),
            models.UniqueConstraint(fields=["webhook", "event"], name="webhook_message_once"),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "matter", "event"], condition=Q(state="waiting"), name="webhook_message_due"
            ),
            models.Index(fields=["webhook", "made_at"], condition=Q(state="dead"), name="webhook_message_dead"),
            models.Index(fields=["taken_at"], condition=Q(state="taken"), name="webhook_message_taken"),
        ]
