from django.db import migrations, models


class Migration(migrations.Migration):
    """Finding is sorted like a desk's own list: by what runs out first, a matter's own limit or its lead's."""

    dependencies = [
        ("records", "0035_order_reported"),
    ]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="due_at",
            field=models.DateTimeField(
                blank=True,
                help_text="its own limit or its lead's, whichever runs out first; empty once the matter has ended",
                null=True,
            ),
        ),
        migrations.RunSQL(
            """UPDATE records_finding f SET due_at = m.lead_due_at FROM records_matter m
                WHERE m.id = f.matter_id AND f.due_at IS NOT NULL AND m.lead_due_at < f.due_at""",
            migrations.RunSQL.noop,
        ),
    ]
