from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a version was made stays with it when it is published."""

    dependencies = [
        ("records", "0037_order_reported_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="packrelease",
            name="note",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="why, from its draft", max_length=200
            ),
        ),
    ]
