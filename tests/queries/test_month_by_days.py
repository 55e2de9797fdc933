"""The days' sums are what counting everything anew gives, whatever happened and wherever the worker stands."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from liandong.actions import handle, index, receive, tally
from liandong.queries import figures, month, narrow
from liandong.records.models import DayCount, FindingMark, Matter, Order, Tally, Unit
from liandong.rules.access import Actor
from liandong.rules.say import Unable
from tests.actions.model import Custody, walk

CITY = "532300"
LAMP = "鹿城镇团山路的路灯坏了六盏"
SUPERVISOR = Actor(role="supervisor", person=1, city=CITY)


def settled() -> None:
    """As after the worker's rounds: every Event is counted, and every matter from before counting began."""
    index.fold()
    index.fold()
    while tally.catch_up():
        pass
    assert FindingMark.objects.get().all_counted


class Counted(Custody):
    """Anything may happen to matters while the worker counts them, sometimes, a step at a time."""

    at_once = a_killed_connection = None  # what they try has nothing to do with counting

    @rule(steps=st.integers(1, 3))
    def the_worker_comes_by(self, steps: int) -> None:
        for _ in range(steps):
            index.fold()
        tally.catch_up()

    @rule(seed=st.integers(0, 9))
    def its_desk_gives_an_order(self, seed: int) -> None:
        matter = Matter.objects.select_related("holder").get(pk=self.mine[seed % len(self.mine)])
        by = next((a for a in self.actors if a.desk == matter.holder.code), None)
        with suppress(Unable):
            self.act(handle.assign, matter, self.units[seed % 2], by=by)

    @rule(seed=st.integers(0, 9), nature=st.sampled_from(["report", "help"]))
    def it_becomes_secret_or_is_no_longer(self, seed: int, nature: str) -> None:
        matter = Matter.objects.select_related("holder").get(pk=self.mine[seed % len(self.mine)])
        by = next((a for a in self.actors if a.desk == matter.holder.code), None)
        with suppress(Unable):
            self.act(receive.record, matter, said="有人冒领救济款", nature=nature, by=by)

    @invariant()
    def the_days_say_what_counting_anew_says(self) -> None:
        today = timezone.localdate(self.clock.now)
        tail = narrow.tail().matters
        done = FindingMark.objects.filter(pk=1, all_counted=True).exists()
        for first in (today - timedelta(days=1), today - timedelta(days=40)):
            if done:
                assert figures.by_days(CITY, first, today, tail) == figures.anew(CITY, first, today)
        assert not DayCount.objects.filter(n__lt=0).exists()


@pytest.mark.slow
def test_whatever_happens_the_days_say_what_counting_anew_says(own_database):
    walk(Counted, runs=8, steps=30)
    settled()
    assert DayCount.objects.filter(n__gt=0, what="received").exists(), "something must have happened"
    assert Tally.objects.count() == Matter.objects.count()


def test_a_month_reads_the_same_before_and_after_the_worker_came_by(cast):
    cast.call(cast.lin, LAMP)
    settled()
    order = cast.act(handle.assign, cast.call(cast.lin, LAMP), Unit.objects.get(code=cast.duan.unit), by=cast.lin)
    cast.act(handle.remind, order, by=cast.lin)
    cast.call(cast.lin, "有人冒领救济款", nature="report")
    soon = order.sign_due_at + timedelta(minutes=1)
    unsigned = month.month(SUPERVISOR, order.assigned_at.date(), soon)
    assert soon < order.answer_due_at and unsigned.units[0].late == 1, "nobody has even signed"
    assert [(told.what, told.due_at) for told in unsigned.circular] == [(("late",), order.sign_due_at)]
    later = cast.clock.on(days=60)
    before = month.month(SUPERVISOR, order.assigned_at.date(), later)
    assert (before.received, before.units[0].orders, before.units[0].late, before.units[0].reminded) == (2, 1, 1, 1)
    assert [told.what for told in before.circular] == [("late",)]
    settled()
    assert month.month(SUPERVISOR, order.assigned_at.date(), later) == before


