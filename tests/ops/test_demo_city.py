"""The demo city is lived through by the product's own actions."""

from datetime import timedelta

from liandong.ops.demo import PLAYERS, make_city
from liandong.ops.prepare import sign_in_table
from liandong.records.models import Demand, Event, Matter, Person, Seat
from liandong.rules import chain
from tests.cast import NOON, publish_both


def test_the_demo_city_holds_people_seats_and_a_day_of_matters_in_every_state(db):
    publish_both(NOON - timedelta(days=3))
    assert make_city(NOON)
    assert Person.objects.filter(is_demo=True).count() == len(PLAYERS)
    assert {"held", "handling", "resolved", "archived"} <= set(Matter.objects.values_list("state", flat=True))
    assert {"532300", "510400"} == set(Matter.objects.values_list("city", flat=True))
    assert set(Seat.objects.values_list("presence", flat=True)) == {"off"}
    assert not Demand.objects.filter(state="open").exists(), "nobody signs in to a danger of the demo's making"
    for matter in Matter.objects.all():
        rows = Event.objects.filter(matter=matter).order_by("seq").values_list("seq", "body", "before", "digest")
        assert chain.first_break(rows) is None, matter.number
    assert not make_city(NOON), "a city that is there is left alone"


def test_the_sign_ins_printed_say_where_in_words_and_stand_in_columns(db):
    publish_both(NOON - timedelta(days=3))
    make_city(NOON)
    lines = sign_in_table()
    assert len(lines) == len(PLAYERS)
    assert any(line.startswith("lin") and "楚雄州 12345 07 席" in line for line in lines)
    assert any(line.startswith("he ") and "攀枝花市 12345 01 席" in line for line in lines)
    assert any(line.startswith("su ") and "楚雄州" in line for line in lines)
    assert not any(":" in line or "5323" in line for line in lines), "codes are for machines"
    starts = {_wide(line[: line.index(name)]) for line, name in zip(lines, _names(lines), strict=True)}
    assert len(starts) == 1


def _names(lines: list[str]) -> list[str]:
    return [line.split()[-1] for line in lines]


def _wide(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
