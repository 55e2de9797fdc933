from django.db import migrations

ANEW = "UPDATE records_findingmark SET all_counted = false, counted_upto = NULL"


class Migration(migrations.Migration):
    """The days count anew from the first matter: whether a unit signed in time is now among what they count. Until that is
    done months are counted from the records."""

    dependencies = [
        ("records", "0040_district_chosen"),
    ]

    operations = [migrations.RunSQL(ANEW, migrations.RunSQL.noop)]
