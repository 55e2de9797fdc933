from django.db import migrations, models


class Migration(migrations.Migration):
    """An order past its limit that the duty office was told of."""

    dependencies = [
        ("records", "0034_seat_wrote_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="reported_at",
            field=models.DateTimeField(
                blank=True, help_text="报总值班室: past its limit, told to the duty office", null=True
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="reported_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="the desk or the unit that told it",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="reported_seat",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
