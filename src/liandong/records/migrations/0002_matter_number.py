from django.db import migrations


class Migration(migrations.Migration):
    """The count that matter numbers are cut from; a sequence, so that no call waits for another's commit."""

    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE records_matter_number", "DROP SEQUENCE records_matter_number"),
    ]
