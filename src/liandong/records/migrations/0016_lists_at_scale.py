import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a unit's list and the open matters of a place read by, at 100,000 open of 3,000,000."""

    dependencies = [
        ("records", "0015_person_language"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(
                    models.Q(("state", "archived"), _negated=True), models.Q(("place", ""), _negated=True)
                ),
                fields=["city", "place", "-received_at"],
                name="matter_open_at_place",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                models.F("unit"),
                django.db.models.lookups.IsNull(models.F("supervised_at"), True),
                models.F("due_at"),
                condition=models.Q(("state__in", ("assigned", "signed", "suspended", "frozen"))),
                name="order_of_unit",
            ),
        ),
    ]
