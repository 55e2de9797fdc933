"""The matter: one thing a person wants, with exactly one holder."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least

from liandong.records.columns import code, due_index, moment, state_is_known, text, waits_with_a_due_time

DANGERS = ("none", "raised", "lowered")
SOONEST = Least("late_at", "due_at", "lead_due_at")
"""`Matter.limit_at` as the database sorts by it."""


class Matter(models.Model):
    """事项. `holder` moves only by acceptance or designation, `first_receiver` (首接) never; `seq` counts its Events and
    is the lock every act takes first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=20, help_text="1118-0427: read aloud; unique within its year and city")
    query_code = models.CharField(max_length=12, help_text="what the citizen asks by")
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=12)
    holder = models.ForeignKey("records.Desk", models.PROTECT, related_name="held")
    first_receiver = models.ForeignKey("records.Desk", models.PROTECT, related_name="first_received")
    seat = models.ForeignKey(
        "records.Seat", models.PROTECT, null=True, blank=True, help_text="who has it on the screen"
    )
    contact = models.ForeignKey("records.Contact", models.PROTECT, related_name="matters")
    pack = models.ForeignKey("records.PackRelease", models.PROTECT, help_text="in force at receipt; judges it for good")

    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", help_text="分开办")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    title = code(120)
    said = text(help_text="what the person said, as written down")
    answers = models.JSONField(default=dict, help_text="answers to the questions asked")
    written = models.BooleanField(default=False, db_default=False, help_text="it came as a letter (R2)")
    kind = code(20)
    item = code(20)
    nature = models.CharField(max_length=12, default="help", help_text="inquiry, help, complaint, report, suggestion")
    district = code(6)
    district_chosen = models.BooleanField(default=False, db_default=False, help_text="by a person's hand")
    place = code(120)
    secret = models.BooleanField(default=False)
    source_hidden = models.BooleanField(
        default=False, help_text="told in confidence: only the first desk knows by whom"
    )
    danger = models.CharField(max_length=8, default="none")
    danger_at = moment()
    closing = code(16)
    answer = text(help_text="what was told to the person, in words that may be told")
    outcome = text(help_text="the releasable sentence both platforms may read (A2)")
    solved = models.BooleanField(null=True, blank=True)

    received_at = models.DateTimeField()
    answer_due_at = moment(help_text="the citizen's clock: set once at receipt of the first order, never reset")
    due_at = moment(help_text="the next step by itself")
    late_at = moment(help_text="the limit of the step it stands at, once that has run out and its desk is reminded")
    lead_due_at = moment(help_text="the lead unit's own limit that runs: to sign, then to answer")
    reminded = models.PositiveSmallIntegerField(default=0)
    archived_at = moment()
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, help_text="digest of its last Event")
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            state_is_known("matter"),
            waits_with_a_due_time("matter"),
            models.CheckConstraint(condition=Q(danger__in=DANGERS), name="matter_danger_is_known"),
            models.UniqueConstraint(fields=["city", "year", "number"], name="matter_number_once_a_year"),
            models.UniqueConstraint(
                fields=["query_code"], condition=Q(part_of__isnull=True), name="matter_query_code_once"
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | ~Q(state="merged"),
                name="matter_merged_into_one",
            ),
        ]
        indexes = [
            due_index("matter"),
            models.Index(fields=["holder", "due_at"], condition=~Q(state="archived"), name="matter_open_at_desk"),
            models.Index(
                F("holder"),
                SOONEST,
                F("id"),
                condition=~Q(state__in=["archived", "merged", "receiving"]),
                name="matter_by_limit",
            ),
            models.Index(
                F("holder"),
                SOONEST,
                F("id"),
                condition=Q(state="held", written=True),
                name="matter_letters_by_limit",
            ),
            models.Index(
                fields=["holder", "received_at"], condition=Q(state__in=["receiving", "held"]), name="matter_undecided"
            ),
            models.Index(fields=["seat"], condition=~Q(state="archived"), name="matter_at_seat"),
            models.Index(fields=["city", "-received_at"], name="matter_recent"),
            models.Index(
                fields=["city", "place", "-received_at"],
                condition=~Q(state="archived") & ~Q(place=""),
                name="matter_open_at_place",
            ),
            models.Index(fields=["city", "danger_at"], condition=Q(danger="raised"), name="matter_in_danger"),
        ]

    @property
    def limit_at(self) -> datetime | None:
        """What runs out first, its own limit or its lead's. One that has run out counts, not the day of the next reminder."""
        return min(filter(None, (self.late_at, self.due_at, self.lead_due_at)), default=None)


class Link(models.Model):
    """关联: two matters that belong together, of one desk or of two organisations. Each keeps its holder; the earlier one's
    first receiver is 首接 of both."""

    earlier = models.ForeignKey(Matter, models.PROTECT, related_name="links_later")
    later = models.ForeignKey(Matter, models.PROTECT, related_name="links_earlier")
    why = code(200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="link_once"),
            models.CheckConstraint(condition=~Q(earlier=models.F("later")), name="link_two_matters"),
        ]


class DayNumber(models.Model):
    """Where a city's count of the day begins in the sequence of matter numbers, so that numbers start at 1 each day
    and no call waits for another's commit."""

    city = models.CharField(max_length=40)
    day = models.DateField()
    base = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "day"], name="day_number_once")]
