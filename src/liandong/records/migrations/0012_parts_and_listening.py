import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

ORDERS = ("dial_in", "ring", "answer", "transfer", "three_way", "leave", "hold", "unhold", "mute", "unmute", "call_back",
          "hang_up", "listen")  # fmt: skip


class Migration(migrations.Migration):
    """Who takes which part, said in a conference; a leader who listens, seen by the seat; what is late and in danger by index."""

    dependencies = [
        ("records", "0011_articles"),
    ]

    operations = [
        migrations.AddField(
            model_name="conference",
            name="parts",
            field=models.JSONField(blank=True, default=dict, help_text="kind → {first, other}: desk each side names"),
        ),
        migrations.RemoveConstraint(model_name="voiceorder", name="voice_order_is_known"),
        migrations.AddConstraint(
            model_name="voiceorder",
            constraint=models.CheckConstraint(condition=Q(kind__in=ORDERS), name="voice_order_is_known"),
        ),
        migrations.CreateModel(
            name="Listening",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="listenings", to="records.matter"
                    ),
                ),
                ("call", models.UUIDField()),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.desk"),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        help_text="who is listened to",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listenings",
                        to="records.seat",
                    ),
                ),
                (
                    "leader_seat",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.seat"),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("why", models.TextField(blank=True, default="")),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, help_text="when the seat's page has shown it", null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at__isnull=True), fields=("call",), name="listening_one_a_call"
                    ),
                    models.UniqueConstraint(
                        condition=Q(ended_at__isnull=True), fields=("leader_seat",), name="listening_one_a_leader"
                    ),
                ],
                "indexes": [
                    models.Index(condition=Q(ended_at__isnull=True), fields=["matter"], name="listening_open"),
                ],
            },
        ),
        migrations.AddIndex(model_name="transfer", index=models.Index(fields=["offered_at"], name="transfer_offered")),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(condition=Q(danger="raised"), fields=["city", "danger_at"], name="matter_in_danger"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=Q(state__in=["assigned", "signed"]), fields=["answer_due_at"], name="order_answers"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(condition=Q(state="assigned"), fields=["sign_due_at"], name="order_unsigned"),
        ),
    ]
