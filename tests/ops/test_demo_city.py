"""The demo city is lived through by the product's own actions."""

from datetime import timedelta

from liandong.ops.demo import SIGN_INS, make_city
from liandong.records.models import Demand, Event, Matter, Person, Seat
from liandong.rules import chain
from tests.cast import NOON, publish_both


def test_the_demo_city_holds_people_seats_and_a_day_of_matters_in_every_state(db):
    publish_both(NOON - timedelta(days=3))
    assert make_city(NOON)
    assert Person.objects.filter(is_demo=True).count() == len(SIGN_INS)
    assert {"held", "handling", "resolved", "archived"} <= set(Matter.objects.values_list("state", flat=True))
    assert {"532300", "510400"} == set(Matter.objects.values_list("city", flat=True))
    assert set(Seat.objects.values_list("presence", flat=True)) == {"off"}
    assert not Demand.objects.filter(state="open").exists(), "nobody signs in to a danger of the demo's making"
    for matter in Matter.objects.all():
        rows = Event.objects.filter(matter=matter).order_by("seq").values_list("seq", "body", "before", "digest")
        assert chain.first_break(rows) is None, matter.number
    assert not make_city(NOON), "a city that is there is left alone"
