from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Least

SINCE = """
    UPDATE records_matter m SET late_at = (
        SELECT e.at FROM records_event e WHERE e.matter_id = m.id AND e.kind = 'matter.reminded'
         ORDER BY e.seq DESC OFFSET m.reminded - 1 LIMIT 1)
     WHERE m.reminded > 0 AND m.state IN ('receiving', 'held', 'handling', 'resolved', 'ready', 'answered')
"""
"""Its first reminder at this step came when the limit ran out."""


class Migration(migrations.Migration):
    """A matter whose limit ran out keeps it while its desk is reminded, and stands by it in every list."""

    atomic = False

    dependencies = [
        ("records", "0042_recordings"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="late_at",
            field=models.DateTimeField(
                blank=True,
                help_text="the limit of the step it stands at, once that has run out and its desk is reminded",
                null=True,
            ),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS matter_by_limit", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="matter",
            index=models.Index(
                models.F("holder"),
                Least("late_at", "due_at", "lead_due_at"),
                models.F("id"),
                condition=models.Q(("state__in", ["archived", "merged", "receiving"]), _negated=True),
                name="matter_by_limit",
            ),
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS matter_letters_by_limit", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="matter",
            index=models.Index(
                models.F("holder"),
                Least("late_at", "due_at", "lead_due_at"),
                models.F("id"),
                condition=models.Q(("state", "held"), ("written", True)),
                name="matter_letters_by_limit",
            ),
        ),
        RemoveIndexConcurrently(model_name="matter", name="matter_by_time_left"),
        RemoveIndexConcurrently(model_name="matter", name="matter_letters"),
    ]
