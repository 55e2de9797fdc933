"""A1, R3: when one call was taken apart, who tells the person what, and when at the latest."""

from datetime import UTC, datetime, timedelta

import pytest

from liandong.rules import together
from liandong.rules.together import Part

NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)
HOTLINE, POLICE, COUNTY = "12345:532300", "110:532301", "110:532302"


def part(state: str = "ready", holder: str = HOTLINE, **more) -> Part:
    return Part(more.pop("id", state), state, holder, **more)


@pytest.mark.parametrize(
    ("holders", "owes"),
    [
        ((HOTLINE, POLICE), HOTLINE),
        ((POLICE, POLICE), POLICE),
        ((POLICE, COUNTY), POLICE),
        ((COUNTY, HOTLINE, POLICE), HOTLINE),
    ],
)
def test_the_first_receiver_tells_while_it_holds_a_part_else_the_one_holder_else_the_holder_of_the_first_part(
    holders, owes
):
    assert together.teller(HOTLINE, POLICE, [part(holder=h) for h in holders]) == owes


@pytest.mark.parametrize(
    ("one", "stands"),
    [
        (part("receiving"), "open"),
        (part("held"), "open"),
        (part("handling"), "open"),
        (part("resolved"), "open"),
        (part("ready"), "ready"),
        (part("answered"), "told"),
        (part("merged"), "elsewhere"),
        (part("archived", closing="answered"), "told"),
        (part("archived", closing="silent"), "told"),
        (part("archived"), "told"),
        (part("archived", POLICE, closing="handled"), "known"),
        (part("archived", POLICE, closing="handled", told=True), "told"),
        (part("handling", POLICE, confidential=True), "apart"),
        (part("ready", HOTLINE, confidential=True), "ready"),
        (part("archived", POLICE, closing="handled", confidential=True), "apart"),
    ],
)
def test_where_a_part_stands_before_the_answer(one, stands):
    assert together.standing(one, HOTLINE) == stands


def test_it_is_complete_when_nothing_is_under_way_and_what_is_confidential_elsewhere_holds_nothing_back():
    secret = part("handling", POLICE, confidential=True)
    assert together.complete([part(), secret], HOTLINE)
    assert not together.complete([part(), part("held", POLICE)], HOTLINE)


def test_a_part_is_told_alone_for_danger_at_its_promised_time_or_when_it_is_the_last_of_who_tells():
    others = [part("handling", POLICE)]
    alone = together.may_tell_alone
    assert not alone(part("resolved"), others, HOTLINE, NOW)
    assert alone(part("resolved", danger=True), others, HOTLINE, NOW)
    assert alone(part("resolved", promised_at=NOW), others, HOTLINE, NOW)
    assert not alone(part("resolved", promised_at=NOW + timedelta(seconds=1)), others, HOTLINE, NOW)
    assert alone(part("resolved", POLICE, confidential=True), others, HOTLINE, NOW)
    assert alone(part("resolved"), [part("answered", POLICE)], HOTLINE, NOW)
    assert not alone(part("resolved", POLICE), [part("answered")], HOTLINE, NOW), "12345 tells, not the last holder"


def test_the_answer_waits_for_the_shared_limit_or_the_earliest_promise_but_never_ends_before_it_begins():
    limit = NOW + timedelta(days=3)
    assert together.latest(limit, [part()], NOW) == limit
    assert together.latest(limit, [part(promised_at=NOW + timedelta(days=1))], NOW) == NOW + timedelta(days=1)
    assert together.latest(limit, [part(promised_at=NOW - timedelta(days=1))], NOW) == NOW


def test_what_is_under_way_is_told_with_who_and_until_when():
    assert together.under_way("楚雄市人社局", NOW) == "还在办，由楚雄市人社局办理，最迟 11 月 18 日答复"
    assert together.under_way("110", None) == "还在办，由110办理，办好就告诉您"
