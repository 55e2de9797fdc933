from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0025_reconciliation"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outboxmessage",
            index=BrinIndex(fields=["made_at"], name="outbox_made"),
        ),
    ]
