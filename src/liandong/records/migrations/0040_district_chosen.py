from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a person chose the district: words and the call's position then give way to it."""

    dependencies = [
        ("records", "0039_transcripts"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="district_chosen",
            field=models.BooleanField(db_default=False, default=False, help_text="by a person's hand"),
        ),
    ]