def test_who_signed_in_time_and_who_signed_late_is_counted_apart(cast):
    unit = Unit.objects.get(code=cast.duan.unit)
    orders = [cast.act(handle.assign, cast.call(cast.lin, f"{LAMP}{n}"), unit, by=cast.lin) for n in range(3)]
    cast.act(handle.sign, orders[0], by=cast.duan)
    cast.clock.now = orders[1].sign_due_at + timedelta(minutes=1)
    cast.act(handle.sign, orders[1], by=cast.duan)
    read = month.month(SUPERVISOR, orders[0].assigned_at.date(), cast.clock.now).units[0]
    assert (read.orders, read.signed, read.signed_late, read.late) == (3, 1, 1, 1), "the third nobody has signed"
    settled()
    assert month.month(SUPERVISOR, orders[0].assigned_at.date(), cast.clock.now).units[0] == read


def test_matters_from_before_counting_began_are_counted_step_by_step_and_until_then_anew(cast, monkeypatch):
    monkeypatch.setattr(tally, "BATCH", 2)
    made = [cast.call(cast.lin, f"{LAMP}{n}").pk for n in range(5)]
    index.fold()
    index.fold()
    Tally.objects.all().delete()
    DayCount.objects.all().delete()
    day = cast.clock.now.date()
    steps = 0
    while not FindingMark.objects.get().all_counted:
        assert figures.counts(CITY, day, day).total() == 5, "not complete: counted anew"
        tally.catch_up()
        steps += 1
    assert steps == 3 and Tally.objects.count() == len(made)
    assert DayCount.objects.get(city=CITY, day=day, what="received").n == 5
    assert figures.counts(CITY, day, day).total() == 5


def test_far_behind_the_worker_a_month_is_counted_anew(cast, monkeypatch):
    settled()
    monkeypatch.setattr(narrow, "TAIL_MOST", 1)
    cast.call(cast.lin, LAMP)
    day = cast.clock.now.date()
    assert narrow.tail().behind > 0
    assert figures.counts(CITY, day, day)["received", str(cast.desk("12345:532300").pk)] == 1


def test_an_erased_matter_stays_counted_once(cast):
    from liandong.actions import erase

    matter = cast.call(cast.lin, LAMP)
    Matter.objects.filter(pk=matter.pk).update(state="archived", due_at=None)
    settled()
    supervisor = Actor(role="supervisor", person=cast.lin.person, work_no="D001", city=CITY)
    cast.act(erase.erase, matter.contact, "本人要求", by=supervisor)
    settled()
    day = cast.clock.now.date()
    assert figures.by_days(CITY, day, day, ()).total() == 1


def test_the_circular_is_the_first_hundred_due_whatever_they_are_listed_for(cast):
    unit = Unit.objects.get(code=cast.duan.unit)
    orders = [cast.act(handle.assign, cast.call(cast.lin, f"{LAMP}{n}"), unit, by=cast.lin) for n in range(4)]
    for n, order in enumerate(orders):
        Order.objects.filter(pk=order.pk).update(answer_due_at=cast.clock.now + timedelta(hours=4 - n))
    Order.objects.filter(pk=orders[0].pk).update(supervised_at=cast.clock.now)
    Order.objects.filter(pk=orders[2].pk).update(supervised_at=cast.clock.now)
    page = month.month(SUPERVISOR, cast.clock.now.date(), cast.clock.now + timedelta(hours=2.5), most=3)
    assert not page.more and month.month(SUPERVISOR, cast.clock.now.date(), cast.clock.now, most=1).more
    assert [(told.matter, told.what) for told in page.circular] == [
        (orders[3].matter_id, ("late",)), (orders[2].matter_id, ("supervised", "late")), (orders[0].matter_id, ("supervised",)),
    ]  # fmt: skip


def test_the_circular_reads_on_past_orders_of_other_months_and_of_secret_matters(cast):
    unit = Unit.objects.get(code=cast.duan.unit)
    orders = [cast.act(handle.assign, cast.call(cast.lin, f"{LAMP}{n}"), unit, by=cast.lin) for n in range(12)]
    for n, order in enumerate(orders):
        Order.objects.filter(pk=order.pk).update(answer_due_at=cast.clock.now + timedelta(hours=n // 2))
        Matter.objects.filter(pk=order.matter_id).update(secret=n < 8)
    page = month.month(SUPERVISOR, cast.clock.now.date(), cast.clock.now + timedelta(days=9), most=2)
    assert {told.matter for told in page.circular} == {orders[8].matter_id, orders[9].matter_id} and page.more
