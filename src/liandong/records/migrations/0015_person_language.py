from django.db import migrations, models


class Migration(migrations.Migration):
    """The language a person reads the pages in, on every machine."""

    dependencies = [
        ("records", "0014_files_and_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="language",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="what the pages speak to them; empty: what their browser was told",
                max_length=10,
            ),
        ),
    ]
