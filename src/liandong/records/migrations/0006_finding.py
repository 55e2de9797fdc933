import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import liandong.records.columns


class Migration(migrations.Migration):
    """What finding reads: an index built after the acts, how far it is, people's own views, where old matters came from."""

    dependencies = [("records", "0005_told_together")]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="finding",
                        serialize=False,
                        to="records.matter",
                    ),
                ),
                ("city", models.CharField(max_length=40)),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, help_text="empty once the matter has ended", null=True)),
                ("lexemes", liandong.records.columns.Lexemes()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["lexemes"], gin_pending_list_limit=512, name="finding_lexemes"
                    ),
                    models.Index(fields=["city", "-received_at", "-matter"], name="finding_recent"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["city", "due_at", "matter"],
                        name="finding_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upto", models.BigIntegerField(default=0)),
                ("ahead", models.BigIntegerField(default=0)),
                ("transaction", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Imported",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="imported",
                        serialize=False,
                        to="records.matter",
                    ),
                ),
                ("city", models.CharField(max_length=40)),
                (
                    "source",
                    models.CharField(help_text="the other system's name, as the column map says", max_length=40),
                ),
                ("their_id", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("city", "source", "their_id"), name="imported_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20)),
                ("asked", models.CharField(max_length=600)),
                ("place", models.PositiveSmallIntegerField(help_text="1 stands first")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="views", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "name"), name="saved_view_name_once")],
            },
        ),
        migrations.RunSQL("CREATE SEQUENCE records_imported_number", "DROP SEQUENCE records_imported_number"),
        # The planner must know how common a piece is: a desk's own mark stands in most rows, a word in a few.
        migrations.RunSQL(
            "ALTER TABLE records_finding ALTER COLUMN lexemes SET STATISTICS 1000",
            "ALTER TABLE records_finding ALTER COLUMN lexemes SET STATISTICS -1",
        ),
    ]
