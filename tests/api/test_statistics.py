"""Figures for another system: those of the supervisor's month, of the key's own city, and of nobody by name."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from liandong.actions import handle, index, transfer
from liandong.queries import month
from liandong.records.models import FindingMark, Matter, Unit
from liandong.rules.access import Actor
from tests.api.conftest import Machine, key_of, why
from tests.api.test_matters import sends
from tests.cast import CHUXIONG

WATER = "12345:532300"
"""Who should take it instead."""


def asks(machine: Machine, first: date | None = None, last: date | None = None):
    today = timezone.localdate()
    return machine.get("statistics", first=first or today, last=last or today)


@pytest.fixture
def busy(cast):
    """A day of 楚雄: two matters, one offered and declined, one with an order handed back; and a secret one."""
    first, second = cast.call(cast.lin, "路灯坏了"), cast.call(cast.lin, "水管漏水")
    offer = cast.act(transfer.offer, first, cast.desk("110:532301"), by=cast.lin, consent=True)
    cast.act(transfer.decline, offer, "outside_scope", WATER, by=cast.yue)
    order = cast.act(handle.assign, second, Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    cast.act(handle.hand_back, order, "not_our_duty", cast.lei.unit, "不归我们", by=cast.duan)
    Matter.objects.filter(pk=cast.call(cast.lin, "举报").pk).update(secret=True)
    return cast


def test_the_figures_are_those_of_the_supervisor_s_month_whether_summed_by_days_or_counted_anew(busy, machine):
    anew = asks(machine).json()
    assert (anew["received"], anew["causes"]) == (2, {"not_our_duty": 1, "outside_scope": 1})
    assert {d["code"]: (d["received"], d["offered"]) for d in anew["desks"]} == {
        "12345:532300": (2, {}), "110:532301": (0, {"declined": 1})}  # fmt: skip
    (unit,) = anew["units"]
    assert (unit["code"], unit["orders"], unit["returned"]) == (busy.duan.unit, 1, 1)
    assert (unit["signed"], unit["signed_late"]) == (0, 0), "handed back unsigned"
    page = month.month(Actor("supervisor", city=CHUXIONG), timezone.localdate(), timezone.now())
    assert page.received == anew["received"] and dict(page.causes) == anew["causes"]
    FindingMark.objects.update_or_create(pk=1, defaults={"all_counted": True})
    index.fold()
    assert asks(machine).json() == anew


def test_what_a_system_sends_is_counted_and_other_days_are_not(cast, machine):
    sends(machine)
    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    assert asks(machine).json()["received"] == 1
    assert asks(machine, yesterday, yesterday).json() == {
        "first": f"{yesterday}", "last": f"{yesterday}", "received": 0, "desks": [], "units": [], "causes": {}}  # fmt: skip
    assert asks(machine, today - timedelta(days=365), today).json()["received"] == 1


@pytest.mark.parametrize(
    ("days", "code"),
    [({"first": "2026-11-02", "last": "2026-11-01"}, "invalid.api_days"),
     ({"first": "2025-01-01", "last": "2026-11-01"}, "invalid.api_days"),
     ({"first": "1999-01-01", "last": "1999-01-02"}, "invalid.api_fields"), ({"first": "2026-11-01"}, "invalid.api_fields"),
     ({"first": "today", "last": "2026-11-01"}, "invalid.api_fields")],
)  # fmt: skip
def test_days_that_cannot_be_asked_are_refused(cast, days, code):
    answer = Machine(key_of(CHUXIONG, "statistics").secret).get("statistics", **days)
    assert (answer.status_code, why(answer)) == (422, code)
