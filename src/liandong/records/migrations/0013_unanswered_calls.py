from django.db import migrations, models


class Migration(migrations.Migration):
    """The board's calls that nobody answered, however many contacts there are."""

    dependencies = [
        ("records", "0012_parts_and_listening"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)), fields=["id"], name="contact_unanswered"
            ),
        ),
    ]
