from django.db import migrations


class Migration(migrations.Migration):
    """Counting a knock must not wait for the disk; after a crash of the server, and on a standby, it begins at nothing."""

    dependencies = [
        ("records", "0027_partner_codes"),
    ]

    operations = [
        migrations.RunSQL("ALTER TABLE records_knock SET UNLOGGED", "ALTER TABLE records_knock SET LOGGED"),
    ]
