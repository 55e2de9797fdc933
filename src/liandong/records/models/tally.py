"""What a city's month is read from: how many of what on each day, and what each matter has been counted for."""

from django.db import models


class Tally(models.Model):
    """What a matter counts for (`rules.tally`), as last added to its city's days: the next time only the difference is
    added. Empty for a secret one."""

    matter = models.OneToOneField("records.Matter", models.CASCADE, primary_key=True, related_name="tally")
    shares = models.TextField()


class DayCount(models.Model):
    """How many of something on a day. `who` is a desk's or a unit's id, or a cause's code."""

    city = models.CharField(max_length=40)
    day = models.DateField()
    what = models.CharField(max_length=24)
    who = models.CharField(max_length=40)
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "day", "what", "who"], name="day_count_once")]
