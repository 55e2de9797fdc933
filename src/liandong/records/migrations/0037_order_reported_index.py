from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of 0035's column, while desks write their orders. What an attempt that was broken off left behind is no index."""

    atomic = False

    dependencies = [
        ("records", "0036_finding_soonest"),
    ]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS order_reported", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("reported_at__isnull", False), ("state__in", ["assigned", "signed"])),
                fields=["reported_at"],
                name="order_reported",
            ),
        ),
    ]
