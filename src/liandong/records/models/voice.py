"""Voice between the pages and the switch process: durable orders one way, calls as they stand the other."""

import uuid

from django.db import models
from django.db.models import Q

from liandong.records.columns import code, moment

ORDERS = ("dial_in", "ring", "answer", "transfer", "three_way", "leave", "hold", "unhold", "mute", "unmute", "call_back",
          "hang_up", "listen")  # fmt: skip


class VoiceOrder(models.Model):
    """Something the switch is to do. Written in the act's own transaction; done at most once; an order past its due
    time is dropped and says so, so that nothing rings for ever."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    call = models.UUIDField(null=True, blank=True)
    seat = models.ForeignKey("records.Seat", models.PROTECT, null=True, blank=True)
    transfer = models.ForeignKey("records.Transfer", models.PROTECT, null=True, blank=True)
    detail = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    due_at = moment()
    done_at = moment()
    result = code(40)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=ORDERS), name="voice_order_is_known")]
        indexes = [models.Index(fields=["id"], condition=Q(done_at__isnull=True), name="voice_order_waiting")]


class Call(models.Model):
    """A call as the switch last saw it: who is in the talk. The exchange decides; this row reports."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = code(40)
    line = code(12)
    state = models.CharField(max_length=12, help_text="queued, ringing, talking, held, ended")
    seats = models.JSONField(default=list, help_text="ids of the seats in the talk")
    ringing = models.JSONField(default=list, help_text="ids of the seats that ring")
    began_at = models.DateTimeField()
    ended_at = moment()

    class Meta:
        indexes = [models.Index(fields=["began_at"], condition=~Q(state="ended"), name="call_live")]


class Heartbeat(models.Model):
    """A process's last sign of life."""

    process = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)
