from django.db import migrations, models


class Migration(migrations.Migration):
    """Finding is sorted like a desk's own list: by what runs out first, a matter's own limit or its lead's. The worker that
    knows it writes it to the rows that stand (`index.sooner`)."""

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
    ]
