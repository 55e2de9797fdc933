"""Administration: keys of other systems, drafts of packs, seats and units as people keep them, sessions that end."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SETTLED = "UPDATE records_packrelease SET settled_at = published_at"


class Migration(migrations.Migration):
    dependencies = [("records", "0006_finding")]

    operations = [
        migrations.AddField(
            "packrelease",
            "settled_at",
            models.DateTimeField(
                blank=True, null=True, help_text="when the desks and units became those of this release"
            ),
        ),
        migrations.AddField(
            "packrelease",
            "withdrawn_at",
            models.DateTimeField(blank=True, null=True, help_text="taken back before its day came"),
        ),
        migrations.RunSQL(SETTLED, migrations.RunSQL.noop),
        migrations.AddField(
            "person",
            "must_change_password",
            models.BooleanField(default=False, help_text="signed in with a printed initial password"),
        ),
        migrations.AddField(
            "person",
            "session_epoch",
            models.PositiveIntegerField(default=0, help_text="one more ends every session of this person"),
        ),
        migrations.AddField("seat", "out_of_service", models.BooleanField(default=False)),
        migrations.AddField(
            "seat",
            "session",
            models.CharField(
                blank=True,
                default="",
                max_length=64,
                help_text="digest of the sign-in that sits here; empty while any of this person's may",
            ),
        ),
        migrations.AddField(
            "seat",
            "skills",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField("unit", "contact", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("unit", "contact_phone", models.CharField(blank=True, default="", max_length=20)),
        migrations.AddField("unit", "hours", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField(
            "unit",
            "linked",
            models.BooleanField(default=True, help_text="it reads its orders here; else a person is rung up"),
        ),
        migrations.CreateModel(
            "PackDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=40)),
                ("pack", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("effective_on", models.DateField()),
                ("files", models.JSONField(help_text="file name -> text, as read")),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("city", "digest"), name="draft_once_per_city")]},
        ),
        migrations.CreateModel(
            "SystemKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("begins", models.CharField(max_length=12, help_text="first letters, by which people tell keys apart")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["city", "-made_at"], name="key_of_city")]},
        ),
    ]
