from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0033_channel_patience"),
    ]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="wrote_at",
            field=models.DateTimeField(
                blank=True, help_text="when somebody last typed there while wrapping up", null=True
            ),
        ),
    ]
