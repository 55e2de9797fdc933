"""The numbers of a day: one to a matter, also where a transaction that began the day was taken back."""

from datetime import date

import pytest
from django.db import transaction

from liandong.actions import intake
from liandong.records.models import DayNumber
from tests.cast import CHUXIONG

DAY = date(2026, 11, 18)


class TakenBack(Exception):
    """Ends a transaction as any refusal does."""


@pytest.fixture
def processes(own_database, monkeypatch):
    """Two processes of one node: what each remembers of the day is its own."""
    remembered = {"one": {}, "other": {}}

    def draws(process: str) -> str:
        monkeypatch.setattr(intake, "_bases", remembered[process])
        return intake.next_number(CHUXIONG, DAY)

    return draws


def test_a_day_whose_first_matter_was_taken_back_gives_no_number_twice(processes):
    with pytest.raises(TakenBack), transaction.atomic():
        processes("one")
        raise TakenBack
    assert not DayNumber.objects.exists() and intake._bases == {}
    drawn = [processes(who) for who in ("other", "one", "other", "one", "one", "other")]
    assert drawn == [f"1118-{n:04d}" for n in range(1, 7)]


def test_the_base_of_a_day_is_remembered_once_its_row_is_committed(processes):
    with transaction.atomic():
        processes("one")
        assert intake._bases == {}
    base = DayNumber.objects.get(city=CHUXIONG, day=DAY).base
    assert intake._bases == {(CHUXIONG, DAY): base}
