from django.db import migrations


class Migration(migrations.Migration):
    """The count that matter numbers are cut from; a sequence, so that no call waits for another's commit."""

    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE records_matter_number; SELECT setval('records_matter_number', 1)",
            "DROP SEQUENCE records_matter_number",
        ),
    ]
