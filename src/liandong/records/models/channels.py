"""Messages that come and go in writing, and how the ways they take stand."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment, text

CAME = ("taken", "joined", "noted", "refused")
GOES = ("waiting", "sent", "delivered", "failed", "silent")


class ChannelMessage(models.Model):
    """One message from or to a person or a device. In: `taken` as a matter of its own, `joined` to one, `noted` without one,
    `refused` with a reason. Out: `waiting`, `sent` (the other side has it), `delivered`, `failed`, `silent` (nobody said)."""

    channel = models.CharField(max_length=12)
    way = models.CharField(max_length=3, help_text="in, out")
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    matter = models.ForeignKey("records.Matter", models.PROTECT, null=True, blank=True, related_name="messages")
    contact = models.ForeignKey("records.Contact", models.PROTECT, null=True, blank=True, related_name="messages")
    line = code(40, help_text="what was written to; of one that goes out, what it comes from")
    their_id = code(200, help_text="what the sender calls it; the same name is the same message")
    mark = code(64, help_text="keyed digest of sender, line and words")
    ids = ArrayField(models.CharField(max_length=80), default=list, blank=True,
                     help_text="what the gateway calls its parts that have not arrived")  # fmt: skip
    about = code(10, help_text="of one that goes out: receipt, answer, question")
    words = text(help_text="of one that goes out, until it has ended")
    made_at = models.DateTimeField()
    next_at = moment(help_text="not tried before; of one that is sent: until when its receipt is waited for")
    tries = models.PositiveIntegerField(default=0)
    busy = models.PositiveIntegerField(default=0, help_text="how often the other side had no place for it")
    ended_at = moment()
    reason = code(60, help_text="why it was refused, or failed")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="in", state__in=CAME) | Q(way="out", state__in=GOES),
                name="channel_message_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "sent"]) | Q(next_at__isnull=False),
                name="channel_message_waits_with_a_time",
            ),
            models.UniqueConstraint(
                fields=["channel", "their_id"], condition=Q(way="in") & ~Q(their_id=""), name="channel_message_once"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "next_at"], condition=Q(state="waiting"), name="channel_message_due"),
            models.Index(fields=["channel", "next_at"], condition=Q(state="sent"), name="channel_message_sent"),
            models.Index(fields=["channel", "mark", "-made_at"], condition=Q(way="in"), name="channel_message_mark"),
            models.Index(
                fields=["city", "-made_at"], condition=Q(state__in=["refused", "failed"]), name="channel_message_wrong"
            ),
        ]


class ChannelPart(models.Model):
    """One part of a long message, until all have come or the wait for them is over; and for a while after, when `payload` is a
    digest: a gateway says again what it saw no answer to."""

    channel = models.CharField(max_length=12)
    thread = models.CharField(max_length=64, help_text="digest of sender, line, reference and number of parts")
    number = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    sender = models.CharField(max_length=40)
    line = models.CharField(max_length=40)
    coding = models.PositiveSmallIntegerField()
    payload = models.BinaryField()
    at = models.DateTimeField()
    joined_at = moment(help_text="when it became a message")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "thread", "number"], name="channel_part_once")]
        indexes = [models.Index(fields=["channel", "at"], name="channel_part_waits")]


class ChannelStanding(models.Model):
    """How the connection of a channel stands, as the worker that keeps it saw it last."""

    channel = models.CharField(max_length=12, primary_key=True)
    up_at = moment(help_text="since when it stands; empty: it does not")
    down_at = moment(help_text="since when it does not")
    detail = code(200, help_text="why not")
